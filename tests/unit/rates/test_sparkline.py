"""Thirty values as a small picture."""

import io
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from publisher.rates.sparkline import sparkline_blocks, sparkline_png

FALL = [Decimal(v) for v in ("518", "515", "514", "511", "505")]
FLAT = [Decimal(v) for v in ("87.45", "87.47", "87.44", "87.45")]


def opaque_rows(png: bytes) -> set[int]:
    """The rows of pixels on which anything is drawn, without the dot at the right."""
    alpha = Image.open(io.BytesIO(png)).convert("RGBA").getchannel("A")
    return {y for y in range(alpha.height) for x in range(alpha.width - 24) if alpha.getpixel((x, y)) > 127}


def test_the_picture_is_small_clear_and_twice_the_size():
    """An independent reader opens it; its corner is transparent and its ink has the colour given."""
    png = sparkline_png(FALL * 6, colour="#2F81D0")
    image = Image.open(io.BytesIO(png)).convert("RGBA")
    assert image.size == (192, 48)
    assert image.getpixel((0, 0))[3] == 0
    assert {colour[:3] for _, colour in image.getcolors() if colour[3]} == {(0x2F, 0x81, 0xD0)}
    assert len(png) < 1700


def test_a_flat_som_looks_flat():
    """Without a least range a blip of 0.03 % would fill the height."""
    assert len(opaque_rows(sparkline_png(FLAT))) < 8
    assert len(opaque_rows(sparkline_png(FALL))) > 28


def test_a_fall_ends_lower_than_it_began():
    """The first value is at the left and the highest at the top."""
    alpha = Image.open(io.BytesIO(sparkline_png(FALL))).convert("RGBA").getchannel("A")
    left = [y for y in range(48) if alpha.getpixel((7, y)) > 127]
    right = [y for y in range(48) if alpha.getpixel((186, y)) > 127]
    assert max(left) + 20 < min(right)


def test_the_same_values_give_the_same_bytes():
    """So that a name made from the content does not change."""
    assert sparkline_png(FALL) == sparkline_png(list(FALL))


def test_one_value_is_a_dot_and_none_is_an_error():
    """A new pair has no line yet."""
    alpha = Image.open(io.BytesIO(sparkline_png([Decimal("87.45")]))).convert("RGBA").getchannel("A")
    assert alpha.getbbox()[0] > 170
    with pytest.raises(ValueError, match="at least one"):
        sparkline_png([])


def test_blocks_rise_and_fall_with_the_values():
    """For the text part and the terminal."""
    assert sparkline_blocks(FALL) == "▇▆▅▄▁"
    assert sparkline_blocks(FLAT) == "▄▄▄▄"
    assert sparkline_blocks([]) == ""


@settings(max_examples=30)
@given(st.lists(st.decimals("0.00000001", "99999999", places=8).filter(bool), min_size=1, max_size=30))
def test_any_values_can_be_drawn(values):
    """Ten-digit rates and tiny ones."""
    assert sparkline_png(values, width=24, height=8, scale=1).startswith(b"\x89PNG")
    assert len(sparkline_blocks(values)) == len(values)
