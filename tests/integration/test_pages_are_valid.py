"""Independent judges look at every page: the Nu checker, html-validate, axe-core, and Chromium's layout."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import builders
import pytest
from builders import daily
from chromium import chromium
from conftest import TOOLS
from hostile import hostile_site
from long_reads import long_site
from playwright.sync_api import Browser
from sites import example_site, opened, write

from publisher.rendering.pages.plan import page_files

KINDS = [
    "",
    "2025-12-10/",
    "2025-12-09/railway/",
    "2025-12-10/red-caspian/",
    "sections/environment/",
    "archive/",
    "archive/2025/",
    "feeds/",
    "404.html",
]
HOSTILE = [
    "",
    "2025-12-10/",
    *(f"2025-12-10/story-{n}/" for n in range(6)),
    "sections/economy/",
    "sections/economy/1/",
    "archive/",
    "feeds/",
    "404.html",
]
LONG = {
    "corrections": [{"at": "2025-12-11T09:30+06:00", "text": "It is 9 metres."}],
    "image": {"path": "images/gate.png", "alt": "A gate"},
    "sources": ["Kabar"],
}
BUSY = ["archive/2024/", "archive/2024/02/", "sections/economy/", "sections/economy/3/", "feeds/"]


@pytest.fixture(scope="module")
def example() -> dict[str, bytes]:
    """Render the example publication."""
    return page_files(example_site(Path(__file__).resolve().parents[2]))


@pytest.fixture(scope="module", params=["en", "fa", "ru"])
def hostile(request: pytest.FixtureRequest) -> dict[str, bytes]:
    """Render the dreadful publication, also from right to left."""
    return page_files(hostile_site(request.param))


@pytest.fixture(scope="module")
def busy() -> dict[str, bytes]:
    """Render a daily in Russian whose year is told by month."""
    return page_files(builders.site(*daily(366), language="ru"))


@pytest.fixture(scope="module", params=["en", "fa", "ru"])
def long_reads(request: pytest.FixtureRequest) -> dict[str, bytes]:
    """Render a story of several pages, also from right to left."""
    return dict(page_files(long_site(request.param, **LONG)))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests here."""
    with chromium() as started:
        yield started


def nu_complaints(pages: list[Path]) -> str:
    """Run the Nu HTML checker; one line a complaint."""
    jar = TOOLS / "vnu-jar" / "build" / "dist" / "vnu.jar"
    command = ["java", "-Xss4m", "-jar", str(jar), "--format", "gnu", *map(str, pages)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120).stderr


@pytest.mark.java
def test_the_nu_checker_has_nothing_to_say(example, tmp_path):
    """No error, no warning on any page of the example."""
    assert nu_complaints(write(example, tmp_path)) == ""


@pytest.mark.java
def test_the_nu_checker_finds_no_error_in_hostile_words(hostile, tmp_path):
    """Nor an error on pages of the dreadful publication; its guesses at the language are its own."""
    complaints = nu_complaints(write(hostile, tmp_path)).splitlines()
    assert [line for line in complaints if "This document appears to be written in" not in line] == []


def html_validate_complaints(pages: list[Path], tmp_path: Path) -> str:
    """Run html-validate with its recommended and accessibility rules; how long a headline is, is the editor's."""
    config = tmp_path / "rules.json"
    rules = {"long-title": "off"}
    presets = ["html-validate:recommended", "html-validate:a11y"]
    config.write_text(json.dumps({"root": True, "extends": presets, "rules": rules}), "utf-8")
    command = ["node", str(TOOLS / "html-validate" / "bin" / "html-validate.mjs"), "--config", str(config)]
    done = subprocess.run(
        [*command, *map(str, pages)], capture_output=True, text=True, check=False, timeout=120
    )
    return done.stdout + done.stderr


@pytest.mark.node
def test_html_validate_has_nothing_to_say(example, tmp_path):
    """On any page of the example."""
    assert html_validate_complaints(write(example, tmp_path / "site"), tmp_path) == ""


@pytest.mark.node
def test_html_validate_has_nothing_to_say_of_hostile_words(hostile, tmp_path):
    """Nor on the pages of the dreadful publication."""
    pages = write({path: hostile[path] for path in map(file_of, HOSTILE)}, tmp_path / "site")
    assert html_validate_complaints(pages, tmp_path) == ""


