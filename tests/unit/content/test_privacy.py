"""A published picture tells nothing but what it shows."""

import io

import pytest
from PIL import Image, PngImagePlugin

from publisher.content.privacy import without_metadata

WHERE = "42.8746 N 74.5698 E"


def photograph(orientation: int = 1) -> bytes:
    """A JPEG as a telephone writes it: place, maker and perhaps lying on its side."""
    picture = Image.new("RGB", (40, 20), "navy")
    picture.paste("white", (0, 0, 20, 20))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Maker"
    exif.get_ifd(0x8825)[1] = WHERE
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, comment=WHERE.encode(), quality=90)
    return out.getvalue()


def drawing() -> bytes:
    """A PNG with remarks."""
    remarks = PngImagePlugin.PngInfo()
    remarks.add_text("Location", WHERE)
    out = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(out, "PNG", pnginfo=remarks)
    return out.getvalue()


@pytest.mark.parametrize("data", [photograph(), photograph(6), drawing()])
def test_place_and_maker_are_left_out(data: bytes) -> None:
    """Neither coordinates nor camera nor comment reach a reader."""
    clean = without_metadata(data)
    assert WHERE.encode() in data
    assert WHERE.encode() not in clean
    assert b"Maker" not in clean
    assert not Image.open(io.BytesIO(clean)).getexif()


@pytest.mark.parametrize("data", [photograph(), drawing()])
def test_not_a_pixel_changes(data: bytes) -> None:
    """Only remarks are cut out; the picture is not compressed again."""
    before, after = Image.open(io.BytesIO(data)), Image.open(io.BytesIO(without_metadata(data)))
    assert before.tobytes() == after.tobytes()


def test_a_picture_on_its_side_is_set_upright() -> None:
    """The mark that says so is among the remarks, so it is obeyed first."""
    assert Image.open(io.BytesIO(without_metadata(photograph(6)))).size == (20, 40)


def test_what_is_clean_stays_as_it_is() -> None:
    """Twice gives the same as once."""
    once = without_metadata(photograph())
    assert without_metadata(once) == once


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xd8", b"\xff\xd8\xff\xe1\xff\xff", b"\x89PNG\r\n\x1a\nabc", b"GIF89a"]
)
def test_broken_bytes_do_no_harm(data: bytes) -> None:
    """The loader refuses them with a place; here they only must not crash."""
    assert isinstance(without_metadata(data), bytes)
