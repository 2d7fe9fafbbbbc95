"""An issue's rates.yml: the model of the rates' room, and where each of its numbers stands."""

from __future__ import annotations

from publisher.content import marked_yaml
from publisher.content.marked import Marked
from publisher.content.validation import validate
from publisher.rates.models import RatesFile
from publisher.rates.notation import ticker_fields
from publisher.rates.quote import Place

_EXAMPLE = "quotes: and below it, each behind a hyphen, - USD/KGS = 87.45"


def parse_rates(text: str, file: str) -> RatesFile:
    """Read the file's text. Raises InputError with file:line:column of everything that is wrong."""
    marked = marked_yaml.load(text, file, example=_EXAMPLE)
    rates = validate(RatesFile, marked)
    places = _places(marked)
    return rates.model_copy(update={"quotes": tuple(q.at(places[q.pair]) for q in rates.quotes)})


def _places(marked: Marked) -> dict[str, Place]:
    """The first place of every pair: its value, or the ticker line that holds it."""
    places: dict[str, Place] = {}
    for position, entry in enumerate(marked.data.get("quotes", ())):
        fields = ticker_fields(entry) if isinstance(entry, str) else entry
        mark = marked.value_mark(("quotes", position, "value"))
        if fields:
            places.setdefault(f"{fields['base']}/{fields['quote']}", Place(marked.file, *mark))
    return places