@pytest.mark.java
@pytest.mark.node
def test_the_checkers_have_nothing_to_say_of_a_daily(busy, tmp_path):
    """Nor on months and on the pages of a section."""
    pages = write({path: busy[path] for path in map(file_of, BUSY)}, tmp_path / "site")
    assert nu_complaints(pages) + html_validate_complaints(pages, tmp_path) == ""


@pytest.mark.java
@pytest.mark.node
def test_the_checkers_have_nothing_to_say_of_a_long_read(long_reads, tmp_path):
    """Nor on any page of a story that takes several."""
    pages = write({path: data for path, data in long_reads.items() if "bridge" in path}, tmp_path / "site")
    assert len(pages) > 2
    complaints = (nu_complaints(pages) + html_validate_complaints(pages, tmp_path)).splitlines()
    assert [line for line in complaints if "This document appears to be written in" not in line] == []


LAYOUT_SHIFT = """() => new Promise(told => {
    let shift = 0;
    const watch = list => { for (const entry of list.getEntries()) shift += entry.value; };
    new PerformanceObserver(watch).observe({ type: 'layout-shift', buffered: true });
    setTimeout(() => told(shift), 200);
})"""


def file_of(path: str) -> str:
    """`archive/` -> `archive/index.html`."""
    return path if path.endswith(".html") else f"{path}index.html"


def axe_violations(page) -> list[str]:
    """Run axe-core's WCAG 2.2 A and AA rules and its best practices."""
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = page.evaluate("tags => axe.run({ runOnly: tags })", tags)
    return [f"{v['id']}: {node['html'][:120]}" for v in found["violations"] for node in v["nodes"]]


def overflows(page, widths=(320, 375, 800, 1024, 1440)) -> dict[int, int]:
    """Widths at which a page scrolls sideways, and how wide it is there."""
    found = {}
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        if (needed := page.evaluate("document.documentElement.scrollWidth")) > width:
            found[width] = needed
    return found


@pytest.mark.browser
@pytest.mark.node
@pytest.mark.slow
@pytest.mark.parametrize("path", KINDS)
def test_axe_finds_no_barrier(browser, example, path):
    """WCAG 2.2 AA holds on every kind of page, at two widths, light and dark."""
    said = {}
    with opened(browser, example, path) as page:
        page.evaluate((TOOLS / "axe-core" / "axe.min.js").read_text("utf-8"))
        for width in (800, 375):
            page.set_viewport_size({"width": width, "height": 900})
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                said[width, scheme] = axe_violations(page)
    assert {key: found for key, found in said.items() if found} == {}


@pytest.mark.browser
@pytest.mark.node
@pytest.mark.slow
def test_axe_finds_no_barrier_in_hostile_words(browser, hostile):
    """Nor where words, tables and lists are dreadful, also from right to left."""
    said = {}
    for path in ("", "2025-12-10/", "2025-12-10/story-1/", "feeds/"):  # the issue has every kind of text
        with opened(browser, hostile, path, width=375, scheme="dark") as page:
            page.evaluate((TOOLS / "axe-core" / "axe.min.js").read_text("utf-8"))
            said[path] = axe_violations(page)
    assert {path: found for path, found in said.items() if found} == {}


@pytest.mark.browser
@pytest.mark.node
@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_barrier_in_a_long_read(browser, long_reads, scheme):
    """Nor where a story goes from page to page; and no page of it scrolls sideways."""
    said = {}
    for number in ("", "2/", "3/"):
        with opened(browser, long_reads, f"2025-12-10/bridge/{number}", width=375, scheme=scheme) as page:
            page.evaluate((TOOLS / "axe-core" / "axe.min.js").read_text("utf-8"))
            said[number] = axe_violations(page)
            assert overflows(page) == {}
    assert said == {"": [], "2/": [], "3/": []}


@pytest.mark.browser
def test_a_reader_turns_every_page_of_a_story(browser, long_reads):
    """From the first to the last and back, by what is to be seen and nothing else."""
    last = sum("bridge" in path for path in long_reads)
    with opened(browser, long_reads, "2025-12-10/bridge/", width=375) as page:
        for way, steps in (("next", last - 1), ("prev", last - 1)):
            for _ in range(steps):
                page.locator(f"nav.leaves a[rel={way}]").click()
            assert page.url.endswith(f"bridge/{last}/" if way == "next" else "bridge/")
            assert page.locator(f"a[rel={way}]").count() == 0


