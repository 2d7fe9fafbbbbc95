"""Pictures in sizes: right measures, no enlargement, no secrets, the same bytes."""

from __future__ import annotations

from io import BytesIO

import builders
import pytest
from lxml import html
from PIL import Image as Picture
from PIL import ImageCms

from publisher.errors import InputError
from publisher.rendering.documents import Documents
from publisher.rendering.images import image_files, measure
from publisher.rendering.pages.plan import page_files

KEY = "2025-12-10/images/dam.jpg"


def made(images: dict[str, bytes]) -> dict[str, bytes]:
    """Make every file that the pictures come in."""
    return dict(Documents(image_files(images, measure(images))))


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (300, [(300, 150)]),
        (480, [(480, 240)]),
        (1000, [(480, 240), (800, 400), (1000, 500)]),
        (4000, [(480, 240), (800, 400), (1216, 608), (1600, 800)]),
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


def test_greys_of_sixteen_bits_keep_their_shades():
    """A map from a satellite is not shown all white."""
    out = BytesIO()
    slope = Picture.linear_gradient("L").resize((600, 512))
    slope.convert("I").point(lambda grey: grey * 257).convert("I;16").save(out, "PNG")
    images = {KEY: out.getvalue()}
    with Picture.open(BytesIO(made(images)[measure(images)[KEY].variants[0].path])) as opened:
        shades = [opened.convert("L").getpixel((200, at * opened.height // 4)) for at in (1, 2, 3)]
    assert shades == pytest.approx([64, 128, 192], abs=4)


def test_a_picture_for_print_keeps_its_colours():
    """A photograph of another colour space is shown in that of screens: red stays red."""
    out = BytesIO()
    Picture.new("RGB", (600, 400), (255, 0, 0)).convert("CMYK").save(out, "JPEG")
    images = {KEY: out.getvalue()}
    with Picture.open(BytesIO(made(images)[measure(images)[KEY].variants[0].path])) as opened:
        red, green, blue = opened.getpixel((200, 100))
    assert opened.mode == "RGB"
    assert (red > 230, green < 30, blue < 30) == (True, True, True)


def test_the_colours_of_a_fine_camera_become_those_of_screens():
    """A profile that comes with a photograph is applied, not dropped: dropped, the picture would look dull."""
    out = BytesIO()
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Picture.new("RGB", (600, 400), (200, 100, 50)).save(out, "JPEG", quality=95, icc_profile=srgb)
    for profile in (srgb, lab, b"no profile"):
        images = {KEY: out.getvalue().replace(srgb, profile.ljust(len(srgb), b"\0")[: len(srgb)])}
        with Picture.open(BytesIO(made(images)[measure(images)[KEY].variants[0].path])) as opened:
            assert "icc_profile" not in opened.info
            assert opened.getpixel((200, 100)) == pytest.approx((200, 100, 50), abs=6)


def test_a_picture_that_is_damaged_inside_is_named():
    """Its frame is whole, so the damage shows when it is scaled: the file is told, not an exception of Pillow's."""
    data = builders.picture(kind="PNG")
    start = data.index(b"IDAT") + 4
    images = {KEY: data[:start] + bytes(200) + data[start + 200 :]}
    with pytest.raises(InputError, match=r"issues/2025-12-10/images/dam.jpg: is damaged"):
        made(images)


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


def test_what_is_seen_and_who_made_it_are_two_sentences():
    """Under a picture on a page as in feeds."""
    seen = {"path": "images/dam.jpg", "alt": "A dam", "caption": "The crest", "credit": "Photo: Kabar"}
    site = builders.site(builders.issue(builders.article(image=seen)), images={KEY: builders.picture()})
    caption = html.fromstring(page_files(site)["2025-12-10/bridge/index.html"]).find(".//figcaption")
    assert caption.text_content() == "The crest. Photo: Kabar"


def test_pictures_inside_a_text_have_sizes_too():
    """`![alt](images/dam.jpg)` in Markdown becomes an image with sizes, relative to each page."""
    article = builders.article(body="See:\n\n![A dam](images/dam.jpg)\n")
    files = page_files(builders.site(builders.issue(article), images={KEY: builders.picture()}))
    for path, root in (("2025-12-10/index.html", "../"), ("2025-12-10/bridge/index.html", "../../")):
        image = html.fromstring(files[path]).find(".//img")
        assert image.get("src").startswith(f"{root}assets/dam-")
        assert (image.get("width"), image.get("height"), image.get("alt")) == ("1000", "500", "A dam")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("![A dam](https://else.example/dam.jpg)", '<a href="https://else.example/dam.jpg">A dam</a>'),
        ("[![A dam](https://else.example/dam.jpg)](https://a.example/)", '<a href="https://a.example/"><span>A dam</span></a>'),
        ("![](https://else.example/dam.jpg)", '<a href="https://else.example/dam.jpg">https://else.example/dam.jpg</a>'),
    ],
)  # fmt: skip  # one case a line
def test_a_picture_from_elsewhere_becomes_a_link(typed, expected):
    """No other server learns who reads a page, and nothing of unknown size makes it jump."""
    files = page_files(builders.site(builders.issue(builders.article(body=f"See {typed}, and on."))))
    page = files["2025-12-10/bridge/index.html"].decode()
    assert f"<p>See {expected}, and on.</p>" in page
    assert "<img" not in page


def test_a_picture_in_the_lead_has_its_place_too():
    """The opening paragraph of an issue may show a picture; front and issue link to it rightly."""
    issue = builders.issue(lead="Look:\n\n![A dam](images/dam.jpg)").model_copy(
        update={"pictures": ("images/dam.jpg",)}
    )
    files = page_files(builders.site(issue, images={KEY: builders.picture()}))
    for path, root in (("index.html", "./"), ("2025-12-10/index.html", "../")):
        image = html.fromstring(files[path]).find(".//img")
        assert image.get("src").startswith(f"{root}assets/dam-")
        assert image.get("width") == "1000"


def test_a_picture_beside_a_story_is_fetched_small():
    """In a list the first story's picture fills the column, the others' a strip: `sizes` says so."""
    articles = [
        builders.article(id=name, slug=name, image={"path": "images/dam.jpg", "alt": "A dam"})
        for name in "ab"
    ]
    site = builders.site(builders.issue(*articles), images={KEY: builders.picture()})
    sizes = [image.get("sizes") for image in html.fromstring(page_files(site)["index.html"]).iter("img")]
    assert [size.partition(",")[0] for size in sizes] == [
        "(min-width: 46rem) 38rem",
        "(min-width: 46rem) 11rem",
    ]
