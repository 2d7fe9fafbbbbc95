"""The copy desk: each rule finds its slip, and leaves good copy alone."""

from datetime import UTC, datetime, timedelta

import pytest
from builders import article, issue, publication

from publisher.checking.rules import EXPLANATIONS, RULES, check
from publisher.errors import Finding, Severity

NOW = datetime(2025, 12, 10, 2, 0, tzinfo=UTC)
TYPED = (("title", 3), ("summary", 5), ("body", 9))
GOOD = {"preheader": "A bridge halves the way to work for half of a city, and costs it nine million."}


def findings(*articles, **changes) -> tuple[Finding, ...]:
    """What the desk says about an issue."""
    return check(issue(*articles, **(GOOD | changes)), publication(), now=NOW)


def codes(**changes) -> list[str]:
    """The codes found in an issue of one article."""
    return [finding.code for finding in findings(article(**changes))]


def test_good_copy_is_left_alone() -> None:
    """Silence is what makes the rest heard."""
    assert findings(article()) == ()


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("T101", {"title": "A bridge that nobody thought would ever be built opens in the south of the country"}),
        ("T102", {"title": "BRIDGE OPENS"}),
        ("T103", {"title": "A bridge opens."}),
        ("T104", {"summary": ""}),
        ("T105", {"summary": "A bridge. " * 31}),
        ("T106", {"summary": "A bridge opens in Osh."}),
        ("T111", {"authors": []}),
        ("T112", {"body": ""}),
        ("W201", {"body": "The bridge  opened."}),
        ("W202", {"body": "“The bridge opened.\n\nHe left."}),
        ("W202", {"body": "It opened (at last."}),
        ("W202", {"body": "Он сказал: «Мост открыт."}),
        ("W202", {"body": 'He said "yes.'}),
        ("W203", {"body": "The bridgе opened."}),
        ("W203", {"title": "Мoст открыт"}),
        ("W205", {"body": "The the bridge opened."}),
        ("W206", {"body": "Dear {{ name }}, it opened."}),
        ("W206", {"title": "Issue {% number %}"}),
        ("W207", {"body": "It cost TODO million."}),
        ("W207", {"body": "It cost ??? million."}),
        ("W207", {"body": "Lorem ipsum dolor."}),
        ("W207", {"body": "Opening hours: TBC."}),
        ("W207", {"body": "It cost XXX million."}),
        ("W208", {"body": "It carries:\n\n## Cost\n\nNine million."}),
        ("W208", {"body": "It carries:"}),
        ("W209", {"body": "It opened.\n\n## Cost\n\n## Length\n\nLong."}),
        ("W209", {"body": "It opened.\n\n## Cost\n"}),
        ("W210", {"body": "It opened—at last. It cost – so they say – nine million."}),
        ("W211", {"body": "Floods came in 2020, 2017 and 2018."}),
        ("W212", {"body": " ".join(f"w{n}" for n in range(1001))}),
        ("W213", {"body": "It ** opened ** today."}),
        ("W213", {"body": "See [the plan] (https://plan.example/)."}),
        ("W213", {"body": "##Cost"}),
        ("W213", {"body": "See [the plan](file:///C:/plan.docx)."}),
        ("W213", {"summary": "The **bridge** over the Ak-Buura carries cars."}),
        ("W213", {"summary": "A [bridge](https://bridge.example/) over the Ak-Buura."}),
        ("W213", {"title": "A *bridge* opens"}),
        ("W214", {"body": "It opened.<br>It cost nine million."}),
        ("W214", {"body": "<iframe height=300>"}),
        ("W214", {"body": "It opened.<o:p>"}),
        ("W215", {"body": 'He said “yes”. She said "no".'}),
        ("L301", {"body": "Read it [here](https://plan.example/)."}),
        ("L301", {"body": "План [по ссылке](https://plan.example/)."}),
        ("L302", {"body": "Read [the plan](http://plan.example/)."}),
        ("L303", {"body": "Read [the plan](https://plan.example/?utm_source=x&id=1)."}),
        ("L304", {"body": "Read [the plan]()."}),
        ("L304", {"body": "Read [](https://plan.example/)."}),
        ("L304", {"body": "Read [the plan](https://plan.example:99999/)."}),
        ("L304", {"body": "Read [the plan](www.plan.example)."}),
        ("L304", {"body": "Read [the plan](plan.kg)."}),
        ("L304", {"body": "Read [the plan](plan.example/2025/?id=1)."}),
        ("L305", {"body": "Read https://plan.example/ now."}),
        ("L306", {"body": "Read [the plan](http://localhost:8000/)."}),
        ("L306", {"body": "Read [the plan](https://192.168.0.4/plan)."}),
        ("L306", {"body": "Read [the plan](https://[::1]/plan)."}),
        ("L307", {"body": "Read [the plan](ftp://plan.example/)."}),
        ("P401", {"image": {"path": "images/a.png", "alt": "image 1", "credit": "Kabar"}}),
        ("P401", {"image": {"path": "images/a.png", "alt": "IMG_2041.jpg", "credit": "Kabar"}}),
        ("P401", {"body": "![](images/a.png)"}),
        ("P402", {"image": {"path": "images/a.png", "alt": "Photo of a bridge", "credit": "Kabar"}}),
        ("P402", {"image": {"path": "images/a.png", "alt": "A bridge " * 30, "credit": "Kabar"}}),
        ("P403", {"image": {"path": "images/a.png", "alt": "A bridge over brown water"}}),
        ("P404", {"image": {"path": "images/a.png", "alt": "A bridge", "credit": "K", "width": 320}}),
        ("P405", {"image": {"path": "images/a.png", "alt": "A bridge", "credit": "K", "bytes": 2_000_000}}),
        ("D501", {"published": NOW + timedelta(minutes=1)}),
        ("D501", {"updated": NOW + timedelta(days=1)}),
        ("D502", {"updated": NOW - timedelta(days=1)}),
        ("D502", {"corrections": [{"at": NOW - timedelta(days=1), "text": "Nine, not ten."}]}),
        ("D503", {"published": NOW - timedelta(days=40)}),
    ],
)  # fmt: skip
def test_each_slip_is_found_by_its_rule_alone(code, changes) -> None:
    """One slip, one finding: a desk that says things twice is not read."""
    assert codes(**changes) == [code]


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("T102", {"subject": "BRIDGE OPENS"}),
        ("T108", {"subject": "A bridge opens in the south of the country, and what it has cost"}),
        ("T109", {"preheader": ""}),
        ("T110", {"preheader": "A bridge opens."}),
        ("W201", {"lead": "Good  morning."}),
    ],
)
def test_slips_of_the_issue_s_front_are_found(code, changes) -> None:
    """issue.md is read as closely as the stories."""
    found = findings(article(), folder="issues/2025-12-10", **changes)
    assert [(finding.code, finding.path) for finding in found] == [(code, "issues/2025-12-10/issue.md")]


