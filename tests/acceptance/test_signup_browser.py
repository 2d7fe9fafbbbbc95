"""The whole way in Chromium, without JavaScript, on both databases; and what axe-core says of each page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import chromium
from conftest import TOOLS
from playwright.sync_api import Browser, Page
from public_door import PublicDoor

from publisher.subscribers.tokens import Keyring, Purpose

pytestmark = pytest.mark.browser
RING = Keyring((b"n" * 32,))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests here."""
    with chromium() as started:
        yield started


@pytest.fixture
def door(tmp_path: Path, database_url: str) -> Iterator[PublicDoor]:
    """A door that is open."""
    opened = PublicDoor.of(tmp_path, database_url)
    opened.open()
    yield opened
    opened.kill()


def heading(page: Page) -> str:
    """What the page says it is."""
    return page.inner_text("h1")


def test_sign_up_confirm_choose_and_leave(door: PublicDoor, browser: Browser) -> None:
    """A reader with scripts switched off does it all with links and buttons."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"{door.url}/subscribe")
    page.fill("#email", "aigul@example.org")
    page.wait_for_timeout(3100)
    page.click("text=Subscribe >> nth=-1")
    assert heading(page) == "Look into your mailbox"
    page.goto(door.url + door.letter_to("aigul@example.org"))
    page.click("button")
    assert heading(page) == "You are subscribed"
    page.goto(f"{door.url}/preferences/{RING.sign(Purpose.PREFERENCES, 1)}")
    page.uncheck("#topic-economy")
    page.click("text=Save")
    assert page.inner_text("[role=status]") == "Saved."
    assert not page.is_checked("#topic-economy")
    assert page.is_checked("#topic-nature")
    page.click("button.quiet")
    assert heading(page) == "You are unsubscribed"
    page.click("text=Subscribe >> nth=-1")
    assert heading(page) == "Subscribe to Steppe Letter"
    shown = door.publisher("subscribers", "show", "aigul@example.org").stdout
    assert "state    left" in shown
    assert context.cookies() == []
    assert complaints == []
    context.close()


@pytest.mark.node
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [800, 320])
def test_axe_finds_no_barrier_at_the_door(tmp_path: Path, browser: Browser, width: int, scheme) -> None:
    """WCAG 2.2 AA holds on every page of the door, and none is wider than the screen."""
    door = PublicDoor.of(tmp_path, "sqlite:///data/publisher.db")
    door.publisher("subscribers", "add", "aigul@example.org")
    door.open()
    paths = ["subscribe", "nothing", "confirm/forged"]
    paths += [f"{purpose.name.lower()}/{RING.sign(purpose, 1)}" for purpose in list(Purpose)[1:3]]
    axe = (TOOLS / "axe-core" / "axe.min.js").read_text("utf-8")
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    said: list[str] = []
    for path in paths:
        page.goto(f"{door.url}/{path}")
        page.evaluate(axe)
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        found = page.evaluate("tags => axe.run({ runOnly: tags })", tags)
        said += [f"{path}: {v['id']}: {n['html'][:90]}" for v in found["violations"] for n in v["nodes"]]
        assert page.evaluate("document.documentElement.scrollWidth") == width
    context.close()
    door.kill()
    assert said == []
