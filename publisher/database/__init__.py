"""One URL, one database: SQLite by default, PostgreSQL when there is more than one machine.

`engines` opens it, `migrating` makes its tables, `transactions` reads and writes, `columns` holds what both
databases mean alike, `copies` backs it up, `scrubbing` wipes the traces of what was deleted.
"""

from publisher.database.columns import BigId, Moment, metadata
from publisher.database.copies import backup
from publisher.database.engines import is_begun, open_engine
from publisher.database.migrating import migrate
from publisher.database.scrubbing import scrub
from publisher.database.transactions import insert_into, reading, take_turns, writing

__all__ = [
    "BigId",
    "Moment",
    "backup",
    "insert_into",
    "is_begun",
    "metadata",
    "migrate",
    "open_engine",
    "reading",
    "scrub",
    "take_turns",
    "writing",
]