@pytest.mark.parametrize(
    "body",
    [
        "“A first paragraph of a speech.\n\n“And its second,” he said.",
        "Er sagte: „Ja“. Он сказал: «Да».",
        "Он сказал: «Мост открыт.\n\nЕго ждали, пишет «Кабар».\n\nТеперь он есть».",
        "1) first 2) second",
        "The word a) counts.",
        "It had had no bridge, he said that that was all.",
        "Floods came in 2017, 2018 and 2020; droughts in 2021, 2019 and 2016.",
        "It carries:\n\n- cars\n- lorries",
        "It carries:\n\n| a | b |\n|--|--|\n| 1 | 2 |",
        "## Cost\n\n### In som\n\nMany.",
        "Use `{{ name }}` and `**` as they stand.\n\n    TODO in code\n",
        "Read [the plan](https://plan.example/?id=1) or <https://plan.example/>.",
        "Write to [the desk](mailto:desk@letter.example).",
        "Read [yesterday's issue](/2025-12-09/), [the one before](../2025-12-08/) or [the list](about.html).",
        "Қазақстан мен Өзбекстан, Ñandú, naïve, O‘zbekiston.",
        "Он сказал, что что-то пошло не так, и что-то то и дело ломается.",
        "It is no no-fly zone; U keldi va va’da berdi.",
        "Ал ал жерге барды. Ол ол туралы айтты. Ol ol barada aýtdy.",
        "TBC Uzbekistan grew, and TBC lent more. XXX Олимпийские игры, the XXX Games.",
        "It is 2 * 3 * 4, and snake_case_word stays.",
    ],
)
def test_what_looks_odd_but_is_right_is_left_alone(body) -> None:
    """False alarms teach editors to look away."""
    assert codes(body=body) == []


@pytest.mark.parametrize(
    "title",
    ["Bridge sold to the U.S.", "Мост открыт в 2025 г.", "Мост стоит 5 млн руб.", "Bridge built by Osh Inc."],
)
def test_the_full_stop_of_an_abbreviation_stays(title) -> None:
    """A headline that ends with a word cut short is no sentence."""
    assert codes(title=title) == []


@pytest.mark.parametrize("title", ["2 * 3 * 4 bridges", "#Bridges for Osh", "Bridge, [sic] (rebuilt)"])
def test_a_headline_may_hold_signs_that_mark_nothing(title) -> None:
    """Stars that multiply, a tag, and brackets that are no link."""
    assert codes(title=title) == []


