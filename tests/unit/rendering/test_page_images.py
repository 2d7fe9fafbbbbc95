"""Pictures in sizes: right measures, no enlargement, no secrets, the same bytes."""

from __future__ import annotations

from io import BytesIO

import builders
import pytest
from lxml import html
from PIL import Image as Picture

from publisher.rendering.images import image_files, measure
from publisher.rendering.pages.plan import page_files

KEY = "2025-12-10/images/dam.jpg"


def made(images: dict[str, bytes]) -> dict[str, bytes]:
    """Make every file that the pictures come in."""
    return {path: make() for path, make in image_files(images, measure(images)).items()}


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (300, [(300, 150)]),
        (480, [(480, 240)]),
        (1000, [(480, 240), (800, 400), (1000, 500)]),
        (4000, [(480, 240), (800, 400), (1200, 600), (1600, 800)]),
    ],
)
def test_sizes_are_never_larger_than_the_picture(width, expected):
    """A small picture has one size; a large one has four, and none is enlarged."""
    found = measure({KEY: builders.picture(width, width // 2)})[KEY]
    assert [(variant.width, variant.height) for variant in found.variants] == expected


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_files_have_the_sizes_that_pages_promise(kind):
    """What stands under a name is a picture of the format, width and height that were announced."""
    images = {KEY: builders.picture(kind=kind)}
    files = made(images)
    assert files.pop(KEY) == images[KEY]
    for variant in measure(images)[KEY].variants:
        with Picture.open(BytesIO(files[variant.path])) as opened:
            assert (opened.format, opened.size) == (kind, (variant.width, variant.height))


def test_a_sideways_photograph_is_set_upright():
    """A camera held on its side writes a note; the sizes are upright and carry no notes at all."""
    exif = Picture.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "A camera that knows where it was"
    out = BytesIO()
    Picture.new("RGB", (1000, 500)).save(out, "JPEG", exif=exif)
    images = {KEY: out.getvalue()}
    found = measure(images)[KEY]
    assert (found.width, found.height) == (500, 1000)
    with Picture.open(BytesIO(made(images)[found.variants[-1].path])) as opened:
        assert opened.size == (500, 1000)
        assert dict(opened.getexif()) == {}


def test_a_drawing_of_few_colours_stays_small():
    """A paletted PNG is not blown up to full colour by scaling it down."""
    out = BytesIO()
    drawing = Picture.new("RGB", (1600, 900), "#EEE7D6")
    drawing.paste("#1B4F9C", (200, 100, 1300, 700))
    drawing.quantize(16).save(out, "PNG")
    files = made({KEY: out.getvalue()})
    small = min(len(data) for path, data in files.items() if path != KEY)
    with Picture.open(BytesIO(next(data for path, data in files.items() if path != KEY))) as opened:
        assert opened.mode == "P"
    assert small < 2 * len(out.getvalue())


def test_pages_offer_sizes_and_keep_the_place():
    """An image has srcset, sizes, width, height and alt, so that nothing jumps while it loads."""
    article = builders.article(image={"path": "images/dam.jpg", "alt": "A dam", "credit": "Drawing: us"})
    site = builders.site(builders.issue(article), images={KEY: builders.picture()})
    files = page_files(site)
    image = html.fromstring(files["2025-12-10/bridge/index.html"]).find(".//img")
    assert (image.get("width"), image.get("height"), image.get("alt")) == ("1000", "500", "A dam")
    names = [candidate.split()[0].removeprefix("../../") for candidate in image.get("srcset").split(", ")]
    assert len(names) == 3
    assert all(name in files for name in names)
    assert image.get("src").removeprefix("../../") in files


def test_pictures_inside_a_text_have_sizes_too():
    """`![alt](images/dam.jpg)` in Markdown becomes an image with sizes, relative to each page."""
    article = builders.article(body="See:\n\n![A dam](images/dam.jpg)\n")
    files = page_files(builders.site(builders.issue(article), images={KEY: builders.picture()}))
    for path, root in (("2025-12-10/index.html", "../"), ("2025-12-10/bridge/index.html", "../../")):
        image = html.fromstring(files[path]).find(".//img")
        assert image.get("src").startswith(f"{root}assets/dam-")
        assert (image.get("width"), image.get("height"), image.get("alt")) == ("1000", "500", "A dam")
