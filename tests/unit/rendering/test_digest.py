"""The letter: its structure, its size, its slots, and its languages."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from builders import article, issue, picture, publication
from letter_samples import (
    ROOT,
    built,
    example,
    hostile,
    in_base,
    per_base,
    persian,
    russian,
    site,
    with_settings,
)
from lxml import html

from publisher.errors import ConfigurationError, InputError, Severity
from publisher.rates.settings import RatesSettings
from publisher.rendering.digest import SLOTS, build_digest
from publisher.rendering.letter_size import SHORTEN_ABOVE, shortened, size_remarks
from publisher.rendering.models import Edition
from publisher.rendering.templates import environment


def small(**email):
    """Build the smallest letter: one story, no rates."""
    edition = Edition(issue())
    return build_digest(with_settings(site(edition), **email), edition)


def tree_of(digest):
    """Read a letter's HTML."""
    return html.document_fromstring(digest.html)


@pytest.mark.parametrize("make", [example, russian, persian], ids=lambda make: make.__name__)
def test_a_letter_has_nothing_to_remark(make):
    """The shipped template passes every check of our own in every language."""
    assert built(make).remarks == ()


def test_a_hostile_issue_still_makes_a_letter_that_fits():
    """Forty articles with endless words are shortened below the limit, and nothing else is wrong."""
    digest = built(hostile)

    assert digest.size <= SHORTEN_ABOVE
    assert {remark.code for remark in digest.remarks} == {"L101", "L102"}


def test_the_same_issue_gives_the_same_letter():
    """Two builds are equal to the byte."""
    assert build_digest(*example()) == built(example)


def test_outline_of_a_letter():
    """One first-level heading, a second-level one for each story and the contents, no gap below."""
    tree = tree_of(built(example))

    levels = [element.tag for element in tree.iter("h1", "h2", "h3", "h4")]

    assert levels.count("h1") == 1
    assert levels.count("h2") == 7
    assert levels.count("h4") == 0


def test_a_greeting_may_have_sub_headings():
    """They stand below the publication's name, so that no level is skipped and the letter is made."""
    edition = Edition(issue(lead="Good morning.\n\n## Today\n\nOne story.\n\n### And tomorrow\n\nMore."))

    digest = build_digest(site(edition), edition)

    assert [remark.message for remark in digest.remarks] == []
    assert [element.tag for element in tree_of(digest).iter("h1", "h2", "h3", "h4")] == [
        "h1",
        "h2",
        "h3",
        "h2",
    ]


def test_rates_are_a_real_table():
    """Screen readers get a caption, column and row heads; the layout around it says it is layout."""
    edition = Edition(issue(), in_base())
    tree = tree_of(build_digest(site(edition), edition))

    rates = tree.find_class("rates")[0]

    assert rates.get("role") is None
    assert rates.findtext("caption") == "Exchange rates, 10 Dec 2025"
    assert [head.text_content() for head in rates.findall("thead/tr/th")] == [
        "Rates",
        "US dollars",
        "since 9 Dec",
        "30 days",
    ]
    assert {head.get("scope") for head in rates.findall("tbody/tr/th")} == {"row"}
    assert {table.get("role") for table in tree.iter("table") if table is not rates} == {"presentation"}


def test_a_rate_is_told_in_symbol_figure_and_words():
    """The arrow is decoration; the figure carries its sign; the picture says the month in words."""
    edition = Edition(issue(), in_base())
    tree = tree_of(build_digest(site(edition), edition))

    row = tree.find_class("rates")[0].findall("tbody/tr")[1]
    arrow = row.find_class("sym")[0]

    assert row.text_content() == "TJS/USDTajik somoni0.10811▼\xa0−0.28%"
    assert arrow.get("aria-hidden") == "true"
    assert re.fullmatch(r"(weaker|stronger) \d+\.\d%", row.find(".//img").get("alt"))


def test_pairs_turned_round_are_told_in_words():
    """A bare plus would say the opposite to half of the readers."""
    edition = Edition(issue(), per_base())
    rates = tree_of(build_digest(site(edition), edition)).find_class("rates")[0]

    rows = [row.text_content() for row in rates.findall("tbody/tr")]

    assert rows[1] == "USD/KZTKazakh tenge518.10▼\xa0weaker 1.71%"
    assert rows[4] == "USD/TMTTurkmen manat3.50●\xa0fixed"


