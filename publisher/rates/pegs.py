"""Values fixed by decree. Market feeds print noise around them: the decree is what is true.

The manat has stood at 3.50 to the dollar since 1 January 2015, by the Central Bank of
Turkmenistan; feeds have printed 3.43 to 3.51 for it within one weekend.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from publisher.rates.models import Kind, Quote
from publisher.rates.settings import PegRule


def rule_for(rules: Iterable[PegRule], one: str, other: str, day: date) -> PegRule | None:
    """The latest decree about the two currencies that was in force on the day."""
    sides = {one, other}
    holding = [rule for rule in rules if {rule.base, rule.local} == sides and rule.since <= day]
    return max(holding, key=lambda rule: rule.since, default=None)


def decreed(rule: PegRule, day: date) -> Quote:
    """The decree as that day's quote."""
    return Quote(
        base=rule.base, quote=rule.local, value=rule.value, as_of=day, source=rule.authority, kind=Kind.PEG
    )
