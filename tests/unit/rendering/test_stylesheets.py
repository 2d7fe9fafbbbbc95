"""The letter's style sheets: tokens resolved, sides swapped, the dark rules said twice."""

from __future__ import annotations

import pytest
from letter_samples import ROOT

from publisher.errors import ConfigurationError
from publisher.rendering.client_support import unsupported
from publisher.rendering.stylesheets import compact, for_outlook, important, letter_sheets, mirrored, resolved
from publisher.rendering.templates import environment
from publisher.rendering.theme import Theme

TEMPLATES = environment([ROOT / "templates"])


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ("p{text-align:left}", "p{text-align:right}"),
        ("p{padding-left:3px}", "p{padding-right:3px}"),
        ("p{border-left:4px solid}", "p{border-right:4px solid}"),
        ("p{border-left-color:red}", "p{border-right-color:red}"),
        ("p{margin:1px 2px 3px 4px}", "p{margin:1px 4px 3px 2px}"),
        (".left{color:red}", ".left{color:red}"),
        ("p{margin:0 auto}", "p{margin:0 auto}"),
    ],
)
def test_sides_are_swapped(css, expected):
    """Everything that has a side has the other one in a right-to-left letter."""
    assert mirrored(css) == expected


def test_a_right_to_left_letter_leaves_no_side_behind():
    """Swapped twice, all four sheets are as they were, but for the italics that Arabic letters lack."""
    left, right = (letter_sheets(TEMPLATES, Theme(), direction) for direction in ("ltr", "rtl"))

    assert [mirrored(sheet) for sheet in (right.inline, right.wide, right.dark, right.outlook_dark)] == [
        left.inline.replace("font-style:italic", "font-style:normal"),
        left.wide,
        left.dark,
        left.outlook_dark,
    ]
    assert "italic" not in right.inline


def test_dark_rules_are_said_again_for_outlook():
    """Backgrounds under one mark, all else under the other, every selector of a list."""
    assert for_outlook("p,.a b{color:#FFF;background-color:#000}") == (
        "[data-ogsb] p,[data-ogsb] .a b{background-color:#000}\n[data-ogsc] p,[data-ogsc] .a b{color:#FFF}\n"
    )


def test_kept_declarations_are_important():
    """They must beat what was inlined."""
    assert (
        important("@media x{p{color:red;margin:0}}")
        == "@media x{p{color:red !important;margin:0 !important}}"
    )


def test_sheets_are_compact():
    """No comments, no needless blanks; values keep theirs."""
    assert compact("/* a */ .a , p > b {\n margin: 0 auto ;\n}\n") == ".a,p > b{margin:0 auto}\n"


@pytest.mark.parametrize("sheet", ["inline", "wide", "dark", "outlook_dark"])
def test_shipped_sheets_ask_nothing_that_clients_lack(sheet):
    """Every value is resolved and every property is known where letters are read."""
    css = getattr(letter_sheets(TEMPLATES, Theme(), "ltr"), sheet)

    assert list(unsupported(css)) == []
    assert "var(" not in css


@pytest.mark.parametrize(
    "css",
    [
        "@import url(x)",
        "@font-face{}",
        "p{background:url(x)}",
        "p{}</style><script>",
        "p{a:\\75rl(x)}",
        "@IMPORT 'x'",
        "@import/**/'x'",
        "p{background:image-set('x' 1x)}",
        "p{background:src('x')}",
        "p{background:URL (x)}",
        "p{a:'https://x.example/'}",
        "p{behavior:x}",
    ],
)
def test_what_no_letter_may_carry_is_named(css):
    """Anything that fetches or breaks out of a style element is refused with the file's name."""
    with pytest.raises(ConfigurationError, match=r"templates/email/inline\.css"):
        resolved(css, {}, "inline.css")


def test_an_unknown_token_is_named():
    """A typing error in a token says which tokens there are."""
    with pytest.raises(ConfigurationError, match="the theme has no --inc"):
        resolved("p{color:var(--inc)}", {"--ink": "#000000"}, "inline.css")