@pytest.mark.parametrize("slot", SLOTS)
def test_each_slot_stands_in_both_parts(slot):
    """Every reader can leave, whichever part is read."""
    digest = small()

    assert slot in digest.html
    assert slot in digest.text


def test_a_slot_in_an_authors_words_is_refused():
    """It would be filled with one reader's private address."""
    edition = Edition(issue(article(body=f"Write {SLOTS[0]} here.")))

    with pytest.raises(InputError, match="fills in itself"):
        build_digest(site(edition), edition)


def test_every_link_is_absolute():
    """A letter has no place of its own, so nothing in it can be relative to it."""
    tree = tree_of(built(example))

    addresses = {link.get("href") for link in tree.iter("a")} - set(SLOTS)

    assert all(address.startswith(("https://", "mailto:")) for address in addresses)


def test_a_relative_link_leads_to_the_issues_page():
    """An author may link a file of the issue's folder."""
    edition = Edition(issue(article(body="See [the table](data.csv).")))

    assert 'href="https://letter.example/2025-12-10/data.csv"' in build_digest(site(edition), edition).html


def test_markup_in_words_stays_words():
    """Angle brackets and quotes of a title are escaped everywhere."""
    edition = Edition(issue(article(title='<b>"Bold"</b> & <script>')))
    digest = build_digest(site(edition), edition)

    assert "<script" not in digest.html
    assert "&lt;b&gt;" in digest.html
    assert '<b>"Bold"</b> & <script>' in digest.text


def test_summary_tells_a_paragraph_and_a_link():
    """With `content = "summary"` the body stays on the site."""
    digest = small(content="summary")

    assert "The new bridge halves the way to work." in digest.html
    assert "214 metres" not in digest.html + digest.text


def test_lead_full_tells_only_the_first_story_whole():
    """The second one is a summary."""
    second = article(id="2025-12-10.b", slug="b", title="B", summary="Short of it.", body="Long of it.")
    edition = Edition(issue(article(), second))

    digest = build_digest(with_settings(site(edition), content="lead-full"), edition)

    assert "214 metres" in digest.text
    assert "Short of it." in digest.text
    assert "Long of it." not in digest.text


def long_issue():
    """Make an issue whose second story alone is larger than Gmail shows."""
    long = article(id="2025-12-10.l", slug="l", title="Long", summary="In short.", body="Many words. " * 9000)
    return Edition(issue(article(), long))


def test_an_oversize_letter_is_shortened_by_its_largest_story():
    """The largest story becomes a summary, the others stay whole, and the editor is told."""
    edition = long_issue()

    digest = build_digest(site(edition), edition)

    assert digest.size < SHORTEN_ABOVE
    assert "214 metres" in digest.html
    assert "In short." in digest.html
    assert [(remark.code, "“Long”" in remark.message) for remark in digest.remarks] == [("L101", True)]


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (1, "“Long 0” goes out as a summary and a link, because"),
        (2, "“Long 0” and “Long 1” go out as summaries and links, because"),
        (3, "“Long 0”, “Long 1” and “Long 2” go out as summaries and links, because"),
        (40, "“Long 0”, “Long 1”, “Long 2” and 37 more go out as summaries and links, because"),
    ],
)
def test_all_stories_that_were_cut_are_told_in_one_line(count, told):
    """However many there are, the editor reads one finding, at the first of them."""
    stories = [
        article(id=f"{n}", slug=f"s{n}", title=f"Long {n}", body="Many words. " * 9000, file=f"0{n}.md")
        for n in range(count)
    ]
    edition = Edition(issue(*stories))

    (found,) = [remark for remark in build_digest(site(edition), edition).remarks if remark.code == "L101"]

    assert found.message.startswith(told)
    assert found.path == "00.md"


def test_an_oversize_letter_is_refused_if_the_publication_says_so():
    """With `oversize = "refuse"` nothing is cut and the remark stops the publish."""
    edition = long_issue()

    digest = build_digest(with_settings(site(edition), oversize="refuse"), edition)

    assert digest.size > SHORTEN_ABOVE
    assert [(remark.code, remark.severity) for remark in digest.remarks] == [("L103", Severity.ERROR)]


