"""Pictures that editors bring: what can be shown is, what cannot is told with its line."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

import pytest
from builders import picture, publication
from PIL import Image as Pillow

from publisher.content.articles import Place, load_article
from publisher.errors import InputError

PNG = picture(kind="PNG")
ARTICLE = "---\nid: x\ntitle: A dam\nsection: economy\n---\nLook:\n\n![A dam](images/{})\n"


def load(folder, name, data):
    """Load an article that shows one picture in its text."""
    (folder / "images").mkdir()
    (folder / "images" / name).write_bytes(data)
    (folder / "01-dam.md").write_text(ARTICLE.format(name), "utf-8")
    return load_article(
        folder / "01-dam.md", Place(folder, datetime(2025, 12, 10, tzinfo=UTC), 0, publication())
    )


def encoded(kind, mode="RGB", **options):
    """Encode a small picture."""
    out = BytesIO()
    Pillow.new(mode, (60, 40)).save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("DSC01.JPG", encoded("JPEG")),
        ("print.jpg", encoded("JPEG", "CMYK")),
        ("grey.jpeg", encoded("JPEG", "L")),
        ("clear.png", encoded("PNG", "RGBA")),
        ("deep.png", encoded("PNG", "I;16")),
        ("moving.png", encoded("PNG", save_all=True, append_images=[Pillow.new("RGB", (60, 40), "red")])),
    ],
)
def test_what_can_be_shown_is(tmp_path, name, data):
    """Names as cameras write them, the colours of print, transparency, deep and moving PNG."""
    assert load(tmp_path, name, data).pictures == (f"images/{name}",)


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("dam.webp", encoded("WEBP"), "shows images/dam.webp, which many mail programs do not -> save it as JPEG or PNG, and name that file here"),
        ("dam.gif", encoded("GIF"), "shows images/dam.gif, which many mail programs do not -> save it as JPEG or PNG, and name that file here"),
        ("плотина.png", PNG, "shows images/плотина.png, whose name is more than a-z, 0-9, dots and hyphens -> rename the file, for example images/dam.jpg"),
        ("dam.jpg", PNG, "images/dam.jpg is a PNG by its content -> rename it to end in .png"),
        ("dam.png", encoded("GIF"), "images/dam.png is not a picture that can be read -> save it as PNG or JPEG again"),
        ("dam.png", PNG[:2000], "images/dam.png is cut off: its end is missing -> copy it again from where it came"),
        ("dam.png", PNG[:900] + bytes(40) + PNG[940:], "images/dam.png is not a picture that can be read -> save it as PNG or JPEG again"),
        ("dam.jpg", b"no picture", "images/dam.jpg is not a picture that can be read -> save it as PNG or JPEG again"),
    ],
)  # fmt: skip  # one case a line
def test_what_cannot_be_shown_is_told_with_its_line(tmp_path, name, data, expected):
    """File and line of the Markdown, what is wrong with the picture, and what to do."""
    with pytest.raises(InputError) as caught:
        load(tmp_path, name, data)
    (found,) = caught.value.findings
    assert str(found).partition(": ")[::2] == (
        f"{tmp_path.parent.name}/{tmp_path.name}/01-dam.md:8:1",
        expected,
    )


def test_a_picture_is_told_where_it_stands(tmp_path):
    """Not where its paragraph begins."""
    text = ARTICLE.format("none.png").replace("Look:\n\n", "Look at the\ndam: ")
    (tmp_path / "01-dam.md").write_text(text, "utf-8")
    place = Place(tmp_path, datetime(2025, 12, 10, tzinfo=UTC), 0, publication())
    with pytest.raises(InputError, match=r"01-dam\.md:7:6: images/none\.png is missing"):
        load_article(tmp_path / "01-dam.md", place)
