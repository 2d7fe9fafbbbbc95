"""Publishing with a hub: it hears of every feed that changed, and of nothing else."""

from __future__ import annotations

import json

import pytest
from commands import PUBLISH_ISSUE, example, run
from hub import Hub


@pytest.fixture
def hub():
    """A hub for one test."""
    with Hub() as running:
        yield running


def with_hub(folder, url):
    """The example publication, announced by the hub at this address."""
    project = example(folder) / "publication.toml"
    project.write_text(f'{project.read_text("utf-8")}\n[feeds]\nhub = "{url}"\n', encoding="utf-8")
    return folder


def test_a_publish_tells_the_hub_once(tmp_path, hub):
    """After the files are live: all feeds when all are new, none when nothing changed."""
    publication = with_hub(tmp_path, hub.url)
    first = run(PUBLISH_ISSUE, cwd=publication)
    assert first.returncode == 0, first.stderr
    topics = sorted(form["hub.url"].removeprefix("https://meridian.example/") for form in hub.heard)
    feeds = {
        path.relative_to(publication / "public").as_posix() for path in publication.glob("public/feeds/**/*")
    }
    assert topics == sorted(path for path in feeds if path.endswith(("rss.xml", "atom.xml", "feed.json")))
    assert f"told of {len(topics)} feeds" in first.stderr
    hub.heard.clear()
    assert run(PUBLISH_ISSUE, cwd=publication).returncode == 0
    assert hub.heard == []


def test_a_dry_run_tells_nobody(tmp_path, hub):
    """Nothing is live, nothing is announced."""
    assert run(PUBLISH_ISSUE, "-n", cwd=with_hub(tmp_path, hub.url)).returncode == 0
    assert hub.heard == []


def test_a_hub_that_refuses_never_fails_a_publish(tmp_path, hub):
    """The site is published; the report says what the hub said."""
    hub.always = 400
    done = run(PUBLISH_ISSUE, "--json", cwd=with_hub(tmp_path, hub.url))
    assert done.returncode == 0
    assert {ping["fault"] for ping in json.loads(done.stdout)["hub"]} == {"the hub answered 400"}
    assert (tmp_path / "public/feeds/rss.xml").exists()
