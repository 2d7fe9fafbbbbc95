"""A site at https://meridian.example/news/: every link of pages, feeds and letters leads somewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from commands import PUBLISH_ISSUE, example, run
from lxml import html
from web_servers import WebServer, publisher_serve

HOME = "https://meridian.example/news/"


@pytest.fixture(scope="module")
def publication(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Publish the example below a path."""
    folder = example(tmp_path_factory.mktemp("below"))
    project = folder / "publication.toml"
    text = project.read_text(encoding="utf-8").replace('"https://meridian.example/"', f'"{HOME}"')
    project.write_text(text.replace("example/subscribe", "example/news/subscribe"), encoding="utf-8")
    done = run(PUBLISH_ISSUE, cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def server(publication: Path) -> Iterator[WebServer]:
    """Serve it as the documentation says."""
    project = (publication / "publication.toml").read_text(encoding="utf-8")
    with publisher_serve(publication / "public", publication, project) as serving:
        yield serving


def links_in(page: bytes, address: str) -> set[str]:
    """Every other address of our host that a page leads to or loads, without its fragment."""
    document = html.fromstring(page)
    found = {link for _, _, link, _ in document.iterlinks()}
    for image in document.iter("img"):
        found |= {candidate.split()[0] for candidate in image.get("srcset", "").split(", ") if candidate}
    absolute = {urldefrag(urljoin(address, link)).url for link in found}
    return {link for link in absolute if urlsplit(link).netloc == "meridian.example"} - {address}


def test_every_page_is_reached_and_every_link_answers(server: WebServer, publication: Path) -> None:
    """A walk from the front page over `publisher serve` meets all pages and no dead end."""
    waiting, met, dead = {HOME}, set(), {}
    while waiting:
        address = waiting.pop()
        met.add(address)
        answer = server.ask(urlsplit(address).path)
        if answer.status != 200:
            dead[address] = answer.status
        if "text/html" in answer.headers.get("content-type", ""):
            waiting |= links_in(answer.body, address) - met
    assert dead == {}
    public = publication / "public"
    pages = {path for path in public.rglob("index.html") if b'http-equiv="refresh"' not in path.read_bytes()}
    addresses = {urljoin(HOME, f"{page.parent.relative_to(public).as_posix()}/") for page in pages}
    assert addresses <= met


@pytest.mark.parametrize("path", ["/news/no/such/page/here", "/news/2025-12-10/nothing", "/news/x"])
def test_a_lost_reader_finds_home_from_any_depth(server: WebServer, path: str) -> None:
    """The page for lost readers has its style, and its links lead back."""
    answer = server.ask(path)
    assert answer.status == 404
    for link in links_in(answer.body, f"https://meridian.example{path}"):
        assert link.startswith(HOME)
        assert server.ask(urlsplit(link).path).status == 200, link


@pytest.mark.parametrize("asked", ["/news/2025-12-10", "/2025-12-10"])
def test_a_forgotten_slash_is_added_below_the_path(server: WebServer, asked: str) -> None:
    """Whether the proxy before us takes the path off or leaves it on."""
    answer = server.ask(asked)
    assert (answer.status, answer.headers["location"]) == (301, "/news/2025-12-10/")


def test_the_door_is_below_the_path_too(server: WebServer) -> None:
    """The form posts to where it came from, and style and links of the door's pages answer."""
    answer = server.ask("/news/subscribe")
    form = html.fromstring(answer.body).find(".//form")
    assert form.get("action") == "/news/subscribe"
    assert {server.ask(urlsplit(link).path).status for link in links_in(answer.body, f"{HOME}subscribe")} == {
        200
    }


def test_feeds_letters_and_robots_lead_to_files_of_the_site(publication: Path) -> None:
    """What a static host below the path would be asked for lies in public/."""
    public = publication / "public"
    feed = json.loads((public / "feeds" / "feed.json").read_text(encoding="utf-8"))
    letter = (public / "2025-12-10" / "email.html").read_bytes()
    addresses = {feed["home_page_url"], feed["feed_url"], *(item["url"] for item in feed["items"])}
    addresses |= links_in(letter, "cid:letter")
    for name in ("rss.xml", "atom.xml"):
        text = (public / "feeds" / name).read_text(encoding="utf-8")
        addresses |= set(re.findall(r'(?:href|src|url)="(https://meridian\.example/[^"]+)"', text))
        addresses |= set(re.findall(r"<link>([^<]+)</link>", text))
    outside = {address for address in addresses if not address.startswith(HOME)}
    files = {address: public / address.removeprefix(HOME) for address in addresses - outside}
    missing = {
        address for address, file in files.items() if not (file.is_file() or (file / "index.html").is_file())
    }
    assert (outside, missing) == (set(), set())
    robots = (public / "robots.txt").read_text(encoding="utf-8")
    assert "Disallow: /news/unsubscribe\n" in robots
