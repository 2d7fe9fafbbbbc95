"""What letter and pages are weighed by: every code of this room with its sentence, for `publisher check --explain`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

LOOKS: Mapping[str, str] = MappingProxyType(
    {
        "L101": "Gmail hides the end of a long letter, and with it the link by which a reader can leave.",
        "L102": "A letter near Gmail's limit loses its end when a relay adds a few lines.",
        "L103": "A letter over Gmail's limit is clipped, whatever else is right with it.",
        "L104": "Words in the form of a slot would be replaced by one reader's private address.",
        "L201": "A letter that mail programs cannot show as it was meant never leaves.",
        "S101": "On a telephone far from a mast every page has to come in seconds.",
        "S201": "A page must work for everybody: with a keyboard, a screen reader, without pictures.",
    }
)
