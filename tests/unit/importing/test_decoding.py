"""Bytes to text."""

from __future__ import annotations

import codecs

import pytest

from publisher.errors import InputError
from publisher.importing.decoding import LARGEST_PAGE, clean, decode

RUSSIAN = "Мост через реку закрыт до весны, сообщили в мэрии Оша. «Трещины посчитали дважды»."


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (RUSSIAN.encode(), "utf-8"),
        (codecs.BOM_UTF8 + RUSSIAN.encode(), "utf-8-sig"),
        (RUSSIAN.encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + RUSSIAN.encode("utf-16-be"), "utf-16"),
    ],
)
def test_a_mark_or_utf8_proves_the_encoding(data, encoding):
    """UTF-8 and what begins with a mark is read without guessing."""
    decoded = decode(data, "page.txt")
    assert (decoded.text, decoded.encoding, decoded.guessed) == (RUSSIAN, encoding, False)


@pytest.mark.parametrize("encoding", ["cp1251", "koi8_r", "cp866", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "text", [RUSSIAN.replace("«", '"').replace("»", '"'), "Курс сома вырос.\nВ Бишкеке снег."]
)
def test_old_encodings_are_guessed_and_told(encoding, text):
    """A Russian page of a sentence or two is read in the right one, and the guess is named."""
    decoded = decode(text.encode(encoding), "page.txt")
    assert (decoded.text, decoded.guessed) == (text, True)


def test_the_editor_may_say_the_encoding():
    """A named encoding is used as it is."""
    assert decode("сом".encode("koi8-r"), "page.txt", "koi8-r").text == "сом"


@pytest.mark.parametrize("encoding", ["utf-8", "no-such-thing", "base64"])
def test_a_wrong_encoding_is_a_clear_error(encoding):
    """Neither an unknown name nor bytes that do not fit leave as a traceback."""
    with pytest.raises(InputError, match=r"page\.txt"):
        decode("сом".encode("cp1251"), "page.txt", encoding)


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04...",
        b"%PDF-1.7",
        b"{\\rtf1",
        b"\xef\xbb\xbf\n<!DOCTYPE html><p>x",
        b"<HTML>x",
        b"x" * (LARGEST_PAGE + 1),
    ],
)
def test_what_is_no_page_is_refused(data):
    """A Word file, a PDF, the source of a web page and a page of two megabytes are told to be none."""
    with pytest.raises(InputError):
        decode(data, "page.txt")


def test_text_is_cleaned_of_what_nobody_sees():
    """Line ends become one, letters are composed, invisible characters go."""
    assert clean("a\r\nb\rc\u2028d\u00ade\u200b\ufeff\u202e и\u0306") == "a\nb\nc\nde й"
