"""Whatever somebody types or pastes, readers get harmless HTML."""

from urllib.parse import urlsplit

import html5lib
import pytest

from publisher.content import markup

BASE = "https://letter.example/2025-12-10/dam/"
ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "<style>@import 'https://evil.example/x.css';</style>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<!--><img src=x onerror=alert(1)>",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?php echo 1 ?>",
    "<details open ontoggle=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](java&Tab;script:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "[x](//evil.example/)",
    '[x](https://a.example/ "onmouseover=alert(1)")',
    '[x](https://a.example/"onmouseover="alert(1))',
    '[x](<https://a.example/" onmouseover="alert(1)>)',
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    "<https://a.example/?<script>alert(1)</script>>",
    "![x](javascript:alert(1))",
    '![x" onerror="alert(1)](images/a.png)',
    '![x](images/a.png "t\\" onerror=\\"alert(1)")',
    "![x](data:image/svg+xml,<svg onload=alert(1)>)",
    "`<script>alert(1)</script>`",
    "```html onload=alert(1)\n<script>alert(1)</script>\n```",
    "| <script>alert(1)</script> |\n|--|\n| <img src=x onerror=alert(1)> |",
    "# <script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "<div style='position:fixed' class=x id=y name=z>x</div>",
    "<form action=https://evil.example/><input></form>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content=0>",
    "<object data=x></object><embed src=x>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<table background=javascript:alert(1)>",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_becomes_words(attack) -> None:
    """A browser's parser finds only our tags and attributes, and addresses of the web and mail."""
    html = markup.to_html(markup.parse(f"Before.\n\n{attack}\n\nAfter."), base_url=BASE)
    fragment = html5lib.parseFragment(html, namespaceHTMLElements=False)
    for element in fragment.iter():
        if isinstance(element.tag, str) and element.tag != "DOCUMENT_FRAGMENT":
            assert element.tag in markup.TAGS, html
            assert set(element.attrib) <= markup.ATTRIBUTES.get(element.tag, set()), html
            for name in ("href", "src"):
                address = element.attrib.get(name, "https://letter.example/")
                assert urlsplit(address).scheme in markup.SCHEMES, html
    assert "Before." in html
    assert "After." in html


@pytest.mark.parametrize(
    "link", ["[us](tel:+996312)", "[us](blob:x)", '[us](https://a.example:99999/ "t")', "[us](https://[bad/)"]
)
def test_words_that_may_lead_nowhere_are_words(link):
    """An element for a link without an address is one that no letter may leave with."""
    assert markup.to_html(markup.parse(f"Call {link} or [me](/me/)."), base_url=BASE) == (
        '<p>Call us or <a href="https://letter.example/me/">me</a>.</p>\n'
    )
