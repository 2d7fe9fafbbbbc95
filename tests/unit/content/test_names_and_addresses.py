"""What may be typed for a name, a language, a web or a mail address; whatever is refused says what to type."""

from __future__ import annotations

import builders
import pytest
from pydantic import ValidationError


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("language", "xx", '"xx" is no language that we know; write its tag'),
        ("url", "https://letter.example/?edition=1", "has a ? or a # in it; delete it and all that follows"),
        ("url", "https://letter.example/#top", "has a ? or a # in it; delete it and all that follows"),
        (
            "publisher",
            {"name": "Letter <desk@letter.example>"},
            "has an e-mail address in it; write the name",
        ),
        ("publisher", {"name": "Letter", "email": "desk at letter"}, "should match pattern"),
        ("publisher", {"name": "Letter", "email": "почта@пример.рф"}, "should match pattern"),
    ],
)
def test_a_publication_cannot_be_built_on_it(field, value, expected):
    """Feeds, letters and pages would all carry it."""
    with pytest.raises(ValidationError, match=expected.replace("?", r"\?")):
        builders.publication(**{field: value})


@pytest.mark.parametrize("tag", ["en", "ky", "uz-Cyrl", "zh-Hans", "pt-BR"])
def test_languages_of_the_world(tag):
    """Whatever CLDR describes."""
    assert builders.publication(language=tag).language == tag


@pytest.mark.parametrize("name", ["@aida", "Aida (a @ b)", "R&D <team>", "A. B. @Kabar"])
def test_a_name_with_a_sign_is_no_address(name):
    """Handles and odd names are names."""
    assert builders.article(authors=[{"name": name}]).authors[0].name == name


def test_an_author_is_no_mail_address():
    """It would stand in every feed and page, for anybody to harvest."""
    with pytest.raises(ValidationError, match="has an e-mail address in it; write the name alone"):
        builders.article(authors=[{"name": "Aida, aida@letter.example"}])


@pytest.mark.parametrize("address", ["", "desk@letter.example", "o'neil+desk@mail.letter.example"])
def test_mail_addresses_that_every_server_takes(address):
    """Or none at all."""
    publisher = {"name": "Letter", "email": address}
    assert builders.publication(publisher=publisher).publisher.email == address


@pytest.mark.parametrize("old", ["2024-05-02/dam/", "/2024-05-02/dam", "stories/dam.html"])
def test_pages_that_lead_on(old):
    """With a slash at either end or without."""
    assert builders.article(moved_from=[old]).moved_from == (old.removeprefix("/"),)


@pytest.mark.parametrize("old", ["feeds/atom.xml", "dam.php", "rates.json"])
def test_what_is_no_page_cannot_lead_on(old):
    """And must not take the place of a file that the site needs."""
    with pytest.raises(ValidationError, match="is no page and cannot lead on; name the address of a page"):
        builders.article(moved_from=[old])
