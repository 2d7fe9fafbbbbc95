"""Chromium looks at the letter: inlining changes no pixel, nothing overflows, no barrier, valid HTML."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace

import pytest
from builders import issue
from chromium import chromium, served
from conftest import TOOLS
from letter_samples import LETTERS, built, in_base, per_base, site, ten_digits
from playwright.sync_api import Browser, Page

from publisher.rates.settings import RatesSettings
from publisher.rendering import digest as digests
from publisher.rendering.digest import Digest, build_digest
from publisher.rendering.models import Edition

NAMES = list(LETTERS)
SCREENS = [(width, scheme) for width in (800, 375, 320) for scheme in ("light", "dark")]

# What the letter's rules can set, on every element.
COMPUTED = """() => [...document.querySelectorAll('body, body *')].map(element => {
  const style = getComputedStyle(element);
  return element.tagName + ' ' + [...style].map(name => name + ':' + style.getPropertyValue(name)).join(';');
})"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests here."""
    with chromium() as started:
        yield started


def letter(name: str) -> Digest:
    """Build one of the sample letters."""
    return built(LETTERS[name])


def before_inlining(name: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Render the same letter with its style sheets still in the head."""
    monkeypatch.setattr(digests, "inline", lambda page: page)
    return digests.build_digest(*LETTERS[name]()).html


@pytest.mark.browser
@pytest.mark.parametrize("name", ["example", "russian", "persian", "unshortened"])
def test_inlining_changes_no_computed_style(browser, name, monkeypatch):
    """On three screens, light and dark, every element looks as its style sheets say."""
    inlined, source = letter(name).html, before_inlining(name, monkeypatch)
    differences = {}
    for width, scheme in SCREENS:
        found = []
        for html in (source, inlined):
            with served(browser, html, letter(name).assets, width=width, scheme=scheme) as page:
                found.append(page.evaluate(COMPUTED))
        assert len(found[0]) == len(found[1]) > 50
        differences[width, scheme] = [pair for pair in zip(*found, strict=True) if pair[0] != pair[1]][:3]
    assert differences == {screen: [] for screen in SCREENS}


def overflowing(browser: Browser, digest: Digest) -> list[str]:
    """Where a letter is wider than the screen, with its style elements and without them."""
    bare = re.sub(r"(?s)<style>.*?</style>", "", digest.html)
    found = []
    for said, html in [("styled", digest.html), ("bare", bare)]:
        with served(browser, html, digest.assets, width=800) as page:
            for width in (320, 360, 375, 390, 621, 800):
                page.set_viewport_size({"width": width, "height": 900})
                wide = page.evaluate("document.documentElement.scrollWidth")
                found += [f"{said} {width}: {wide}"] if wide > width else []
    return found


@pytest.mark.browser
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_wider_than_the_screen(browser, name):
    """No letter scrolls sideways, not even where a client drops its style elements."""
    assert overflowing(browser, letter(name)) == []


@pytest.mark.browser
@pytest.mark.parametrize("tag", ["en", "ru", "kk", "ky", "uz", "uz-Cyrl", "tg", "tk", "fa"])
@pytest.mark.parametrize("table", [in_base, per_base, ten_digits], ids=lambda table: table.__name__)
@pytest.mark.parametrize("sparkline", ["png", "blocks"])
def test_every_languages_rates_fit_the_narrowest_telephone(browser, tag, table, sparkline):
    """Whatever its words, whichever way the pairs stand, with figures of ten digits."""
    edition = Edition(issue(), table())
    home = replace(site(edition, language=tag), rates=RatesSettings(sparkline=sparkline))
    assert overflowing(browser, build_digest(home, edition)) == []


def barriers(page: Page) -> list[str]:
    """Run axe-core; that a letter is no landmark is the mail client's affair."""
    page.evaluate((TOOLS / "axe-core" / "axe.min.js").read_text("utf-8"))
    options = {
        "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
        "rules": {"region": {"enabled": False}, "landmark-one-main": {"enabled": False}},
    }
    found = page.evaluate("options => axe.run(options)", options)
    return [f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]]


@pytest.mark.browser
@pytest.mark.node
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_no_barrier(browser, name):
    """WCAG 2.2 AA holds at two widths, light and dark."""
    said = {}
    for width, scheme in [(w, s) for w, s in SCREENS if w != 320]:
        made = letter(name)
        with served(browser, made.html, made.assets, width=width, scheme=scheme) as page:
            said[width, scheme] = barriers(page)
    assert {screen: found for screen, found in said.items() if found} == {}


@pytest.mark.java
@pytest.mark.parametrize("name", NAMES)
def test_the_nu_checker_has_nothing_to_say(name, tmp_path):
    """Valid HTML, but for what only Outlook understands and for slots that are no addresses yet."""
    page = tmp_path / "letter.html"
    page.write_text(letter(name).html.replace("%%", ""), encoding="utf-8")
    jar = TOOLS / "vnu-jar" / "build" / "dist" / "vnu.jar"
    command = ["java", "-Xss4m", "-jar", str(jar), "--errors-only", "--format", "gnu"]
    outlook = ["--filterpattern", ".*(xmlns:[vo]|mso-hide|text-size-adjust).*"]
    done = subprocess.run(
        [*command, *outlook, str(page)], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.stderr == ""


RULES = {
    "no-inline-style": "off",
    "no-conditional-comment": "off",
    "prefer-tbody": "off",
    "no-deprecated-attr": "off",
    "no-trailing-whitespace": "off",
    "doctype-style": "off",
    "long-title": "off",
    "no-raw-characters": "off",
    "prefer-native-element": ["error", {"exclude": ["article", "presentation"]}],
}


@pytest.mark.node
@pytest.mark.parametrize("name", NAMES)
def test_html_validate_has_nothing_to_say(name, tmp_path):
    """Its recommended and accessibility rules hold, but for those that letters break by nature."""
    config, page = tmp_path / "rules.json", tmp_path / "letter.html"
    presets = ["html-validate:recommended", "html-validate:a11y"]
    config.write_text(json.dumps({"root": True, "extends": presets, "rules": RULES}), "utf-8")
    page.write_text(letter(name).html, encoding="utf-8")
    command = [
        "node",
        str(TOOLS / "html-validate" / "bin" / "html-validate.mjs"),
        "--config",
        str(config),
        str(page),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert (done.stdout, done.returncode) == ("", 0)
