"""The published files over HTTP, as a polite feed reader asks for them: three servers answer alike.

RFC 9110 and 9111 for validators, ranges and caching, RFC 8288 and WebSub for links, RFC 8878 and
7932 for encodings. Every test runs against `publisher serve`, and against a real nginx and a real
Caddy that are configured with the snippets of docs/serving.md, word for word.
"""

from __future__ import annotations

import gzip
import os
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import urlsplit

import brotli
import feed_samples
import pytest
import zstandard
from web_servers import HUB, caddy, nginx, publisher_serve

from publisher.publishing.compression import with_variants
from publisher.publishing.writing import write_site
from publisher.rendering.feeds import feed_files

ATOM, RSS, JSON, ASSET = (
    "/feeds/atom.xml",
    "/feeds/rss.xml",
    "/feeds/feed.json",
    "/assets/dam-0123456789-480.jpg",
)
FEEDS = pytest.mark.parametrize("path", [ATOM, RSS, JSON, "/feeds/economy/atom.xml"])
SERVERS = {"publisher serve": publisher_serve, "nginx": nginx, "caddy": caddy}


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A site as `publish-issue` leaves it: variants beside files, feeds with the time they tell."""
    public = tmp_path_factory.mktemp("site") / "public"
    site = feed_samples.long_site(12, entries=8, archive_issues=3, hub=HUB)
    feeds = feed_files(site)
    others = {
        "index.html": b"<!doctype html><title>Steppe Letter</title>" + b"<p>Hello</p>" * 60,
        "404.html": b"<!doctype html><title>Not here</title>" + b"<p>Gone</p>" * 60,
        "2025-01-06/index.html": b"<!doctype html><title>Issue</title>" + b"<p>News</p>" * 60,
        ASSET[1:]: bytes(range(256)) * 8,
    }
    files = with_variants({**others, **feeds}.items())
    write_site(files, public, "2025-01-17", times=feeds.updated)
    return public


@pytest.fixture(
    scope="module",
    params=[
        "publisher serve",
        pytest.param("nginx", marks=pytest.mark.nginx),
        pytest.param("caddy", marks=pytest.mark.caddy),
    ],
)
def server(request, published, tmp_path_factory):
    """Each of the servers over the same files."""
    with SERVERS[request.param](published, tmp_path_factory.mktemp("server")) as running:
        yield running


@FEEDS
def test_a_feed_is_served_as_it_was_published(server, published, path):
    """200 with the very bytes of the file."""
    answer = server.ask(path)
    assert answer.status == 200
    assert answer.body == (published / path[1:]).read_bytes()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (ATOM, "application/xml; charset=utf-8"),
        (RSS, "application/xml; charset=utf-8"),
        (JSON, "application/feed+json"),
        ("/", "text/html; charset=utf-8"),
        ("/feeds/feed.css", "text/css; charset=utf-8"),
        (ASSET, "image/jpeg"),
        ("/robots.txt", "text/plain; charset=utf-8"),
        ("/feeds/feeds.opml", "text/x-opml; charset=utf-8"),
        ("/feeds/archive/1/rss.xml", "application/xml; charset=utf-8"),
    ],
)
def test_every_file_has_its_type(server, path, expected):
    """Readers believe the type before the bytes; browsers style a feed only as plain XML."""
    assert server.ask(path).headers["content-type"] == expected


@FEEDS
def test_a_feed_has_a_strong_etag(server, path):
    """The tag is quoted and not weak, and the same when asked again."""
    first, second = server.ask(path).headers["etag"], server.ask(path).headers["etag"]
    assert first == second
    assert first.startswith('"')
    assert first.endswith('"')


def test_every_encoding_has_an_etag_of_its_own(server):
    """Two different byte strings never share a strong tag (RFC 9110 sec. 8.8.1)."""
    tags = {server.ask(ATOM, accept_encoding=encoding).headers["etag"] for encoding in ("identity", *UNPACK)}
    assert len(tags) == 4


@FEEDS
def test_last_modified_is_what_the_feed_says_of_itself(server, path, published):
    """A reader that sends the feed's own `updated` back still gets 304."""
    told = parsedate_to_datetime(server.ask(path).headers["last-modified"]).isoformat()
    assert told == "2025-01-17T01:00:00+00:00"
    assert f"<updated>{told}</updated>".encode() in (published / "feeds/atom.xml").read_bytes()


@FEEDS
def test_the_same_etag_gives_304(server, path):
    """Nothing changed: no body."""
    answer = server.ask(path, if_none_match=server.ask(path).headers["etag"])
    assert (answer.status, answer.body) == (304, b"")


