"""National Bank of Tajikistan: somoni for foreign money.

Weekends carry the last rate. Asked for a day it does not have, it answers with TODAY and says
so only in the `Date` attribute; that date is taken for what it is, and the gate on dates stops it.
`CharCode` names the currency; the numeric `ID` has been wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from publisher.rates.models import Quote
from publisher.rates.sources.protocol import Client, Pair
from publisher.rates.sources.reading import Printed, Sheet, documented, each_once, in_local, read_xml


@dataclass(frozen=True)
class Nbt:
    """The bank's XML export."""

    url: str = "https://www.nbt.tj"
    title: str = "NBT"
    latest_only: bool = False

    def fetch(self, pairs: Sequence[Pair], day: date, client: Client) -> tuple[Quote, ...]:
        """Ask for the day's list."""
        if not any("TJS" in pair for pair in pairs):
            return ()
        data = client.get(f"{self.url}/en/kurs/export_xml.php?date={day.isoformat()}&export=xmlout")
        with documented(self.title):
            root = read_xml(data)
            answered = date.fromisoformat(root.attrib["Date"])
            printed = each_once(
                (
                    item.findtext("CharCode", ""),
                    Printed(item.findtext("Value", ""), item.findtext("Nominal", "")),
                )
                for item in root.iter("Valute")
            )
        return in_local(printed, "TJS", pairs, Sheet(self.title, answered))
