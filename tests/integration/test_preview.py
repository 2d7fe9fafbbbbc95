"""The editor's preview on loopback: pages reload, everything else is served as it is."""

import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from publisher.webapp.preview import RELOAD, RELOAD_PATH, Changes, preview_server


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, Changes]]:
    """A small site and its address."""
    (tmp_path / "index.html").write_text("<p>Hello", "utf-8")
    (tmp_path / "feed.xml").write_text("<rss/>", "utf-8")
    changes = Changes()
    with preview_server(tmp_path, 0, changes) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", changes
        server.shutdown()


def get(address: str) -> bytes:
    """Fetch, within a minute."""
    with urllib.request.urlopen(address, timeout=60) as answer:
        return answer.read()


def test_a_page_carries_the_line_that_reloads_it(served: tuple[str, Changes]) -> None:
    """Only in the preview: the published file has no script."""
    assert get(f"{served[0]}/") == b"<p>Hello" + RELOAD


def test_a_feed_is_served_as_it_is(served: tuple[str, Changes]) -> None:
    """Not a byte is added to what is no page."""
    assert get(f"{served[0]}/feed.xml") == b"<rss/>"


def test_a_waiting_page_hears_of_the_next_publish(served: tuple[str, Changes]) -> None:
    """The answer comes when something changed, not before."""
    address, changes = served
    answers: list[bytes] = []
    asking = threading.Thread(target=lambda: answers.append(get(address + RELOAD_PATH)))
    asking.start()
    asking.join(0.3)
    assert answers == []
    for _ in range(300):  # on a slow machine the question is on its way yet
        changes.announce()
        asking.join(0.2)
        if answers:
            break
    assert answers == [b"changed"]


def test_the_preview_is_for_this_machine_only(served: tuple[str, Changes]) -> None:
    """It binds to the loopback address."""
    assert served[0].startswith("http://127.0.0.1:")


def test_a_fault_is_seen_where_the_editor_looks(served: tuple[str, Changes]) -> None:
    """The last good page stays, with file, line and advice at its foot; the next good publish clears it."""
    address, changes = served
    changes.announce("issues/2025-12-10/01-dam.md:4:10: section: is not a section <b>")
    page = get(f"{address}/")
    assert page.startswith(b'<p>Hello<pre role="alert"')
    assert b"01-dam.md:4:10: section: is not a section &lt;b&gt;</pre>" in page
    changes.announce()
    assert get(f"{address}/") == b"<p>Hello" + RELOAD


def test_a_fault_before_the_first_good_publish_is_a_page(tmp_path: Path) -> None:
    """Nothing stands yet: the browser shows what is wrong instead of an empty folder."""
    changes = Changes()
    changes.fault = "issues/2025-12-10/issue.md:3:9: number: must be a whole number"
    with preview_server(tmp_path, 0, changes) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        assert b"issue.md:3:9: number" in get(f"http://127.0.0.1:{server.server_port}/")
        server.shutdown()
