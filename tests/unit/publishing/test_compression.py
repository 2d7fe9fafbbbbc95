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


def variants(files):
    """All files with their variants."""
    return dict(with_variants(files.items()))


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


@pytest.mark.parametrize(
    ("path", "expected"), [("a/b.xml.gz", "a/b.xml"), ("a/b.xml", "a/b.xml"), ("README", "README")]
)
def test_a_variant_knows_its_file(path, expected):
    """Both bear the same time."""
    assert original(path) == expected
