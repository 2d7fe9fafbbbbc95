"""European Central Bank: foreign money for one euro, about 16:00 CET on working days.

It has none of the five currencies of Central Asia and no rouble since 2022; it serves tables
whose base is the euro.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from publisher.rates.models import Quote
from publisher.rates.sources.protocol import Client, Pair
from publisher.rates.sources.reading import Printed, Sheet, documented, each_once, in_foreign, read_xml

_CUBE = "{http://www.ecb.int/vocabulary/2002-08-01/eurofxref}Cube"


@dataclass(frozen=True)
class Ecb:
    """The bank's reference rates of its last working day."""

    url: str = "https://www.ecb.europa.eu"
    title: str = "ECB"
    latest_only: bool = True

    def fetch(self, pairs: Sequence[Pair], day: date, client: Client) -> tuple[Quote, ...]:  # noqa: ARG002  # it knows one day
        """Ask for the latest list."""
        if not any("EUR" in pair for pair in pairs):
            return ()
        data = client.get(f"{self.url}/stats/eurofxref/eurofxref-daily.xml")
        with documented(self.title):
            (dated,) = (cube for cube in read_xml(data).iter(_CUBE) if "time" in cube.attrib)
            answered = date.fromisoformat(dated.attrib["time"])
            printed = each_once((cube.attrib["currency"], Printed(cube.attrib["rate"])) for cube in dated)
        return in_foreign(printed, "EUR", pairs, Sheet(self.title, answered))
