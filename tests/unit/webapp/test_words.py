"""What the door says, in the languages that are complete."""

import re
from pathlib import Path

import pytest

from publisher.rendering.catalogue import catalogue

SPOKEN = re.compile(r'(?:\bsay|language\.text)\(\s*"([^"]+)"')
SHARED = {"Feeds", "The newest issue", "Write to us"}  # the foot's words, which belong to the pages


def sayings(repository: Path) -> set[str]:
    """Every sentence of the door's templates and code."""
    files = [*repository.glob("templates/app/*"), *repository.glob("publisher/webapp/*.py")]
    files.append(repository / "publisher/subscribers/letters.py")
    return {text for file in files for text in SPOKEN.findall(file.read_text("utf-8"))} - SHARED


@pytest.mark.parametrize("language", ["ru"])
def test_every_sentence_of_the_door_is_said_in_russian(repository: Path, language: str) -> None:
    """Nobody meets an English sentence on a Russian page, and no {name} is lost in translation."""
    spoken = {text: catalogue(language).gettext(text) for text in sayings(repository)}
    assert len(spoken) > 40
    assert [text for text, said in spoken.items() if said == text] == []
    names = re.compile(r"\{\w+\}")
    assert [t for t, said in spoken.items() if sorted(names.findall(t)) != sorted(names.findall(said))] == []