def test_a_story_that_was_cut_is_named_where_it_is_written():
    """The editor is led to the line of its title."""
    edition = long_issue()
    cut = edition.issue.articles[1].model_copy(update={"file": "issues/2025-12-10/02-long.md"})
    made = edition.issue.model_copy(update={"articles": (edition.issue.articles[0], cut)})

    assert shortened(made, [1]).path == "issues/2025-12-10/02-long.md"
    assert shortened(edition.issue, [1]).path == edition.issue.slug


@pytest.mark.parametrize(
    ("size", "oversize", "expected"),
    [
        (80_000, "shorten", []),
        (80_001, "shorten", [("L102", Severity.WARNING, "it fits as it is")]),
        (100_001, "shorten", [("L103", Severity.WARNING, "leave out stories")]),
        (100_001, "refuse", [("L103", Severity.ERROR, "leave out or shorten stories")]),
    ],
)
def test_what_can_be_done_about_the_size_depends_on_how_much_too_large_it_is(size, oversize, expected):
    """Nobody is asked to shorten a letter that fits, or that was shortened as far as it goes."""
    remarks = size_remarks("x" * size, issue(), oversize)

    assert [(r.code, r.severity, r.hint.partition(",")[0].partition(";")[0]) for r in remarks] == expected


def test_size_is_told_as_a_share_of_the_limit():
    """A letter of 51,000 bytes is half of what Gmail shows."""
    assert replace(small(), html="x" * 51_000).share_of_limit == 50


def test_corrections_and_withdrawals_are_told_above_the_story():
    """A withdrawn story keeps its place and says why; its text is gone."""
    gone = {"at": "2025-12-11T09:30:00+06:00", "text": "It was a rumour.", "retraction": True}
    edition = Edition(issue(article(corrections=[gone])))

    digest = build_digest(site(edition), edition)

    assert "Withdrawn, 11 Dec 2025:" in digest.html
    assert "It was a rumour." in digest.text
    assert "Read the full story" not in digest.html + digest.text
    assert "214 metres" not in digest.html + digest.text


def test_what_is_seen_and_who_made_it_are_two_sentences():
    """In the letter as in feeds."""
    seen = {"path": "images/a.png", "alt": "A dam", "caption": "The crest", "credit": "Photo: Kabar"}
    edition = Edition(issue(article(image=seen)))
    made = replace(site(edition), images={"2025-12-10/images/a.png": picture(600, 90, "PNG")})

    assert ">The crest. Photo: Kabar</p>" in build_digest(made, edition).html


@pytest.mark.parametrize(("width", "shown"), [(200, 200), (900, 520)])
def test_a_picture_is_never_enlarged(width, shown):
    """A portrait of 200 pixels is not blown up to the column, above a story or inside it."""
    told = article(image={"path": "images/a.png", "alt": "A face"}, body="![A face](images/a.png)")
    edition = Edition(issue(told))
    made = replace(site(edition), images={"2025-12-10/images/a.png": picture(width, 90, "PNG")})

    found = tree_of(build_digest(made, edition)).find_class("pic")

    assert [image.get("width") for image in found] == [str(shown)] * 2
    assert all(re.findall(r"max-width:(\d+)px", image.get("style")) == [str(shown)] for image in found)


@pytest.mark.parametrize(
    ("typed", "read"),
    [("дала.қаз", "дала.қаз"), ("straße.example", "straße.example"), ("my_host.example", "my_host.example")],
)
def test_readers_are_told_the_name_that_they_typed(typed, read):
    """A host in letters of any alphabet is not spelt as machines do, and an odd one stops no letter."""
    edition = Edition(issue())
    made = site(edition)
    address = publication(url=f"https://{typed}/").url
    made = replace(made, publication=made.publication.model_copy(update={"url": address}))

    assert f"because you signed up at {read}." in " ".join(build_digest(made, edition).text.split())


def test_a_correction_is_of_the_publications_day():
    """Late in the evening by universal time it is tomorrow in Bishkek, in the letter as on the page."""
    mended = {"at": "2025-12-10T22:00:00Z", "text": "It is 214 metres long."}
    edition = Edition(issue(article(corrections=[mended])))

    digest = build_digest(site(edition), edition)

    assert "Correction, 11 Dec 2025:" in digest.html
    assert "Correction, 11 Dec 2025:" in digest.text


