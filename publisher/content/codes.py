"""Why a file cannot be used: every code of the loader with its sentence, for `publisher check --explain`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

LOADING: Mapping[str, str] = MappingProxyType(
    {
        "F101": "A file that is missing, too large or not UTF-8 cannot be read without guessing.",
        "F102": "The fields stand between two lines of hyphens at the top of the file.",
        "F103": "What the parser cannot follow has no sure meaning; quotes help more often than not.",
        "F104": "A field that nobody knows would be passed over in silence.",
        "F105": "Without this field there is nothing to publish.",
        "F106": "A value of another kind than its field's cannot be used.",
        "F107": "Folders are named after days and files after places, so that the order is plain.",
        "F108": "An issue has at least one article, and no more than a reader can bear.",
        "F109": "Every story stands in a section that publication.toml names once.",
        "F110": "An id or an address that is used twice leads readers to the wrong story.",
        "F111": "A picture must be there, be whole, and be of a kind that every mail program shows.",
        "F112": "An issue that is there is never overwritten, and one that is not there cannot be published.",
        "F113": "Beyond a hundred levels of lists and quotations, programs lose text without a word.",
        "F114": "A secret in a file of the repository is in its history for ever.",
        "F115": "A letter cannot be called back, so one that is written ahead leaves only by its issue's name.",
        "F201": "Only text can become an issue: a page, a document, a feed.",
        "I001": "An import was unsure here; a person decides before anybody reads it.",
        "I002": "A remark that never ends would hide the rest of the story.",
    }
)
