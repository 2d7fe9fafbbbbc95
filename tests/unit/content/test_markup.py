"""One stream of tokens: safe HTML, plain text, excerpt."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.content import markup

BASE = "https://letter.example/2025-12-10/dam/"


def html(markdown: str, **options) -> str:
    """Markdown as it is published."""
    return markup.to_html(markup.parse(markdown), base_url=BASE, **options)


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("**b** *i* ~~no~~", "<p><strong>b</strong> <em>i</em> <s>no</s></p>\n"),
        ("[a](../road/#map)", '<p><a href="https://letter.example/2025-12-10/road/#map">a</a></p>\n'),
        ("[a](/feeds/ 'b')", '<p><a href="https://letter.example/feeds/" title="b">a</a></p>\n'),
        ("[a](mailto:desk@letter.example)", '<p><a href="mailto:desk@letter.example">a</a></p>\n'),
        ('![a "b"](images/d.png)', f'<p><img src="{BASE}images/d.png" alt="a &quot;b&quot;"></p>\n'),
        ("3. c\n4. d", '<ol start="3">\n<li>c</li>\n<li>d</li>\n</ol>\n'),
        ("a<br>b & c", "<p>a&lt;br&gt;b &amp; c</p>\n"),
        ("a <!-- CHECK: title? --> b", "<p>a b</p>\n"),
        ("www.letter.example", "<p>www.letter.example</p>\n"),
    ],
)
def test_markdown_becomes_plain_safe_html(markdown, expected) -> None:
    """Addresses are absolute, raw HTML is text, remarks are gone."""
    assert html(markdown) == expected


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/x"]
)
def test_only_web_and_mail_addresses_are_linked(address) -> None:
    """A link that is not http, https or mailto stays text."""
    assert "href" not in html(f"[a]({address})")


def test_the_highest_heading_is_h3_however_it_was_typed() -> None:
    """Below an article's own h2 no level is skipped, and the order of levels is kept."""
    assert html("## A\n\n### B") == "<h3>A</h3>\n<h4>B</h4>\n"
    assert html("### A\n\n#### B") == "<h3>A</h3>\n<h4>B</h4>\n"
    assert html("# A\n\n###### B\n\n### C", top_heading=2) == "<h2>A</h2>\n<h3>B</h3>\n<h3>C</h3>\n"


def test_rendering_leaves_the_tokens_as_they_are() -> None:
    """The same tokens serve HTML for the web, for the letter, and the text part."""
    tokens = markup.parse("## A\n\n[b](c)")
    first = markup.to_html(tokens, base_url=BASE)
    assert markup.to_html(tokens, base_url=BASE) == first
    assert markup.to_text(tokens) == "A\nb"


def test_text_has_the_words_and_nothing_else() -> None:
    """Paragraphs, items and cells are lines; a picture counts with what it shows."""
    markdown = "## Who *paid*\n\nThe city\npaid.\n\n- a `b`\n\n![a bridge](images/x.png)\n\n| c | d |\n|--|--|\n| 1 | 2 |"
    assert markup.to_text(markup.parse(markdown)) == "Who paid\nThe city paid.\na b\na bridge\nc\nd\n1\n2"
    assert markup.word_count(markup.parse(markdown)) == 13


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("One. Two is longer. Three.", 20, "One. Two is longer."),
        (
            "Dr. Osmonov of the U.S. Embassy spoke. Then all left.",
            40,
            "Dr. Osmonov of the U.S. Embassy spoke.",
        ),
        ("It cost 2.5 million. And more.", 22, "It cost 2.5 million."),
        ("A sentence without an end that goes on", 20, "A sentence without…"),
        ("Он сказал: «Да!» Потом ушёл домой.", 20, "Он сказал: «Да!»"),
        ("Вода пришла. Её ждали в г. Ош и в других.", 33, "Вода пришла."),
        ("Су келді. Оны 2025 ж. қаңтарда күткен.", 30, "Су келді."),
        ("Мост открыт. Он на ул. Ленина и нов.", 30, "Мост открыт."),
        ("Short.", 20, "Short."),
        ("## Heading\n\n- only\n- items", 20, "Heading"),
        ("[![A map](images/a.png)](/x/) ![A dam](images/b.png)\n\nWater rose.", 20, "Water rose."),
        ("![A map](images/a.png)", 20, "A map"),
        ("", 20, ""),
    ],
)
def test_an_excerpt_ends_where_a_sentence_does(text, limit, expected) -> None:
    """Whole sentences if one fits, else whole words and an ellipsis; a picture above them is not the beginning."""
    assert markup.excerpt(markup.parse(text), limit) == expected


def test_links_and_pictures_are_listed_with_their_lines() -> None:
    """The copy desk and the loader look at addresses without reading HTML."""
    tokens = markup.parse("a\n\n[b](c)\n![d](images/e.png)\n")
    assert markup.addresses(tokens) == [
        markup.Address("link", "b", "c", 2),
        markup.Address("image", "d", "images/e.png", 2),
    ]


@pytest.mark.parametrize("markdown", ["> " * 150 + "x", "- " * 150 + "x", "[" * 200 + "a" + "](b)" * 200])
def test_deep_nesting_is_refused_or_flat(markdown) -> None:
    """A hundred levels are the limit; nothing below it is lost without a word."""
    if markdown.startswith("["):
        assert markup.may_be_deep(markdown)
        assert "a" in html(markdown)
    else:
        assert markup.may_be_deep(markdown)
        with pytest.raises(ValueError, match="100 deep"):
            markup.parse(markdown)


@given(st.text())
def test_any_text_gives_html_without_foreign_tags(text) -> None:
    """Whatever is typed, only tags of the allow-list come out."""
    out = html(text)
    assert "<script" not in out.lower()
    assert "javascript:" not in [word.lower() for word in out.split('href="')]


def test_alignment_of_columns_is_a_class():
    """`---:` and `:---:` become classes that pages and letters style; no style attribute gets out."""
    cells = re.findall(
        r"<t[hd]\b[^>]*>", html("| a | b | c |\n|---|:-:|--:|\n| 1 | 2 | 3 |", with_classes=True)
    )

    assert cells == [
        "<th>",
        '<th class="center">',
        '<th class="end">',
        "<td>",
        '<td class="center">',
        '<td class="end">',
    ]