@FEEDS
def test_the_same_date_gives_304(server, path):
    """A reader that knows no tags polls just as cheaply."""
    answer = server.ask(path, if_modified_since=server.ask(path).headers["last-modified"])
    assert (answer.status, answer.body) == (304, b"")


def test_another_etag_gives_the_feed(server):
    """What a reader has is old: it gets the new one."""
    assert server.ask(ATOM, if_none_match='"something-else"').status == 200


def test_a_later_date_gives_304(server):
    """A reader that sends the time of its last poll has what there is (RFC 9110 sec. 13.1.3)."""
    late = format_datetime(datetime(2025, 6, 1, tzinfo=UTC), usegmt=True)
    assert server.ask(ATOM, if_modified_since=late).status == 304


def test_an_older_date_gives_the_feed(server):
    """Published since: 200."""
    old = format_datetime(datetime(2024, 1, 1, tzinfo=UTC), usegmt=True)
    assert server.ask(ATOM, if_modified_since=old).status == 200


def test_the_etag_decides_over_the_date(server):
    """A tag that differs wins over a date that agrees (RFC 9110 sec. 13.2.2)."""
    date = server.ask(ATOM).headers["last-modified"]
    assert server.ask(ATOM, if_none_match='"other"', if_modified_since=date).status == 200


@pytest.mark.parametrize("path", [ATOM, JSON, "/", "/2025-01-06/"])
def test_the_etag_decides_over_an_old_date(server, path):
    """A tag that agrees wins over a date that differs."""
    tag = server.ask(path).headers["etag"]
    old = format_datetime(datetime(2024, 1, 1, tzinfo=UTC), usegmt=True)
    assert server.ask(path, if_none_match=tag, if_modified_since=old).status == 304


def test_a_list_of_etags_is_understood(server):
    """Any of them will do."""
    tag = server.ask(ATOM).headers["etag"]
    assert server.ask(ATOM, if_none_match=f'"a", {tag}, "b"').status == 304


def test_a_weak_etag_is_compared_weakly(server):
    """A proxy may have weakened our tag on its way (RFC 9110 sec. 13.1.2)."""
    tag = server.ask(ATOM).headers["etag"]
    assert server.ask(ATOM, if_none_match=f"W/{tag}").status == 304


def test_a_star_matches_whatever_there_is(server):
    """`If-None-Match: *` asks whether the file exists."""
    assert server.ask(ATOM, if_none_match="*").status == 304


def test_nonsense_in_a_date_is_passed_over(server):
    """An invented date is no reason to fail or to say 304."""
    assert server.ask(ATOM, if_modified_since="yesterday at noon").status == 200


@pytest.mark.parametrize("name", ["etag", "cache-control", "vary", "link"])
def test_304_repeats_what_200_tells(server, name):
    """Caches update what they keep from a 304 (RFC 9110 sec. 15.4.5)."""
    full = server.ask(ATOM)
    answer = server.ask(ATOM, if_none_match=full.headers["etag"])
    assert answer.headers[name] == full.headers[name]


def test_304_tells_no_type_of_a_body_it_has_not(server):
    """No Content-Encoding or other length with an empty answer."""
    answer = server.ask(ATOM, if_none_match=server.ask(ATOM).headers["etag"])
    assert "content-encoding" not in answer.headers
    assert answer.headers.get("content-length", "0") == "0"


UNPACK = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": zstandard.ZstdDecompressor().decompress,
}
ENCODINGS = pytest.mark.parametrize("encoding", sorted(UNPACK))


@ENCODINGS
@pytest.mark.parametrize("path", [ATOM, RSS, JSON, "/", "/2025-01-06/"])
def test_a_reader_gets_the_encoding_it_knows(server, published, path, encoding):
    """Compressed beforehand, and the same file, of the same type, when unpacked."""
    file = published / (f"{path[1:]}index.html" if path.endswith("/") else path[1:])
    plain, answer = server.ask(path), server.ask(path, accept_encoding=encoding)
    assert answer.headers["content-encoding"] == encoding
    assert UNPACK[encoding](answer.body) == file.read_bytes()
    assert len(answer.body) < len(plain.body)
    same = ("content-type", "last-modified", "cache-control", "vary")
    assert {name: answer.headers[name] for name in same} == {name: plain.headers[name] for name in same}


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("br,gzip", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, zstd", "zstd"),
        ("gzip;q=1.0, br;q=0", "gzip"),
        ("GZIP;Q=0.001", "gzip"),
        ("deflate , br ; q=0.5", "br"),
    ],
)
def test_the_best_of_the_encodings_that_a_reader_lists(server, accepted, expected):
    """The smallest that it has not refused (RFC 9110 sec. 12.5.3); names know no capitals."""
    assert server.ask(ATOM, accept_encoding=accepted).headers["content-encoding"] == expected


