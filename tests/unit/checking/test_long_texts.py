"""Twice the text is twice the work, whatever its shape."""

from datetime import UTC, datetime

import pytest
from builders import article, issue, publication
from steps import grows_no_faster_than_its_text

from publisher.checking.rules import check
from publisher.content import markup
from publisher.content.remarks import open_questions

SIZE = 8_000
NOW = datetime(2026, 1, 1, tzinfo=UTC)
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
def test_work_grows_with_length_and_not_faster(shape) -> None:
    """Questions, the copy desk's rules and the Markdown: none starts again from every letter."""

    def read(body: str) -> None:
        list(open_questions(body, "a.md"))
        check(issue(article(body=body)), publication(), now=NOW)
        markup.to_html(markup.parse(body), base_url="https://letter.example/")

    assert grows_no_faster_than_its_text(read, SHAPES[shape], SIZE)
