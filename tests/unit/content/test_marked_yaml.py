"""YAML that cannot bite."""

import pytest

from publisher.content import marked_yaml
from publisher.content.marked import Mark
from publisher.errors import InputError


def faults(text: str) -> list[str]:
    """All findings of a text, as an editor reads them."""
    with pytest.raises(InputError) as caught:
        marked_yaml.load(text, "a.md", first_line=2)
    return [str(finding) for finding in caught.value.findings]


@pytest.mark.parametrize(
    "typed", ["no", "12:30", "1.10", "0123", "1e3", "2025-12-10", "yes", "0x1F", "1_000"]
)
def test_text_stays_text(typed) -> None:
    """What YAML 1.1 would turn into a truth value, a number or a date reaches us as typed."""
    assert marked_yaml.load(f"country: {typed}\n", "a.md").data == {"country": typed}


def test_true_false_and_nothing_are_understood() -> None:
    """The three constants an editor means are the only ones; a key without a value was not typed."""
    data = marked_yaml.load('a: true\nb: False\nc:\nd: ~\ne: "true"\nf:\n- x\n-\n- y\n', "a.md").data
    assert data == {"a": True, "b": False, "e": "true", "f": ["x", "y"]}


def test_every_value_knows_its_place() -> None:
    """Marks count from one, in characters, in the file and not in the front matter."""
    marked = marked_yaml.load("title: é\nsources:\n  - name: Kabar\n    url: x\n", "a.md", first_line=2)
    assert marked.values["sources", 0, "url"] == Mark(5, 10)
    assert marked.keys["sources", 0, "url"] == Mark(5, 5)
    assert marked.value_mark(("sources", 0, "name", "deeper")) == Mark(4, 11)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "title: Kazakhstan: a primer\n",
            'a.md:2:8: title: has a second colon -> put the value in quotes: title: "Kazakhstan: a primer"',
        ),
        (
            'title: "Silk" road\n',
            'a.md:2:8: title: cannot be read as it stands -> put the value in quotes: title: "\\"Silk\\" road"',
        ),
        (
            "title: 'it's here'\n",
            'a.md:2:8: title: cannot be read as it stands -> put the value in quotes: title: "it\'s here"',
        ),
        (
            "title: @home\n",
            'a.md:2:8: title: cannot be read as it stands -> put the value in quotes: title: "@home"',
        ),
        (
            'title: "open\nslug: x\n',
            "a.md:2:8: title: opens a quotation mark that is never closed -> add the closing one",
        ),
        (
            "tags: [a, b\nslug: x\n",
            (
                "a.md:2:7: tags: opens a bracket that is never closed"
                " -> add the closing one, or put the value in quotes"
            ),
        ),
        ("a:\n\tb: 1\n", "a.md:3:1: b: begins with a tab -> indent with spaces"),
        (
            "title: Kazakhstan is #1\n",
            "a.md:2:8: title: would lose '#1': # begins a comment -> put the whole value in quotes",
        ),
        (
            "title: *bold*\n",
            'a.md:2:8: title: cannot be read as it stands -> put the value in quotes: title: "*bold*"',
        ),
        (
            "title: &co now\n",
            "a.md:2:8: title: begins with &, which YAML reads as an anchor -> put the whole value in quotes",
        ),
        (
            "title: !now x\n",
            "a.md:2:8: title: begins with !, which YAML reads as a tag -> put the whole value in quotes",
        ),
        (
            "title:\u00a0A dam opens\nslug: x\n",
            "a.md:2:7: title: has the character U+00A0 where a plain blank belongs -> type the blank again",
        ),
        ("a: x\na: y\n", "a.md:3:1: a: is typed twice; the first is in line 2 -> keep one of them"),
        (
            "image: { path: a.png, alt: A dam, and a lake }\n",
            (
                "a.md:2:35: image.alt: would lose 'and a lake': between { and } a comma ends a value"
                " -> put the whole value in quotes"
            ),
        ),
        ("<<: {a: b}\n", "a.md:2:1: merges fields with << -> type the fields out"),
        ("just words\n", "a.md:2:1: must hold fields -> write lines such as title: A bridge opens"),
        ("? [a]\n: b\n", "a.md:2:3: has a field whose name is not a word -> write name: value"),
        ("a: b\n--- \nc: d\n", "a.md:3:1: begins a second document -> delete the line ---"),
    ],
)
def test_slips_are_told_in_an_editor_s_words(text, expected) -> None:
    """One fault, one line: where it is and what to type instead."""
    assert faults(text) == [expected]


def test_attacks_on_the_parser_are_refused() -> None:
    """Bombs of aliases, depth and size end in a finding, not in a traceback or a full memory."""
    bomb = "a: &a [x]\n" + "".join(f"b{n}: [*a, *a]\n" for n in range(50))
    assert len(faults(bomb)) == 101
    assert "deep" in faults("a: " + "[" * 5000 + "]" * 5000)[0]
    assert "the limit is 64,000" in faults("a: " + "x" * 70_000)[0]