def test_two_stories_are_compared() -> None:
    """One headline or one long sentence in two stories is a paste too many."""
    sentence = "The bridge opened on Monday after eleven years of building."
    first = article(file="01.md", body=sentence, lines=TYPED)
    second = article(id="b", slug="b", file="02.md", body=f"Well. {sentence}", lines=TYPED)
    assert [str(finding) for finding in findings(first, second)] == [
        "02.md:3:1: title: is the title of 01.md too -> change one of the two",
        "02.md:9:7: “The bridge opened …” is said in 01.md:9 already -> delete one of the two",
    ]


def test_a_withdrawn_story_needs_no_text() -> None:
    """Its notice is all that readers see."""
    notice = {"at": NOW, "text": "We withdraw it.", "retraction": True}
    assert "T112" not in codes(body="", corrections=[notice])


def test_an_issue_that_is_early_is_told_once() -> None:
    """Stories follow their issue's time; ten of them are not ten remarks."""
    early = NOW + timedelta(hours=1)
    front = (("title", 2), ("published", 4), ("body", 9))
    stories = [
        article(published=early),
        article(id="b", slug="b", title="Two", body="Else.", published=early),
    ]
    (found,) = findings(*stories, folder="issues/2025-12-10", published=early, lines=front)
    assert (found.code, found.place) == ("D501", "issues/2025-12-10/issue.md:4:1")


def test_a_correction_of_tomorrow_is_told_as_one() -> None:
    """The field that is named is the one that was typed."""
    late = {"at": NOW + timedelta(days=1), "text": "Nine, not ten."}
    (found,) = findings(article(file="01.md", corrections=[late], lines=(*TYPED, ("corrections", 6))))
    assert (found.code, found.place, found.field) == ("D501", "01.md:6:1", "corrections")


def test_words_are_found_to_the_column() -> None:
    """The line is the file's, not the body's."""
    found = findings(article(file="01.md", body="It opened.\n\nIt cost\nTODO million.", lines=TYPED))
    assert str(found[0]) == "01.md:12:1: is not finished: TODO -> finish it, then delete the mark"


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ("One TODO here and\nanother TODO there.", ["9:5", "10:9"]),
        ("He saw the\nthe dam.\n\nAgain the the dam.", ["9:8", "12:7"]),
        ("See [the (old) plan](https://a.example/x_(y)) and (open here.", ["9:51"]),
        ("The plan (one) is good) and late.", ["9:23"]),
        ("[План](http://пример.рф/путь).", ["9:8"]),
        ("[One](http://a.example), [two](http://a.example).", ["9:7", "9:32"]),
        ("![A dam](images/a.png) and\n![](images/a.png)", ["10:1"]),
    ],
)
def test_each_remark_names_its_own_place(body, places) -> None:
    """The second slip of a paragraph is not where the first one stands, nor in another paragraph."""
    found = findings(article(file="01.md", body=body, lines=TYPED))
    assert [finding.place.removeprefix("01.md:") for finding in found] == places


def test_an_excuse_sets_one_rule_aside_in_one_file() -> None:
    """With its reason, beside the words; an idle or bare one is found itself."""
    excused = "It opened  today. <!-- lint-ok W201: set so in the plan -->"
    assert codes(body=excused) == []
    assert codes(body=excused.replace(": set so in the plan", "")) == ["C901"]
    assert codes(body="It opened. <!-- lint-ok W201: set so -->") == ["C901"]
    assert codes(body=excused.replace("W201", "W202")) == ["C901", "W201"]


def test_codes_are_unique_and_explained() -> None:
    """A code means one thing for ever; its sentence is what --explain says."""
    names = [rule.code for rule in RULES]
    assert len(set(names)) == len(names)
    assert all(EXPLANATIONS[name].endswith(".") for name in names)


def test_only_what_must_not_be_published_is_an_error() -> None:
    """Errors stop a publish; taste does not."""
    errors = {rule.code for rule in RULES if rule.severity is Severity.ERROR}
    assert errors == {"W206", "W207", "L304", "L306", "D502"}


def test_every_rule_is_in_the_manual(repository) -> None:
    """docs/copy-desk.md says what the program does: rules with their weight, other codes with their reason."""
    manual = (repository / "docs" / "copy-desk.md").read_text("utf-8")
    missing = [
        rule.code for rule in RULES if f"| {rule.code} | {rule.severity.value} | {rule.why} |" not in manual
    ]
    assert missing == []
    assert [code for code, why in EXPLANATIONS.items() if code not in manual or why not in manual] == []


@pytest.mark.parametrize(
    "body", ["Он сказал: «Мост открыт.\n\n## Цена\n\nОн дорог».", "Мост открыт».\n\nОн сказал: «Да."]
)
def test_halves_of_different_quotations_make_no_whole(body) -> None:
    """A quotation runs on from paragraph to paragraph, not across a heading, nor backwards."""
    assert codes(body=body) == ["W202", "W202"]
