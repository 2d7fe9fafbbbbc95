"""Catalogues of furniture: complete, never with a broken placeholder, in the language's own letters."""

from __future__ import annotations

import re
from gettext import c2py
from io import BytesIO
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from furniture import ROOT, messages

from publisher.rendering.language import Language

CATALOGUES = sorted((ROOT / "publisher" / "locale").glob("*.po"))
TRANSLATIONS = [path for path in CATALOGUES if path.stem != "en"]
PLACEHOLDER = re.compile(r"\{\w+\}")
EACH_CATALOGUE = pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
EACH_TRANSLATION = pytest.mark.parametrize("path", TRANSLATIONS, ids=lambda path: path.stem)

# What a sentence of a language may hold beside blanks, figures and punctuation; names stay as they are.
LETTERS = {
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "kk": "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя",
    "ky": "абвгдеёжзийклмнңоөпрстуүфхцчшщъыьэюя",
    "uz": "abcdefghijklmnopqrstuvxyzʻʼ",
    "uz-Cyrl": "абвгдеёжзийклмнопрстуфхцчшъьэюяўқғҳ",
    "tg": "абвгғдеёжзиӣйкқлмнопрстуӯфхҳчҷшъэюя",
    "tk": "abçdeäfghijžklmnňoöprsştuüwyýz",
    "fa": "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیئأء",
}
NAMES = re.compile(r"RSS|Atom|JSON Feed|OPML|CSV|name@example\.org|имя@пример\.рф|^[A-Z]{3}$|\{\w+\}")


def opened(path: Path) -> Catalog:
    """Read a catalogue; a broken one is an error."""
    return read_po(BytesIO(path.read_bytes()), abort_invalid=True)


def entries(path: Path, *, names: bool = False) -> list[Message]:
    """Every message of a catalogue, the names of currencies only when asked for."""
    return [entry for entry in opened(path) if entry.id and (names or not entry.context)]


def forms(entry: Message) -> list[str]:
    """All that a message is translated to: one sentence, or one for each plural."""
    return [entry.string] if isinstance(entry.string, str) else list(entry.string)


@EACH_TRANSLATION
def test_a_catalogue_says_everything_and_nothing_else(path):
    """What a reader can be told in English is in every catalogue, and none keeps what nobody says."""
    translated = {entry.id if isinstance(entry.id, str) else entry.id[0] for entry in entries(path)}

    assert set(messages()) - translated == set(), f"add them to {path.relative_to(ROOT)}"
    assert translated - set(messages()) == set(), f"take them out of {path.relative_to(ROOT)}"


@EACH_CATALOGUE
def test_placeholders_are_those_of_the_english(path):
    """A translation fills in what the English fills in, in all its plural forms."""
    for entry in entries(path, names=True):
        english = entry.id if isinstance(entry.id, str) else entry.id[-1]
        for form in forms(entry):
            assert sorted(PLACEHOLDER.findall(form)) == sorted(PLACEHOLDER.findall(english)), english


@EACH_CATALOGUE
def test_every_entry_is_said_once_and_for_certain(path):
    """None is empty, doubtful (`#, fuzzy`), obsolete (`#~`) or there twice; the file knows its language."""
    text = path.read_text(encoding="utf-8")
    keys = [(entry.context, entry.id) for entry in entries(path, names=True)]

    assert all(form.strip() for entry in entries(path, names=True) for form in forms(entry))
    assert not any(entry.fuzzy for entry in opened(path))
    assert "#~" not in text
    assert len(keys) == text.count("\nmsgid ") - 1
    assert f'"Language: {path.stem}\\n"' in text


@EACH_TRANSLATION
def test_a_sentence_begins_and_ends_as_the_english_does(path):
    """Colons, full stops and blanks are part of what templates build with; an address takes no full stop."""
    stops = {".": ".}", ":": ":", "?": "?؟"}
    for entry in entries(path):
        english = entry.id if isinstance(entry.id, str) else entry.id[0]
        for form in forms(entry):
            assert form[-1] in stops.get(english[-1], form[-1]), english
            assert (form[0] == " ") == (english[0] == " "), english


@EACH_TRANSLATION
def test_only_the_languages_own_letters_are_used(path):
    """No look-alike from another alphabet: Kyrgyz ң and ө, Uzbek oʻ and gʻ with U+02BB, Persian ی and ک."""
    for entry in entries(path, names=True):
        for form in forms(entry):
            words = NAMES.sub(" ", form).lower()
            assert {sign for sign in words if sign.isalpha() or sign in "'`‘’"} <= set(LETTERS[path.stem]), (
                form
            )


@EACH_CATALOGUE
def test_plural_forms_are_cldrs(path):
    """Two numbers share a form exactly when CLDR puts them into one category."""
    category = Locale.parse(path.stem, sep="-").plural_form
    form = c2py(opened(path).plural_expr)
    pairs = {(category(number), form(number)) for number in range(1001)}

    assert len(pairs) == len({name for name, _ in pairs}) == opened(path).num_plurals


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