@pytest.mark.parametrize(
    "accepted",
    ["identity", "", "gzip;q=0", "br;q=0.000, zstd;q=0, gzip;q=0.0", "deflate, compress", "brotli, zstdx"],
)
def test_no_encoding_that_was_not_asked_for(server, accepted):
    """A reader that says nothing, refuses (`q=0`) or knows others only gets the plain file."""
    assert "content-encoding" not in server.ask(ATOM, accept_encoding=accepted).headers


@ENCODINGS
def test_polling_works_compressed_as_well(server, encoding):
    """304 for the tag of an encoding, with and without the date, and nothing of the body that is not sent."""
    full = server.ask(ATOM, accept_encoding=encoding)
    tag, date = full.headers["etag"], full.headers["last-modified"]
    for more in ({}, {"if_modified_since": date}):
        answer = server.ask(ATOM, accept_encoding=encoding, if_none_match=tag, **more)
        assert (answer.status, answer.headers["etag"]) == (304, tag)
        assert "content-encoding" not in answer.headers
    assert server.ask(ATOM, accept_encoding=encoding, if_modified_since=date).status == 304


def test_a_tag_of_another_encoding_gives_the_feed(server):
    """What a reader keeps compressed is not what it asks for now."""
    tag = server.ask(ATOM, accept_encoding="gzip").headers["etag"]
    assert server.ask(ATOM, accept_encoding="br", if_none_match=tag).status == 200


@FEEDS
def test_caches_keep_encodings_apart(server, path):
    """Vary names Accept-Encoding and nothing else, never a cookie."""
    assert server.ask(path).headers["vary"].lower() == "accept-encoding"


@FEEDS
def test_a_feed_may_be_kept_for_half_an_hour(server, path):
    """Readers take it for the time to their next poll."""
    assert server.ask(path).headers["cache-control"] == "max-age=1800"


def test_a_hashed_name_may_be_kept_for_ever(server):
    """What it contains never changes."""
    assert server.ask(ASSET).headers["cache-control"] == "public, max-age=31536000, immutable"


@FEEDS
def test_the_headers_name_the_feed_and_its_hub(server, path):
    """WebSub sec. 4: the same self and hub as in the document."""
    links = server.ask(path).headers["link"]
    assert f'<https://letter.example{path}>; rel="self"' in links
    assert f'<{HUB}>; rel="hub"' in links


def test_an_archive_names_itself_and_no_hub(server, published):
    """Nobody is told of an archive: it does not change."""
    path = "/" + next(published.glob("feeds/archive/*/atom.xml")).relative_to(published).as_posix()
    assert server.ask(path).headers["link"] == f'<https://letter.example{path}>; rel="self"'


@pytest.mark.parametrize("path", ["/", "/2025-01-06/", "/feeds/feeds.opml", ASSET, "/nothing-here"])
def test_what_is_no_feed_names_none(server, path):
    """A page's links stand in the page."""
    assert "link" not in server.ask(path).headers


@FEEDS
def test_head_tells_what_get_would(server, path):
    """The same headers, no body."""
    full, head = server.ask(path), server.ask(path, method="HEAD")
    told = ("etag", "last-modified", "content-type", "content-length", "cache-control", "vary", "link")
    assert (head.status, head.body) == (200, b"")
    assert {name: head.headers[name] for name in told} == {name: full.headers[name] for name in told}


def test_head_may_be_conditional_too(server):
    """304 for HEAD as for GET."""
    tag = server.ask(ATOM).headers["etag"]
    assert server.ask(ATOM, method="HEAD", if_none_match=tag).status == 304


def test_a_part_of_a_file(server, published):
    """206 with the bytes asked for and where they belong."""
    whole = (published / ATOM[1:]).read_bytes()
    answer = server.ask(ATOM, range="bytes=10-19")
    assert (answer.status, answer.body) == (206, whole[10:20])
    assert answer.headers["content-range"] == f"bytes 10-19/{len(whole)}"


def test_the_end_of_a_file(server, published):
    """`bytes=-5` is the last five."""
    answer = server.ask(ATOM, range="bytes=-5")
    assert (answer.status, answer.body) == (206, (published / ATOM[1:]).read_bytes()[-5:])


def test_a_part_of_a_variant(server, published):
    """A range counts the bytes that are sent: those of the compressed file."""
    answer = server.ask(ATOM, accept_encoding="gzip", range="bytes=2-9")
    assert (answer.status, answer.headers["content-encoding"]) == (206, "gzip")
    assert answer.body == (published / f"{ATOM[1:]}.gz").read_bytes()[2:10]


