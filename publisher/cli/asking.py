"""Questions about a draft, one by one, to a person at a terminal."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from publisher.cli import console

if TYPE_CHECKING:
    from publisher.importing.draft import Answers, Decision, Draft


def ask_all(text: str, draft: Draft, answers: Answers, read_again: Callable[[Answers], Draft]) -> Draft:
    """Ask the least sure decision first; each answer may settle or raise others."""
    known = dict(answers)
    lines = text.split("\n")
    console.say("Enter keeps what is proposed; q leaves the rest as CHECK marks in the files.")
    while draft.open_decisions:
        decision = draft.open_decisions[0]
        answer = _ask(decision, lines, len(draft.open_decisions))
        if answer is None:
            break
        known[decision.key] = answer
        draft = read_again(known)
    return draft


def _ask(decision: Decision, lines: list[str], left: int) -> str | None:
    """One question with the lines around it; None if the editor has had enough."""
    console.say()
    console.say(console.paint(f"{left} to decide", bold=True))
    for number in _around(decision.line, lines):
        pointer = "▸" if number == decision.line else " "
        console.say(f"{pointer} {number:>5}  {short(lines[number - 1])}")
    console.say(decision.question)
    for choice in decision.choices:
        kept = console.paint("  (Enter)", dim=True) if choice.value == decision.taken else ""
        console.say(f"  {console.paint(choice.key, bold=True)}  {choice.label}{kept}")
    if decision.typed:
        console.say(f"  or type {decision.typed.value}")
    while True:
        reply = click.prompt("", default="", show_default=False, prompt_suffix="> ", err=True)
        if reply.strip().lower() == "q":
            return None
        answer = decision.answer(reply)
        if answer is not None:
            return answer
        console.say("Please type one of the keys above.")


def _around(line: int, lines: list[str]) -> list[int]:
    """The line and the nearest two that are not empty before and after it."""
    if not line:
        return []
    filled = [number for number, text in enumerate(lines, 1) if text.strip()]
    place = filled.index(line)
    return filled[max(0, place - 2) : place + 3]


def short(text: str, limit: int = 96) -> str:
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
