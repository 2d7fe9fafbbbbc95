"""Catalogues of furniture: complete where promised, and never with a broken placeholder."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from babel.messages.pofile import read_po
from furniture import ROOT

from publisher.rendering.language import Language

CATALOGUES = sorted((ROOT / "publisher" / "locale").glob("*.po"))
PLACEHOLDER = re.compile(r"\{\w+\}")


def entries(path):
    """Every translated message of a catalogue: its English, and all its forms."""
    for message in read_po(BytesIO(path.read_bytes()), abort_invalid=True):
        english = message.id if isinstance(message.id, tuple) else (message.id,)
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        if english != ("",):
            yield english, forms


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_placeholders_are_those_of_the_english(path):
    """A translation fills in what the English fills in, in all its plural forms."""
    for english, forms in entries(path):
        for form in forms:
            assert set(PLACEHOLDER.findall(form)) == set(PLACEHOLDER.findall(english[-1])), english


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_no_translation_is_empty_and_each_file_knows_its_language(path):
    """An empty sentence would be shown as nothing."""
    assert all(form.strip() for _, forms in entries(path) for form in forms)
    assert f'"Language: {path.stem}\\n"' in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("ru", ["1 выпуск", "3 выпуска", "5 выпусков", "21 выпуск"]),
        ("en", ["1 issue", "3 issues", "5 issues", "21 issues"]),
        ("tk", ["1 san", "3 san", "5 san", "21 san"]),
    ],
)
def test_plurals_are_the_languages_own(tag, expected):
    """Russian has three forms, English two, Turkmen one."""
    assert [
        Language(tag).count("{count} issue", "{count} issues", number) for number in (1, 3, 5, 21)
    ] == expected


def test_a_region_speaks_its_language():
    """Russian in Kazakhstan is said in Russian."""
    assert Language("ru-KZ").text("In this issue") == "В этом выпуске"
