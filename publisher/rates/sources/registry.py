"""The sources by the names they have in publication.toml, in the order set there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from publisher.errors import ConfigurationError
from publisher.rates.settings import RatesSettings, SourceName
from publisher.rates.sources.cbu import Cbu
from publisher.rates.sources.currency_api import CurrencyApi
from publisher.rates.sources.ecb import Ecb
from publisher.rates.sources.file import RatesListFile
from publisher.rates.sources.frankfurter import Frankfurter
from publisher.rates.sources.lines import EditorLines
from publisher.rates.sources.nbk import Nbk
from publisher.rates.sources.nbkr import Nbkr
from publisher.rates.sources.nbt import Nbt
from publisher.rates.sources.protocol import Source

_ONLINE: Mapping[str, Callable[..., Source]] = {
    "nbkr": Nbkr,
    "nbk": Nbk,
    "cbu": Cbu,
    "nbt": Nbt,
    "frankfurter": Frankfurter,
    "ecb": Ecb,
    "currency-api": CurrencyApi,
}
_LOCAL: Mapping[str, Callable[[Path, str], Source]] = {"file": RatesListFile, "lines": EditorLines}


def chosen_sources(settings: RatesSettings, root: Path) -> tuple[Source, ...]:
    """Make the sources of a publication; `root` is where its relative paths begin.

    Raises ConfigurationError when a local source is named without its file.
    """
    return tuple(_source(name, settings, root) for name in settings.sources)


def _source(name: SourceName, settings: RatesSettings, root: Path) -> Source:
    if name in _LOCAL:
        if not settings.file:
            hint = 'add file = "rates/desk.csv" below [rates]'
            raise ConfigurationError(f"The rates source {name!r} needs a file", hint=hint)
        return _LOCAL[name](root / settings.file, settings.file)
    make = _ONLINE[name]
    return make(settings.urls[name].rstrip("/")) if name in settings.urls else make()
