"""Fields between two lines of hyphens, then Markdown."""

import pytest

from publisher.content import front_matter
from publisher.content.marked import Mark
from publisher.errors import InputError


def test_fields_and_body_are_split_and_both_know_their_lines() -> None:
    """A finding in the body points at the line an editor sees."""
    document = front_matter.read("---\ntitle: A bridge\n---\n\nIt opened.\n---\n", "a.md")
    assert document.fields.data == {"title": "A bridge"}
    assert document.fields.values["title",] == Mark(2, 8)
    assert (document.body, document.body_line) == ("It opened.\n---\n", 5)


def test_empty_front_matter_has_no_fields() -> None:
    """Nothing between the hyphens is not a fault of the format."""
    assert front_matter.read("---\n---\nText", "a.md").fields.data == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Text", "a.md:1:1: has no front matter -> begin the file with a line of three hyphens: ---"),
        ("", "a.md:1:1: has no front matter -> begin the file with a line of three hyphens: ---"),
        (
            "---\ntitle: x\n",
            (
                "a.md:1:1: has front matter that never ends"
                " -> put a line of three hyphens after the last field: ---"
            ),
        ),
    ],
)
def test_missing_hyphens_are_explained(text, expected) -> None:
    """What to type is said, and where."""
    with pytest.raises(InputError) as caught:
        front_matter.read(text, "a.md")
    assert str(caught.value) == expected
