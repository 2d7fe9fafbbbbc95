"""Whole sites for tests that look at pages: the example publication, and ways to open a site's files."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

from chromium import PATIENCE
from playwright.sync_api import Browser, Page, Route

from publisher.config import load_settings
from publisher.content.loading import load_issues
from publisher.rates.history import read_history
from publisher.rates.table import build_table
from publisher.rendering.models import Edition, Site
from publisher.rendering.settings import PageSettings
from publisher.rendering.templates import environment, shipped_folder

ADDRESS = "http://site.test/"
# What a careful host sends: pages must work under it.
POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; form-action https:; base-uri 'none'"


def example_site(root: Path) -> Site:
    """Read the example publication of the repository, with a sign-up form."""
    settings = load_settings(root / "publication.toml", {})
    history = read_history(root / "rates" / "history.csv")
    issues = load_issues(root, settings.publication)
    site = Site(
        publication=settings.publication,
        editions=tuple(
            Edition(issue, issue.rates and build_table(issue.rates, history, settings.rates, issue.date))
            for issue in issues
        ),
        images={
            path.relative_to(root / "issues").as_posix(): path.read_bytes()
            for path in root.glob("issues/*/images/*")
        },
        templates=environment([shipped_folder()]),
        theme=settings.theme,
        feeds=settings.feeds,
        email=settings.email,
    )
    return replace(site, pages=PageSettings(subscribe="https://meridian.example/subscribe"))


def write(files: Mapping[str, bytes], folder: Path) -> list[Path]:
    """Write a site and name its pages."""
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return sorted(folder.rglob("*.html"))


@contextmanager
def opened(
    browser: Browser,
    files: Mapping[str, bytes],
    path: str = "",
    *,
    width: int = 800,
    scheme: Literal["light", "dark"] = "light",
    scale: float = 1,
) -> Iterator[Page]:
    """Open a page of a site under a strict policy; nothing but the site's own files is to be had."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        device_scale_factor=scale,
        reduced_motion="reduce",
    )
    context.route("**/*", lambda route: _answer(route, files))
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"{ADDRESS}{path}")
    try:
        yield page
    finally:
        context.close()


def _answer(route: Route, files: Mapping[str, bytes]) -> None:
    path = unquote(urlsplit(route.request.url).path).lstrip("/")
    name = path if path in files else f"{path}index.html"
    if not route.request.url.startswith(ADDRESS) or name not in files:
        route.abort()
        return
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    route.fulfill(body=files[name], content_type=kind, headers={"content-security-policy": POLICY})
