"""What a request asks for, header by header."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.webapp.conditional import Validators, best_encoding, is_fresh, requested_range

ALL = ("br", "zstd", "gzip")
NOW = Validators('"abc"', datetime(2025, 12, 10, 1, 0, tzinfo=UTC))
DATE = "Wed, 10 Dec 2025 01:00:00 GMT"
EARLIER = "Tue, 09 Dec 2025 01:00:00 GMT"


@pytest.mark.parametrize(
    ("accepted", "kept", "expected"),
    [
        ("", ALL, ""),
        ("identity", ALL, ""),
        ("gzip", ALL, "gzip"),
        ("gzip, deflate, br, zstd", ALL, "br"),
        ("br,gzip", ("gzip",), "gzip"),
        ("GZIP", ALL, "gzip"),
        ("gzip;q=1.0, br;q=0.5", ALL, "gzip"),
        ("gzip;q=0", ALL, ""),
        ("*", ALL, "br"),
        ("*;q=0", ALL, ""),
        ("br;q=0, *", ALL, "zstd"),
        ("identity;q=1, gzip;q=0.5", ALL, ""),
        ("gzip;q=high", ALL, ""),
        ("deflate, compress", ALL, ""),
        ("gzip", (), ""),
    ],
)
def test_the_best_encoding(accepted, kept, expected):
    """The heaviest that is kept, ours to choose among equals, the file as it is where nothing fits."""
    assert best_encoding(accepted, kept) == expected


@pytest.mark.parametrize(
    ("tags", "since", "expected"),
    [
        (None, None, False),
        ('"abc"', None, True),
        ('W/"abc"', None, True),
        ('"x", W/"abc"', None, True),
        ("*", None, True),
        ('"x"', DATE, False),
        ("abc", None, False),
        ("", DATE, False),
        (None, DATE, True),
        (None, EARLIER, False),
        (None, "Thu, 11 Dec 2025 01:00:00 GMT", True),
        (None, "yesterday", False),
        (None, "Wed, 99 Dec 2025 01:00:00 GMT", False),
    ],
)
def test_whether_a_reader_has_it_already(tags, since, expected):
    """The tag decides where there is one; the date is asked only without."""
    assert is_fresh(NOW, tags, since) is expected


@pytest.mark.parametrize(
    ("header", "condition", "expected"),
    [
        (None, None, None),
        ("bytes=0-9", None, (0, 9)),
        ("bytes=90-", None, (90, 99)),
        ("bytes=90-500", None, (90, 99)),
        ("bytes=-5", None, (95, 99)),
        ("bytes=-500", None, (0, 99)),
        ("bytes=0-0,5-6", None, None),
        ("bytes=9-5", None, None),
        ("bytes=-", None, None),
        ("lines=1-2", None, None),
        ("bytes=0-9", '"abc"', (0, 9)),
        ("bytes=0-9", 'W/"abc"', None),
        ("bytes=0-9", DATE, (0, 9)),
        ("bytes=0-9", EARLIER, None),
    ],
)
def test_the_part_that_is_asked_for(header, condition, expected):
    """One range of the version a reader has; the whole in every other case."""
    assert requested_range(header, condition, NOW, 100) == expected


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=-0"])
def test_a_part_beyond_the_end_is_refused(header):
    """There is no such byte."""
    with pytest.raises(ValueError, match="beyond the end"):
        requested_range(header, None, NOW, 100)


@given(text=st.text(max_size=60))
def test_no_header_can_break_an_answer(text):
    """Whatever a client writes, there is an answer."""
    best_encoding(text, ALL)
    is_fresh(NOW, text, text)
    try:
        requested_range(text, text, NOW, 100)
    except ValueError as error:
        assert "beyond the end" in str(error)  # noqa: PT017  # the one refusal there is