def test_sparklines_are_files_of_the_site_named_by_their_hash():
    """The letter says where they are, the digest carries them to the site."""
    edition = Edition(issue(), in_base())
    digest = build_digest(site(edition), edition)

    addresses = set(re.findall(r'src="https://letter\.example/([^"]+)"', digest.html))

    assert addresses == set(digest.assets)
    assert all(re.fullmatch(r"assets/[a-z]{3}-usd-[0-9a-f]{16}\.png", path) for path in addresses)
    assert all(data.startswith(b"\x89PNG") for data in digest.assets.values())


def test_inline_pictures_travel_with_the_letter():
    """With `images = "inline"` nothing is fetched from the site."""
    edition = Edition(issue(), in_base())
    digest = build_digest(with_settings(site(edition), images="inline"), edition)

    assert {f"cid:{image.cid}" for image in digest.images} == set(re.findall(r'src="([^"]+)"', digest.html))
    assert not digest.assets


@pytest.mark.parametrize(("sparkline", "blocks"), [("blocks", True), ("none", False)])
def test_sparklines_can_be_blocks_or_left_out(sparkline, blocks):
    """A publication may do without pictures."""
    edition = Edition(issue(), in_base())
    made = site(edition)
    made = replace(made, rates=made.rates.model_copy(update={"sparkline": sparkline}))

    digest = build_digest(made, edition)

    assert "<img" not in digest.html
    assert ("▁" in digest.html) is blocks
    assert ("▁" in digest.text) is blocks


def test_pictures_from_elsewhere_become_links():
    """A picture on another server would tell it who opens the letter."""
    edition = Edition(issue(article(body="![A pixel](https://tracker.example/p.gif)")))

    digest = build_digest(site(edition), edition)

    assert "<img" not in digest.html
    assert 'href="https://tracker.example/p.gif"' in digest.html


def test_a_right_to_left_letter_mirrors_its_sides():
    """Direction is declared, sides are swapped, and numbers keep their own direction."""
    digest = built(persian)
    tree = tree_of(digest)

    assert (tree.get("lang"), tree.get("dir")) == ("fa", "rtl")
    assert "border-right:4px solid" in tree.find_class("qb")[0].get("style")
    assert all("ltr" in (span.get("dir"), span.getparent().get("dir")) for span in tree.find_class("num"))


@pytest.mark.parametrize(
    ("around", "own", "direction", "side"), [("en", "fa", "rtl", "right"), ("fa", "en", "ltr", "left")]
)
def test_a_story_may_run_otherwise_than_its_letter(around, own, direction, side):
    """It says so, and its lines begin and its quotations are marked on its own side."""
    edition = Edition(issue(article(language=own, body="> Water.\n\n- One.\n"), article(id="2", slug="two")))

    made = site(edition)
    made = replace(made, publication=made.publication.model_copy(update={"language": around}))
    tree = tree_of(build_digest(made, edition))
    story, other = tree.find_class("art")

    assert (story.get("lang"), story.get("dir"), other.get("dir")) == (own, direction, None)
    assert f"text-align:{side}" in story.get("style")
    assert f"border-{side}:4px solid" in story.find_class("qb")[0].get("style")
    assert [link.get("dir") for link in tree.find_class("toca")] == [direction, None]


def test_a_publications_sheet_that_imports_is_refused(tmp_path):
    """A style sheet of one's own may not fetch anything, and the file is named."""
    edition = Edition(issue())
    made = site(edition)
    (tmp_path / "email").mkdir()
    (tmp_path / "email" / "inline.css").write_text("@import url(http://127.0.0.1:9/x.css);")
    own = environment([tmp_path, ROOT / "templates"])

    with pytest.raises(ConfigurationError, match=r"email/inline\.css: '@import' does not work"):
        build_digest(replace(made, templates=own), edition)


@pytest.mark.parametrize(("way", "pictures", "blocks"), [("png", 6, 0), ("blocks", 0, 6), ("none", 0, 0)])
def test_thirty_days_are_drawn_as_the_settings_say(way, pictures, blocks):
    """A picture, a row of blocks that needs none, or nothing."""
    edition = Edition(issue(), in_base())
    drawn = replace(site(edition), rates=RatesSettings(sparkline=way))
    rates = tree_of(build_digest(drawn, edition)).find_class("rates")[0]
    assert len(list(rates.iter("img"))) == pictures
    assert len(re.findall("[▁▂▃▄▅▆▇█]{2,}", rates.text_content())) == blocks
