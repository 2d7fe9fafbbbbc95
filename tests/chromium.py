"""Debian's Chromium, opened for a test: nothing is fetched but what the test hands over."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Literal
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

PATH = shutil.which("chromium")
needs_chromium = [
    pytest.mark.browser,
    pytest.mark.skipif(PATH is None, reason="no Chromium here; ./run system-deps installs it"),
]

PATIENCE = 180_000
"""Milliseconds: a busy machine must not change a verdict."""

_QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium and end it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PATH, args=_QUIET)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def served(
    browser: Browser,
    html: str,
    files: Mapping[str, bytes],
    *,
    width: int,
    scheme: Literal["light", "dark"] = "light",
) -> Iterator[Page]:
    """Open a page whose files, by path, come from the test; any other address is refused."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)

    def answer(route: Route) -> None:
        path = unquote(urlsplit(route.request.url).path).lstrip("/")
        if route.request.url == "http://letter.test/":
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
        elif path in files:
            route.fulfill(body=files[path])
        else:
            route.abort()

    context.route("**/*", answer)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto("http://letter.test/")
    try:
        yield page
    finally:
        context.close()
