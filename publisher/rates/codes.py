"""Why a rate is doubted: every code of this room with its sentence, for `publisher check --explain`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

DOUBTS: Mapping[str, str] = MappingProxyType(
    {
        "R301": "A value of last week under today's date misleads whoever counts on it.",
        "R302": "Currencies seldom move so far; a slipped digit and a wrong list do.",
        "R303": "When two sources lie further apart than banks do, one of them is wrong.",
        "R304": "A value with too few digits cannot be turned round without inventing some.",
        "R305": "Of two values for one pair only one can be right.",
        "R306": "A number that can be read in two ways, or in none, is no rate.",
        "R307": "Nothing, less than nothing and no number are no rates.",
        "R308": "A source that answers for another day than was asked for may be showing anything.",
        "R309": "A value far from a decree may be the end of the decree, or a fault.",
        "R310": "A past day does not change; a source that says so was wrong once.",
        "R311": "The change that a page states is not the one that its own values make.",
        "R312": "A currency nobody has a value for leaves a hole at the top of the letter.",
        "R313": "No change can be told of a value that holds for no day.",
        "R314": "A currency of the table without a value is missed by those who look for it.",
        "R320": "A line of rates/history.csv that cannot be used would leave a day out.",
        "R321": "A line of rates/accepted.csv that cannot be used would ask an editor again.",
    }
)
