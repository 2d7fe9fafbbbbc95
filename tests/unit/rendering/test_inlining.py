"""premailer behind one function: inlined right, nothing fetched, nothing lost."""

from __future__ import annotations

import socket
import threading

import pytest

from publisher.errors import ConfigurationError
from publisher.rendering.inlining import LostContentError, inline
from publisher.rendering.page_parts import parts_of


def page(body: str, head: str = "") -> str:
    """Make a page around a body."""
    return f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head><body>{body}</body></html>'


@pytest.fixture
def listener():
    """Listen on loopback and remember who knocked."""
    knocks = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        stop = threading.Event()

        def listen():
            while not stop.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                knocks.append(connection.recv(200))
                connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", knocks
        stop.set()
        thread.join()


def test_rules_become_attributes_and_marked_sheets_stay():
    """One sheet is written into the elements, the one marked to be ignored stays as it is."""
    kept = "@media (min-width:621px){p{color:#111111 !important}}"
    head = f'<style>p{{color:#2B3642;margin:0 0 16px 0}}</style><style data-premailer="ignore">{kept}</style>'

    result = inline(page('<p class="a">Salom</p>', head))

    assert '<p class="a" style="color:#2B3642;margin:0 0 16px 0">Salom</p>' in result
    assert f"<style>{kept}</style>" in result
    assert result.startswith("<!DOCTYPE html>")


def test_size_attributes_are_left_alone():
    """The inliner alone would turn `width:100%` into an attribute that Outlook reads as a share of the file."""
    head = "<style>img{width:100%;height:auto}td{text-align:right;background-color:#FFFFFF}</style>"

    result = inline(
        page(
            '<table><tr><td><img src="https://x.example/a.png" width="520" height="300" alt=""></td></tr></table>',
            head,
        )
    )

    assert 'width="520" height="300"' in result
    assert "bgcolor" not in result
    assert "align=" not in result


def test_outlook_comments_survive_to_the_letter():
    """Conditional comments are for Word; they come out byte for byte."""
    ghost = '<!--[if mso]><table role="presentation" width="600"><tr><td><![endif]-->'

    assert ghost in inline(page(f"{ghost}<p>x</p>", "<style>p{color:red}</style>"))


def test_slots_are_not_escaped():
    """A slot in an address is still the slot."""
    assert 'href="%%unsubscribe_url%%"' in inline(page('<a href="%%unsubscribe_url%%">x</a>'))


@pytest.mark.parametrize(
    "head",
    [
        "<style>@import url({url}/x.css);p{{color:red}}</style>",
        '<style>@import "{url}/x.css";</style>',
        "<style>@IMPORT url(file:///etc/hostname);</style>",
        '<link rel="stylesheet" href="{url}/x.css">',
        '<link href="{url}/x.css" rel="alternate StyleSheet">',
        '<link rel="stylesheet" href="file:///etc/hostname">',
    ],
)
def test_nothing_is_fetched(head, listener):
    """An import or a linked sheet is refused, and a listener hears nothing."""
    url, knocks = listener

    with pytest.raises(ConfigurationError, match="fetches"):
        inline(page("<p>x</p>", head.format(url=url)))
    assert knocks == []


@pytest.mark.parametrize(
    "shape",
    [
        "<style>@im\\port url({url}/x.css);p{{color:red}}</style>",
        "<style>@\\69mport url({url}/x.css);p{{color:red}}</style>",
        '<style data-premailer="ignore">@im\\port "{url}/x.css";</style>',
        '<style>p{{background:url("{url}/x.png")}}</style>',
        '<style>p{{background:image-set("{url}/x.png" 1x)}}</style>',
        '<style>p{{background:src("{url}/x.png")}}</style>',
        "<style>@font-face{{font-family:x;src:url({url}/x.woff2)}}</style>",
        "<style>@media screen{{p{{background:url({url}/x.png)}}}}</style>",
        '<p style="background:url({url}/x.png)">x</p>',
        '<p style="@import url({url}/x.css)">x</p>',
        '<img src="{url}/x.png" srcset="{url}/y.png 2x" alt="">',
        '<table background="{url}/x.png"><tr><td>x</td></tr></table>',
        '<object data="{url}/x.svg"></object>',
        '<link rel="preload" href="{url}/x.css">',
        '<?xml-stylesheet href="{url}/x.css"?>',
    ],
)
def test_whatever_gets_past_the_first_look_fetches_nothing_either(shape, listener):
    """Behind the refusal stands a parser without a fetcher: no shape of an address is ever opened."""
    url, knocks = listener

    assert "words</p>" in inline(page(f"<p>words</p>{shape.format(url=url)}"))
    assert knocks == []


@pytest.mark.parametrize("depth", [90, 250, 256, 300, 1000])
def test_deep_pages_keep_their_words(depth):
    """libxml2 alone would drop everything below depth 256."""
    result = inline(page("<div>" * depth + "needle" + "</div>" * depth + "<p>tail</p>"))

    assert "needle" in result
    assert "tail" in result


def test_what_would_be_lost_is_refused():
    """Deeper than any parser reads: no letter, rather than half of one."""
    with pytest.raises(LostContentError, match="would change"):
        inline(page("<div>" * 3000 + "needle" + "</div>" * 3000))


def test_the_gate_sees_words_attributes_and_elements():
    """Two pages part ways at the first word, attribute or element that differs."""
    before = parts_of('<p>One <a href="https://x.example/é">two</a></p>')

    assert (
        before.first_difference(parts_of('<p style="a">One\n <a href="https://x.example/%C3%A9">two</a></p>'))
        == ""
    )
    assert (
        before.first_difference(parts_of('<p>One <a href="https://y.example/">two</a></p>')) == "<a> into <a>"
    )
    assert before.first_difference(parts_of("<p>One </p>")) == "<a> into “the end”"
    assert before.first_difference(parts_of("<p>Won</p>")) == "“One” into “Won”"


@pytest.mark.parametrize("words", ["Ўзбекистон 👩‍🌾 𝒳", "a\u00a0b\u200c", "&amp;lt; &lt;b&gt; &#847;"])
def test_words_of_every_kind_come_through(words):
    """Astral signs, joiners and entities are the same words afterwards."""
    source = page(f"<p>{words}</p>", "<style>p{color:red}</style>")

    assert parts_of(inline(source)).items[-1] == parts_of(source).items[-1]