def test_a_part_beyond_the_end(server, published):
    """416, and how long the file is."""
    answer = server.ask(ATOM, range="bytes=99999999-")
    assert answer.status == 416
    assert answer.headers["content-range"] == f"bytes */{(published / ATOM[1:]).stat().st_size}"


def test_a_part_of_an_older_version_gives_the_new_one(server):
    """If-Range with another tag: the whole file."""
    assert server.ask(ATOM, range="bytes=10-19", if_range='"older"').status == 200


def test_a_part_of_this_version(server):
    """If-Range with the tag it has: the part."""
    tag = server.ask(ATOM).headers["etag"]
    assert server.ask(ATOM, range="bytes=10-19", if_range=tag).status == 206


@pytest.mark.parametrize("path", ["/", ATOM, JSON, "/nothing-here"])
def test_no_cookies(server, path):
    """Nobody is marked."""
    assert "set-cookie" not in server.ask(path, cookie="a=b").headers


def test_a_query_changes_nothing(server):
    """Readers and trackers append things; the feed is the same."""
    plain, with_query = server.ask(ATOM), server.ask(ATOM + "?utm_source=x&y=%20")
    assert with_query.status == 200
    assert with_query.headers["etag"] == plain.headers["etag"]
    assert with_query.headers["link"] == plain.headers["link"]


def test_a_cookie_or_another_referrer_changes_nothing(server):
    """One feed for all."""
    plain = server.ask(ATOM)
    other = server.ask(
        ATOM, cookie="session=1", referer="https://reader.example/", user_agent="Reader/1.0 (42 subscribers)"
    )
    assert (other.body, other.headers["etag"]) == (plain.body, plain.headers["etag"])


@pytest.mark.parametrize("path", ["/nothing-here", "/feeds/none.xml", "/2025-01-06/none/"])
def test_what_is_not_there_is_404_with_a_page(server, path):
    """The page is ours, packed or not; an issue that comes tomorrow must not be missing till the day after."""
    plain, packed = server.ask(path), server.ask(path, accept_encoding="gzip")
    assert (plain.status, packed.status) == (404, 404)
    assert b"Not here" in plain.body
    unpack = UNPACK[packed.headers["content-encoding"]] if "content-encoding" in packed.headers else bytes
    assert unpack(packed.body) == plain.body
    assert plain.headers["content-type"] == packed.headers["content-type"] == "text/html; charset=utf-8"
    assert "max-age" not in plain.headers.get("cache-control", "")


@pytest.mark.parametrize(
    "path",
    ["/.publisher.json", "/../publication.toml", "/%2e%2e/publication.toml", "/feeds/../.publisher.json"],
)
def test_nothing_hidden_or_outside_is_served(server, path):
    """Neither our manifest nor anything above the published folder."""
    assert server.ask(path).status in {400, 404}


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_files_are_only_read(server, method):
    """Every other method is refused, and what is allowed is named (RFC 9110 sec. 15.5.6)."""
    answer = server.ask(ATOM, method=method, accept_encoding="br")
    assert answer.status == 405
    assert answer.headers["allow"] == "GET, HEAD"
    assert "content-encoding" not in answer.headers


def test_a_folder_without_its_slash_leads_to_the_page(server):
    """One address for each page."""
    answer = server.ask("/2025-01-06", accept_encoding="gzip")
    assert answer.status in {301, 308}
    assert urlsplit(answer.headers["location"])[2:] == ("/2025-01-06/", "", "")
    assert "content-encoding" not in answer.headers


def test_browsers_do_not_guess_types(server):
    """A feed of hostile content is never sniffed into a page."""
    assert server.ask(ATOM).headers["x-content-type-options"] == "nosniff"


def test_what_is_published_anew_is_served_at_once(server, published):
    """The next request after a publish sees it, under another tag, though the time differs by a second only."""
    robots, before = published / "robots.txt", server.ask("/robots.txt")
    old, stamp = robots.read_bytes(), robots.stat().st_mtime
    try:
        robots.write_bytes(old.replace(b"User-agent", b"user-agent"))
        os.utime(robots, (stamp + 1, stamp + 1))
        after = server.ask("/robots.txt")
        assert after.body.startswith(b"user-agent")
        assert after.headers["etag"] != before.headers["etag"]
        assert parsedate_to_datetime(after.headers["last-modified"]) - parsedate_to_datetime(
            before.headers["last-modified"]
        ) == timedelta(seconds=1)
    finally:
        robots.write_bytes(old)
        os.utime(robots, (stamp, stamp))
