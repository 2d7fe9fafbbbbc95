"""A long text is read in moments, whatever its shape."""

import time
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from builders import article, issue, publication

from publisher.checking.rules import check
from publisher.content import markup
from publisher.content.remarks import open_questions

SIZE = 30_000
SECONDS = 5
SHAPES = {
    "one word": "9",
    "letters": "a",
    "blanks": "a" + " " * 50 + "b ",
    "no full stop": "word ",
    "full stops": ". ",
    "remarks never closed": "<!-- CHECK: ",
    "excuses": "<!-- lint-ok W201 -->",
    "brackets": "[",
    "pictures": "![",
    "links": "[a](",
    "autolinks": "<a ",
    "placeholders": "{{",
    "addresses": "www.",
    "stars": "*a ",
    "tags": "<b ",
    "quotes": "“",
    "years": "2020, ",
    "sums": "$1 (",
    "backticks": "`a``",
    "entities": "&#x",
    "table cells": "|",
    "code": "~~~\n",
    "items": "- a\n",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_time_grows_with_length_and_not_faster(shape) -> None:
    """Five seconds are fifty times what it takes; a pattern that starts again from every letter takes minutes."""
    body = SHAPES[shape] * (SIZE // len(SHAPES[shape]))
    begun = time.process_time()
    list(open_questions(body, "a.md"))
    with suppress(ValueError):  # too many brackets: said at the door
        check(issue(article(body=body)), publication(), now=datetime(2026, 1, 1, tzinfo=UTC))
        markup.to_html(markup.parse(body), base_url="https://letter.example/")
    assert time.process_time() - begun < SECONDS