@pytest.mark.browser
@pytest.mark.slow
def test_nothing_moves_while_a_page_loads(browser, example):
    """The layout shift that Chromium itself measures is nothing on every kind of page."""
    shifts = {}
    for path in KINDS:
        with opened(browser, example, path, width=375) as page:
            page.wait_for_load_state("networkidle")
            shifts[path] = page.evaluate(LAYOUT_SHIFT)
    assert {path: shift for path, shift in shifts.items() if shift} == {}


@pytest.mark.browser
@pytest.mark.parametrize("path", KINDS)
def test_nothing_is_wider_than_the_screen(browser, example, path):
    """From a small telephone to a large desk no page scrolls sideways, and nothing is refused by the policy."""
    complaints: list[str] = []
    with opened(browser, example, path) as page:
        page.on("console", lambda message: complaints.append(message.text))
        page.reload()
        assert overflows(page) == {}
    assert complaints == []


@pytest.mark.browser
@pytest.mark.slow
def test_hostile_words_stay_on_the_screen(browser, hostile):
    """Words of 120 letters, wide tables and right-to-left titles do not push a page sideways."""
    too_wide = {}
    for path in HOSTILE:
        with opened(browser, hostile, path) as page:
            if found := overflows(page):
                too_wide[path] = found
    assert too_wide == {}


@pytest.mark.browser
def test_a_long_credit_stays_on_the_screen(browser):
    """It is kept in one line only where there is room for it."""
    credit = "Photo: Institute of Water Problems and Hydropower of the National Academy of Sciences"
    story = builders.article(image={"path": "images/a.png", "alt": "A dam", "credit": credit})
    images = {"2025-12-10/images/a.png": builders.picture(kind="PNG")}
    files = page_files(builders.site(builders.issue(story), images=images))
    for path in ("2025-12-10/", "2025-12-10/bridge/"):
        with opened(browser, files, path) as page:
            assert overflows(page) == {}


@pytest.mark.browser
def test_pictures_keep_their_place(browser, example):
    """While pictures load nothing moves: layout shift is nothing, with and without the pictures."""
    for files in (example, {path: data for path, data in example.items() if not path.endswith(".png")}):
        with opened(browser, files, "2025-12-10/red-caspian/", width=375) as page:
            height = page.evaluate("document.querySelector('img').getBoundingClientRect().height")
            assert height == pytest.approx(335 * 9 / 16, abs=1)


PICTURE = """() => {
    const image = document.querySelector('img'), box = image.getBoundingClientRect();
    return [box.width * devicePixelRatio, image.currentSrc, image.srcset, box.width / box.height];
}"""


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("path", ["2025-12-10/bridge/", "2025-12-10/", "", "sections/economy/"])
def test_every_screen_takes_the_smallest_picture_that_is_sharp(browser, path):
    """From a plain telephone to a fine desk: never fewer pixels than are shown, nor the next larger file."""
    story = builders.article(image={"path": "images/dam.jpg", "alt": "A dam"})
    site = builders.site(
        builders.issue(story), images={"2025-12-10/images/dam.jpg": builders.picture(2400, 1200)}
    )
    files = page_files(site)
    for width in (320, 375, 800, 1440):
        for scale in (1, 2):
            with opened(browser, files, path, width=width, scale=scale) as page:
                page.locator("img").first.scroll_into_view_if_needed()
                page.wait_for_function("document.querySelector('img').complete")
                shown, taken, offered, shape = page.evaluate(PICTURE)
                assert page.evaluate(LAYOUT_SHIFT) == 0
            widths = [int(candidate.split()[1][:-1]) for candidate in offered.split(", ")]
            assert f"-{next(size for size in widths if size >= shown)}.jpg" in taken, (width, scale)
            assert shape == pytest.approx(2, abs=0.02)


def test_pages_are_small(example, hostile, busy, long_reads):
    """No page weighs 60 KB, pictures aside."""
    heavy = {
        path: len(data)
        for files in (example, hostile, long_reads, {path: busy[path] for path in map(file_of, BUSY)})
        for path, data in files.items()
        if path.endswith(".html") and len(data) >= 60_000
    }
    assert heavy == {}
