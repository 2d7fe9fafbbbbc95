"""A publication may lay its own templates over ours, in whole or in part."""

from __future__ import annotations

import re
from dataclasses import replace

import builders
import pytest

from publisher.errors import ConfigurationError
from publisher.rendering.pages.plan import page_files
from publisher.rendering.templates import environment, shipped_folder


def laid_over(tmp_path, name: str, text: str):
    """Make a site whose publication has one template of its own."""
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text(text, "utf-8")
    return replace(builders.site(), templates=environment([tmp_path, shipped_folder()]))


def test_a_publication_changes_one_block_and_keeps_the_rest(tmp_path):
    """`{% extends "shipped/web/base.html" %}` in a web/base.html of one's own changes every page."""
    own = '{% extends "shipped/web/base.html" %}{% block foot %}<p>Printed in Osh.</p>{% endblock %}'
    files = page_files(laid_over(tmp_path, "web/base.html", own))
    pages = [data for path, data in files.items() if path.endswith(".html")]
    assert all(b"<p>Printed in Osh.</p>" in page for page in pages)
    assert all(b'<main id="main_">' in page for page in pages)


def test_a_publication_brings_its_own_style_sheet(tmp_path):
    """The tokens of the theme stay, the rules are the publication's, and the name changes with them."""
    files = page_files(laid_over(tmp_path, "web/site.css", "body { color: var(--ink) }"))
    (style,) = [(path, data) for path, data in files.items() if path.endswith(".css")]
    assert style[1].endswith(b"body { color: var(--ink) }")
    assert b"--ink: #15202B" in style[1]
    assert f'href="{style[0]}"'.encode() in files["index.html"].replace(b'href="./', b'href="')


def test_a_misspelt_name_in_a_template_is_an_error(tmp_path):
    """What is not there is never silently nothing."""
    with pytest.raises(ConfigurationError, match="publicatoin"):
        dict(page_files(laid_over(tmp_path, "web/404.html", "{{ publicatoin.title }}")))


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("a\n{% block %}", "templates/web/404.html:2: "),
        ("{{ nothing }}", "templates/web/404.html, or one it extends: 'nothing' is undefined"),
        ('{% extends "web/none.html" %}', "templates/web/404.html, or one it extends: "),
    ],
)
def test_a_template_that_cannot_be_set_is_named(tmp_path, template, expected):
    """A slip in a publication's own template is told with its file, not as a fault of ours."""
    site = laid_over(tmp_path, "web/404.html", template)
    with pytest.raises(ConfigurationError, match=re.escape(expected)):
        page_files(site)["404.html"]
