"""The letter as an .eml file: what a mail client reads is what was written."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes
from email.policy import default

import pytest
from builders import issue, publication
from letter_samples import built, example, in_base, persian, russian, site, with_settings

from publisher.rendering.digest import Digest, build_digest
from publisher.rendering.mime import digest_eml
from publisher.rendering.models import Edition


def opened(digest: Digest):
    """Write a digest and read it back as mail clients do."""
    return message_from_bytes(digest_eml(digest, publication()), policy=default)


@pytest.mark.parametrize("make", [example, russian, persian], ids=lambda make: make.__name__)
def test_both_parts_come_back_as_they_were(make):
    """Text and HTML survive their encoding, in every script, down to blanks at line ends."""
    digest = built(make)
    message = opened(digest)
    text, page = message.iter_parts()

    assert message.get_content_type() == "multipart/alternative"
    assert (text.get_content_type(), text["Content-Type"].params["format"]) == ("text/plain", "flowed")
    assert text.get_content().replace("\r\n", "\n") == digest.text
    assert page.get_content().replace("\r\n", "\n") == digest.html
    assert not message.defects


def test_the_smaller_encoding_is_taken():
    """Quoted-printable for Latin letters, base64 for a text in Cyrillic."""
    latin = [part["Content-Transfer-Encoding"] for part in opened(built(example)).iter_parts()]
    cyrillic = [part["Content-Transfer-Encoding"] for part in opened(built(russian)).iter_parts()]

    assert latin == ["quoted-printable", "quoted-printable"]
    assert cyrillic[0] == "base64"


def test_pictures_that_travel_are_related_to_the_page():
    """With inline pictures the HTML and its pictures are one part, each found by its Content-ID."""
    edition = Edition(issue(), in_base())
    digest = build_digest(with_settings(site(edition), images="inline"), edition)

    _, related = opened(digest).iter_parts()
    page, *pictures = related.iter_parts()

    assert related.get_content_type() == "multipart/related"
    assert {picture["Content-ID"] for picture in pictures} == {f"<{image.cid}>" for image in digest.images}
    assert all(f"cid:{picture['Content-ID'][1:-1]}" in page.get_content() for picture in pictures)
    assert [picture.get_content() for picture in pictures] == [image.data for image in digest.images]


def test_the_same_letter_gives_the_same_file():
    """Boundaries, Message-ID and date come from the letter, not from the clock."""
    assert digest_eml(built(example), publication()) == digest_eml(built(example), publication())


def test_the_date_is_the_issues_own():
    """Seven in the morning in Bishkek, on the issue's day."""
    assert opened(built(example))["Date"] == "Wed, 10 Dec 2025 07:00:00 +0600"


@pytest.mark.parametrize(
    "subject",
    [
        "Trump-Putin deal talks: Central Asia at the nexus of global power shifts, and what follows (part 2)",
        "Rates: the som, the somoni & the tenge",
        "x" * 67,
    ],
)
def test_an_ascii_subject_is_written_as_it_is(subject):
    """Folded between words where it is long; encoding it would look like a spammer's (SUBJ_EXCESS_QP)."""
    written = digest_eml(replace(built(example), subject=subject), publication())
    lines = written.partition(b"\r\nDate:")[0].partition(b"Subject:")[2].decode("ascii").split("\r\n")

    assert "".join(lines) == f" {subject}"
    assert max(map(len, ["Subject:" + lines[0], *lines[1:]])) <= 78


@pytest.mark.parametrize(
    "subject", ["=?utf-8?q?=0D=0ABcc=3A_evil=40x.example?=", "Ўзбекистон " * 20, 'a "b" <c@d.example>']
)
def test_a_subject_is_only_ever_a_subject(subject):
    """What looks like an encoded line break is shown as it was typed, and adds no header."""
    message = opened(replace(built(example), subject=subject))

    assert message["Bcc"] is None
    assert " ".join(message["Subject"].split()) == " ".join(subject.split())


def test_no_line_is_longer_than_the_wire_allows():
    """All lines end in CRLF and have at most 78 octets."""
    lines = digest_eml(built(russian), publication()).split(b"\r\n")

    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(map(len, lines)) <= 78


def test_plain_words_stand_in_the_head_as_they_are():
    """Words encoded without need are taken for a spammer's."""
    home, edition = example()
    made = digest_eml(build_digest(home, edition), home.publication)
    assert made.startswith(b"From: Meridian <desk@meridian.example>\r\n")
