"""Variants beside files: whole, the same every time, and made only when needed."""

from __future__ import annotations

import gzip

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from publisher.publishing.compression import compress, original, with_variants

UNPACK = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": lambda data: zstandard.ZstdDecompressor().decompress(data),
}
PAGE = b"<p>Hello, reader.</p>" * 40


def variants(files, standing=None):
    """All files with their variants, over what stands already."""
    return dict(with_variants(files.items(), (standing or {}).get))


@pytest.mark.parametrize("encoding", sorted(UNPACK))
@given(data=st.binary(max_size=2000))
def test_what_is_packed_can_be_unpacked(encoding, data):
    """Nothing is lost, and the same bytes give the same bytes."""
    assert UNPACK[encoding](compress(data, encoding)) == data
    assert compress(data, encoding) == compress(data, encoding)


def test_texts_get_three_variants():
    """For readers that know gzip, brotli or zstandard."""
    assert list(variants({"feeds/rss.xml": PAGE})) == [
        f"feeds/rss.xml{end}" for end in ("", ".br", ".zst", ".gz")
    ]


@pytest.mark.parametrize("path", ["assets/dam.jpg", "2025-12-10/email.html", "rates.bin"])
def test_pictures_and_letters_get_none(path):
    """They are small already, or nobody asks for them."""
    assert list(variants({path: PAGE})) == [path]


def test_a_tiny_file_gets_none():
    """Headers would weigh more than what is saved."""
    assert list(variants({"robots.txt": b"User-agent: *\n"})) == ["robots.txt"]


def test_variants_of_an_unchanged_file_are_kept():
    """Packing every feed at every publish would take most of its time."""
    standing = {"a.html": PAGE, "a.html.gz": b"kept", "a.html.br": b"kept", "a.html.zst": b"kept"}
    assert variants({"a.html": PAGE}, standing) == standing


def test_variants_of_a_changed_file_are_made_anew():
    """What stands beside a file always unpacks to it."""
    standing = {"a.html": b"old", "a.html.gz": b"old", "a.html.br": b"old"}
    made = variants({"a.html": PAGE}, standing)
    assert {name: UNPACK[name](made["a.html" + end]) for name, end in (("gzip", ".gz"), ("br", ".br"))} == {
        "gzip": PAGE,
        "br": PAGE,
    }


@pytest.mark.parametrize(
    ("path", "expected"), [("a/b.xml.gz", "a/b.xml"), ("a/b.xml", "a/b.xml"), ("README", "README")]
)
def test_a_variant_knows_its_file(path, expected):
    """Both bear the same time."""
    assert original(path) == expected
