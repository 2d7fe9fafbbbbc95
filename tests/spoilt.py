"""Hostile inputs: what slips, old editors, pastes and attackers put into a publication.

Each case spoils a fresh copy of the sample publication in one way. What must be said about it
stands in samples/hostile/findings.txt, under the case's name.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image

SAMPLES = Path(__file__).resolve().parent / "samples"
GOLDEN = SAMPLES / "hostile" / "findings.txt"

ISSUE = "issues/2025-12-10"
STORY = f"{ISSUE}/02-pelicans.md"
PICTURED = f"{ISSUE}/01-bridge.md"
FRONT = f"{ISSUE}/issue.md"
RATES = f"{ISSUE}/rates.yml"
PICTURE = f"{ISSUE}/images/bridge.png"
PROJECT = "publication.toml"

Spoil = Callable[[Path], None]


@dataclass(frozen=True)
class Case:
    """One way to spoil the sample publication."""

    name: str
    spoil: Spoil

    def build(self, folder: Path) -> Path:
        """A spoilt copy below `folder`."""
        root = folder / "letter"
        for name, data in _sample().items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(data)
        self.spoil(root)
        return root


@cache
def _sample() -> dict[str, bytes]:
    """The sample publication's files, read once."""
    root = SAMPLES / "publication"
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def write(name: str, content: str | bytes) -> Spoil:
    """Put a file there, with these bytes."""
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content

    def spoil(root: Path) -> None:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)

    return spoil


def change(name: str, old: str, new: str | bytes) -> Spoil:
    """Replace the first occurrence of a text that must be there."""

    def spoil(root: Path) -> None:
        data = (root / name).read_bytes()
        wanted = old.encode()
        assert wanted in data, (name, old)
        replacement = new.encode("utf-8", "surrogatepass") if isinstance(new, str) else new
        (root / name).write_bytes(data.replace(wanted, replacement, 1))

    return spoil


def field(typed: str, name: str = STORY) -> Spoil:
    """Type a field into front matter, in place of the one with its name if there is one."""
    key = typed.split(":", 1)[0]

    def spoil(root: Path) -> None:
        lines = (root / name).read_bytes().decode().split("\n")
        end = lines.index("---", 1)
        at = next((n for n in range(1, end) if lines[n].startswith(f"{key}:")), None)
        lines[end if at is None else at : end if at is None else at + 1] = [typed]
        (root / name).write_bytes("\n".join(lines).encode("utf-8", "surrogatepass"))

    return spoil


def body(text: str | bytes) -> Spoil:
    """Type this below the story's front matter."""
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text

    def spoil(root: Path) -> None:
        kept = (root / STORY).read_bytes().split(b"---\n")
        (root / STORY).write_bytes(b"---\n".join([*kept[:2], data]))

    return spoil


def link(name: str, target: str) -> Spoil:
    """Put a symbolic link there."""

    def spoil(root: Path) -> None:
        (root / name).unlink(missing_ok=True)
        (root / name).symlink_to(target)

    return spoil


def both(*spoils: Spoil) -> Spoil:
    """One after the other."""

    def spoil(root: Path) -> None:
        for each in spoils:
            each(root)

    return spoil


def _picture(kind: str, size: tuple[int, int] = (8, 8)) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", size).save(buffer, kind)
    return buffer.getvalue()


def _named(prefix: str, make: Callable[[str], Spoil], inputs: list[str]) -> Iterator[Case]:
    """One case an input, named after it."""
    for number, text in enumerate(inputs, 1):
        yield Case(f"{prefix} {number:02}", make(text))


YAML = [
    "title: Kazakhstan: a primer",
    'title: "Silk" and road',
    "title: 'It's here'",
    "title: @kabar says",
    "title: `code`",
    "title: %percent",
    "title: *bold* words",
    "title: &anchor words",
    "title: !tag words",
    "title: !!python/object/apply:os.system [id]",
    "title: [draft] Pelicans stay",
    "title: {draft} Pelicans stay",
    "title: Pelicans are #1",
    'title: "never closed',
    "title: 'never closed",
    "title: [never closed",
    "title: {never: closed",
    "title: | trailing words",
    "title: > trailing words",
    "title: ? what",
    "title: - dash: colon",
    'title: "bad \\q escape"',
    'title: "\\ud800"',
    'title: "\\x01 control"',
    'title: "a\\r\\nBcc: evil@evil.example"',
    'title: "a\\tb"',
    "title:\n\ttabbed: x",
    "\ttitle: tabbed",
    "title:Pelicans stay",
    "title Pelicans stay",
    "title: a\ntitle: b",
    "<<: {title: merged}",
    "? [complex]\n: key",
    "tags: &a [x, *a]",
    "tags: *nowhere",
    "title: a\n  nested: b",
    "title: a\n    - list under text: x",
    "tags:\n- one\n -two\n- three: x\n  four",
    "title: " + "[" * 3000,
    "title: " + "[" * 3000 + "]" * 3000,
    "title: " + "{a: " * 40 + "}" * 40,
    "tags: [" + "x," * 40_000 + "]",
    "%YAML 1.2",
    "...\ntitle: after the end",
    "a: &a [x]\n" + "\n".join(f"b{n}: [*a, *a]" for n in range(3)),
    "2025: year",
    "yes: no",
    "\u2028title: x",
    '"\\e[31mred": x',
    '"' + "k" * 2000 + '": x',
]

FIELDS = [
    "titel: Pelicans",
    "Title: Pelicans",
    "sumary: Words",
    "subject: Words",
    "layout: post",
    "draft: true",
    "body: words",
    "file: /etc/passwd",
    "lines: [1]",
    "pictures: [x]",
    "title:",
    'title: ""',
    'title: "   "',
    "title: ~",
    "title: true",
    "title: [a, b]",
    "title: {a: b}",
    "title: " + "x" * 501,
    "summary: " + "x" * 1001,
    "summary: |\n  two\n  lines",
    "id:",
    "id: ../../etc/passwd",
    "id: Has Space",
    "id: ПЕЛИКАН",
    "id: " + "x" * 200,
    "id: 2025-12-10.bridge",
    "section: sport",
    "section: econmy",
    "section: [economy]",
    "section: ../economy",
    "authors: {}",
    "authors: [{}]",
    "authors: [[a]]",
    "authors: [true]",
    "authors:\n  - name: A\n    url: x\n    emial: y",
    "source: {}",
    "source: {url: https://a.example/}",
    "source: [Kabar]",
    "sources: {name: A, link: B}",
    "tags: {a: b}",
    "tags: [[a]]",
    'tags: [""]',
    "image: images/bridge.png",
    "image: {path: images/bridge.png}",
    "image: {alt: A bridge}",
    "image: {path: images/bridge.png, alt: A bridge, width: 5}",
    "corrections: fixed",
    "corrections: [{text: no time}]",
    "corrections: [{at: 2025-12-10T08:00}]",
    "corrections: [{at: 2025-12-10T08:00, text: x, retraction: maybe}]",
    "language: English",
    "language: en_US",
    "moved_from: ../x",
    "moved_from: [//evil.example/]",
    "moved_from: https://evil.example/",
    "moved_from: 2025-12-10/bridge/",
]

SLUGS = [
    "Pelicans",
    "pelicans stay",
    "пеликаны",
    "../../../etc/passwd",
    "/etc/passwd",
    "a/b",
    "a\\b",
    ".",
    "..",
    "-pelicans",
    "pelicans.html",
    "pelicans%2Fx",
    "pelicans?x=1",
    "pelicans#x",
    "ｐｅｌｉｃａｎｓ",
    "pelicаns",
    "x" * 82,
    '"pelicans\\0"',
    '"pelicans\\n"',
    "bridge",
    "~root",
    "con:",
    '" "',
    "pélicans",
    "pelicans\u200b",
]

DATES = [
    "2025-02-31T07:00",
    "2025-13-01T07:00",
    "2025-12-10T25:00",
    "2025-12-10T07:60",
    "2025-12-10T07:00:61",
    "2025-12-10T07:00+99:00",
    "10.12.2025",
    "12/10/2025",
    "10 December 2025",
    "yesterday",
    "2025",
    "1765324800",
    "1765324800000",
    "-1",
    "0",
    "1e9",
    "0001-01-01T00:00+06:00",
    "9999-12-31T23:59-12:00",
    "0000-00-00",
    "2025-12-10T07:00 Asia/Bishkek",
    "2025-12-10T07:00 BST",
    "2025-W50-3",
    "20251210",
    "20251210T070000Z",
    "2025-12-10T07",
    "２０２５-12-10",
    "٢٠٢٥-12-10",
    "[2025-12-10]",
    "true",
    "P1D",
    "2025-12-10T07:00+06:00:30",
    "2025-12-1",
]

ADDRESSES = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "file:///etc/passwd",
    "ftp://a.example/",
    "//evil.example/",
    "/relative",
    "a.example",
    "www.a.example",
    "https://",
    "https:///path",
    "http://user:password@a.example/",
    "https://user@a.example/",
    '"https://a.example/\\r\\nX: y"',
    '"https://a.example/\\tx"',
    "https://a.example/a b",
    '" https:// a.example"',
    "https://[::1",
    "https://a.example:99999/",
    "https://a..example/",
    '"https://a.example\\u0000/"',
    "https://" + "a" * 3000 + ".example/",
    "https://exa mple.org/",
    "mailto:a@b.example",
    "https://%00/",
    "\u202ehttps://a.example/",
]

CHARACTERS = {
    "NUL": "\x00",
    "bell": "\x07",
    "backspace": "\x08",
    "vertical tab": "\x0b",
    "form feed": "\x0c",
    "escape": "\x1b[31m",
    "delete": "\x7f",
    "next line": "\x85",
    "lone surrogate": "\ud800",
    "surrogate pair in pieces": "\ud83d\ude00",
    "non-character": "\uffff",
    "reversed byte order mark": "\ufffe",
    "line separator": "\u2028",
    "paragraph separator": "\u2029",
}

OVERRIDES = {
    "right-to-left override": "\u202e",
    "left-to-right override": "\u202d",
    "right-to-left embedding": "\u202b",
    "pop": "\u202c",
}

TOML = [
    ("title = ", "titel = "),
    ('title = "Steppe Letter"', "title = Steppe Letter"),
    ('title = "Steppe Letter"', 'title = "Steppe Letter'),
    ('title = "Steppe Letter"', "title = 5"),
    ('title = "Steppe Letter"', "title = []"),
    ('title = "Steppe Letter"', 'title = ""'),
    ('title = "Steppe Letter"', 'title = "a\\nb"'),
    ('title = "Steppe Letter"', 'title = "a\\u202Eb"'),
    ('title = "Steppe Letter"', 'title = "a"\ntitle = "b"'),
    ('title = "Steppe Letter"', 'title = "a" "b"'),
    ('title = "Steppe Letter"', 'title = "\\q"'),
    ('title = "Steppe Letter"', 'title = "\\ud800"'),
    ('url = "https://letter.example/"', 'url = "letter.example"'),
    ('url = "https://letter.example/"', 'url = "javascript:alert(1)"'),
    ('url = "https://letter.example/"', 'url = "https://a:b@letter.example/"'),
    ('url = "https://letter.example/"', "url = true"),
    ('language = "en"', 'language = "english"'),
    ('language = "en"', 'language = "EN"'),
    ('language = "en"', 'language = ""'),
    ('timezone = "Asia/Bishkek"', 'timezone = "Bishkek"'),
    ('timezone = "Asia/Bishkek"', 'timezone = "../../etc/passwd"'),
    ('timezone = "Asia/Bishkek"', 'timezone = "/etc/passwd"'),
    ('timezone = "Asia/Bishkek"', 'timezone = ""'),
    ('timezone = "Asia/Bishkek"', 'timezone = "UTC+6"'),
    ('cadence = "weekdays"', 'cadence = "wekly"'),
    ('publish_time = "07:00"', 'publish_time = "7:00"'),
    ('publish_time = "07:00"', 'publish_time = "25:00"'),
    ('publish_time = "07:00"', "publish_time = 07:00:00"),
    ("founded = 2025-01-01", 'founded = "last year"'),
    ("founded = 2025-01-01", "founded = 2025-02-31"),
    ("founded = 2025-01-01", "founded = 2025"),
    ("founded = 2025-01-01", ""),
    ('[publication.publisher]\nname = "Steppe Letter"', "[publication.publisher]"),
    ("[publication.publisher]", "[publication.publisher"),
    ("[publication.publisher]", "[publication]"),
    ("[[publication.sections]]", "[publication.sections]"),
    ('id = "nature"', 'id = "feeds"'),
    ('id = "nature"', 'id = "all"'),
    ('id = "nature"', 'id = "../nature"'),
    ('id = "nature"', 'id = "Nature"'),
    ('id = "nature"', 'id = "economy"'),
    ("entries = 20", "entries = 0"),
    ("entries = 20", "entries = 999999999999"),
    ("entries = 20", 'entries = "many"'),
    ("entries = 20", "entries = 1.5"),
    ("entries = 20", "entries = nan"),
    ("entries = 20", "entires = 20"),
    ("[feeds]", "[feed]"),
    ("[feeds]", "[theme.light]\npage = 'red'\n\n[feeds]"),
    ("[feeds]", "deep = " + "[" * 2000 + "]" * 2000 + "\n[feeds]"),
    ("[feeds]", "a = { b = 1,\n[feeds]"),
]

RATE_LINES = [
    "- KGS/USD",
    "- KGS/USD =",
    "- KGS/USD = many",
    "- KGS/USD = -0.01144",
    "- KGS/USD = 0",
    "- KGS/USD = 0.000",
    "- KGS/USD = nan",
    "- KGS/USD = inf",
    "- KGS/USD = 1e400",
    "- KGS/USD = " + "9" * 5000,
    "- KGS/KGS = 1",
    "- kgs/usd = 0.01144",
    "- SOM/DOLLAR = 0.01144",
    "- KGS USD 0.01144",
    "- {base: KGS, quote: USD}",
    "- {base: KGS, quote: USD, value: x}",
    "- {base: KGS, quote: USD, value: -1}",
    "- {base: KGS, quote: USD, valu: 1}",
    "- {base: KG, quote: USD, value: 1}",
    "- {base: KGS, quote: USD, value: 1, kind: guess}",
    "- {base: KGS, quote: USD, value: 1, as_of: yesterday}",
    "- true",
    "- [KGS, USD]",
    "- {}",
]


def _encodings() -> Iterator[Case]:
    """Files of editors that do not write UTF-8."""
    russian = "Сорок кудрявых пеликанов остались на зиму в дельте реки, потому что вода тёплая.\n"
    for name in ("cp1251", "koi8_r", "utf-16", "utf-16-be", "utf-32", "cp866", "mac_cyrillic"):
        yield Case(f"encoding {name}", body(russian.encode(name)))
    yield Case("encoding cp1252", body("“Pelicans” – forty of them – stayed.\n".encode("cp1252")))
    yield Case("encoding whole file in utf-16", write(STORY, "---\ntitle: x\n---\nwords\n".encode("utf-16")))
    yield Case("encoding cut in a letter", body("вода".encode()[:-1]))
    yield Case("encoding overlong", body(b"\xc0\xaf etc"))
    yield Case("encoding Latin-1 byte", body(b"caf\xe9"))
    yield Case("encoding of issue.md", change(FRONT, "Good morning", "Доброе утро".encode("cp1251")))
    yield Case("encoding of rates.yml", change(RATES, "Mid-market", "Курсы на утро".encode("cp1251")))
    yield Case(
        "encoding of publication.toml", change(PROJECT, "Central Asia", "Средняя Азия".encode("cp1251"))
    )
    yield Case("encoding of a program", write(STORY, b"\x7fELF\x02\x01\x01" + bytes(64)))
    yield Case("encoding of a picture named .md", write(STORY, _picture("PNG")))


def _characters() -> Iterator[Case]:
    """Characters that nobody sees and neither XML nor mail can carry."""
    for name, character in CHARACTERS.items():
        yield Case(f"character {name} in a title", field(f"title: Peli{character}cans"))
        yield Case(f"character {name} in a text", body(f"One.\n\nPeli{character}cans.\n"))
    for name, character in OVERRIDES.items():
        yield Case(f"character {name} in a title", field(f"title: Peli{character}cans"))
        yield Case(f"character {name} in a summary", field(f"summary: Peli{character}cans"))
    yield Case("character NUL in publication.toml", change(PROJECT, "Steppe", "Ste\x00ppe"))
    yield Case("character NUL in rates.yml", change(RATES, "Mid-market", "Mid\x00market"))
    yield Case("character escape in issue.md", change(FRONT, "Good", "\x1b[2JGood"))


def _sizes() -> Iterator[Case]:
    """More than anybody means."""
    yield Case("size of an article", body("word " * 210_000))
    yield Case("size of front matter", field("summary: " + "x" * 70_000))
    yield Case("size of rates.yml", change(RATES, "quotes:", "note2: " + "x" * 70_000 + "\nquotes:"))
    yield Case("size of publication.toml", change(PROJECT, "[feeds]", "# " + "x" * 1_100_000 + "\n[feeds]"))
    yield Case("size: quotations in quotations", body("> " * 300 + "deep"))
    yield Case("size: lists in lists", body("- " * 300 + "deep"))
    yield Case("size: indented lists", body("\n".join("  " * n + "- x" for n in range(150))))
    yield Case("size: an issue of 201 articles", _many(201))
    yield Case("size: a note of 501 characters", change(RATES, "note: Mid", "note: " + "x" * 501))


def _many(count: int) -> Spoil:
    def spoil(root: Path) -> None:
        for number in range(count):
            (root / ISSUE / f"{number:03}-x{number}.md").write_text("---\n---\n")

    return spoil


def _paths() -> Iterator[Case]:
    """Files, folders and links where they should not be."""
    yield Case("path: article is a folder", _folder(f"{ISSUE}/04-folder.md"))
    yield Case("path: article is a pipe", lambda root: os.mkfifo(root / ISSUE / "04-pipe.md"))
    yield Case("path: article leads to /etc/passwd", link(f"{ISSUE}/04-x.md", "/etc/passwd"))
    yield Case(
        "path: article leads out of the issue", link(f"{ISSUE}/04-x.md", "../2025-12-09/01-night-train.md")
    )
    yield Case("path: article leads nowhere", link(f"{ISSUE}/04-x.md", "nowhere.md"))
    yield Case("path: article leads to itself", link(f"{ISSUE}/04-x.md", "04-x.md"))
    yield Case("path: issue.md leads out", link(FRONT, "/etc/hostname"))
    yield Case("path: rates.yml leads out", link(RATES, "/etc/hostname"))
    yield Case("path: rates.yml is a folder", both(_gone(RATES), _folder(RATES)))
    yield Case("path: issue.md is missing", _gone(FRONT))
    yield Case("path: issue.md is empty", write(FRONT, ""))
    yield Case(
        "path: no articles",
        both(*(_gone(f"{ISSUE}/{n}.md") for n in ("01-bridge", "02-pelicans", "03-bread"))),
    )
    yield Case("path: article without a number", write(f"{ISSUE}/pelicans.md", "---\n---\n"))
    yield Case("path: article with capitals", write(f"{ISSUE}/04-Pelicans.md", "---\n---\n"))
    yield Case("path: article with spaces", write(f"{ISSUE}/04 pelicans stay.md", "---\n---\n"))
    yield Case("path: article in Cyrillic", write(f"{ISSUE}/04-пеликаны.md", "---\n---\n"))
    for name in ("04-a.txt", "04-a.md.txt", "04-a.MD", "04-a.docx"):
        yield Case(f"path: unread {name}", write(f"{ISSUE}/{name}", "Words.\n"))
    for name in ("rates.yaml", "rates.yml.txt", "Rates.yml"):
        yield Case(f"path: unread {name}", both(_gone(RATES), write(f"{ISSUE}/{name}", "quotes: []\n")))
    yield Case("path: article with a line break", write(f"{ISSUE}/04-a\nb.md", "---\n---\n"))
    yield Case("path: article with an escape", write(f"{ISSUE}/04-\x1b[31m.md", "---\n---\n"))
    yield Case("path: article name not in UTF-8", _undecodable)
    yield Case("path: empty article", write(f"{ISSUE}/04-empty.md", ""))
    yield Case("path: only hyphens", write(f"{ISSUE}/04-empty.md", "---"))
    yield Case("path: issue folder is no date", _renamed("next-week"))
    yield Case("path: issue folder is no day", _renamed("2025-02-31"))
    yield Case("path: issue folder is another date", _renamed("2025-12-11", "date: 2025-12-10"))
    yield Case("path: issue folder of year 0000", _renamed("0000-01-01"))
    yield Case("path: issue folder of year 0001", _renamed("0001-01-01", "date: 0001-01-01"))
    yield Case("path: issue folder without hyphens", _renamed("20251210"))
    yield Case("path: publication.toml is missing", _gone(PROJECT))
    yield Case("path: publication.toml is a folder", both(_gone(PROJECT), _folder(PROJECT)))
    yield Case("path: publication.toml is empty", write(PROJECT, ""))


def _folder(name: str) -> Spoil:
    return lambda root: (root / name).mkdir()


def _gone(name: str) -> Spoil:
    return lambda root: (root / name).unlink()


def _renamed(name: str, date: str = "") -> Spoil:
    def spoil(root: Path) -> None:
        (root / ISSUE).rename(root / "issues" / name)
        front = root / "issues" / name / "issue.md"
        front.write_text(front.read_text().replace("date: 2025-12-10\n", f"{date}\n" if date else ""))

    return spoil


def _undecodable(root: Path) -> None:
    folder = os.fsencode(root / ISSUE)
    with open(folder + b"/04-\xff.md", "wb") as file:  # noqa: PTH123  # a name of bytes
        file.write(b"---\n---\n")


def _pictures() -> Iterator[Case]:
    """Pictures that are missing, broken, elsewhere or something else."""
    png, jpeg = _picture("PNG"), _picture("JPEG")
    for path in (
        "images/none.png", "/etc/passwd", "../images/x.png", "images/../../x.png", "images/a b.png",
        "images/x.svg", "images/x.gif", "images/x.PNG", "https://a.example/x.png", "images/", "bridge.png",
        "images\\\\x.png", "images/.png", "images/x.png?y", "images/пеликан.png",
    ):  # fmt: skip
        yield Case(f"picture at {path}", change(PICTURED, "path: images/bridge.png", f'path: "{path}"'))
    yield Case("picture that is text", write(PICTURE, "not a picture"))
    yield Case("picture that is empty", write(PICTURE, b""))
    yield Case("picture that is cut off", write(PICTURE, png[:-20]))
    yield Case("picture that is a JPEG named .png", write(PICTURE, jpeg))
    yield Case("picture that is a GIF named .png", write(PICTURE, _picture("GIF")))
    yield Case("picture that is SVG named .png", write(PICTURE, "<svg onload='alert(1)'/>"))
    bomb = png[:16] + (60_000).to_bytes(4, "big") * 2 + png[24:]
    yield Case("picture of 3.6 billion pixels", write(PICTURE, bomb))
    yield Case("picture of 11 MB", write(PICTURE, png + bytes(11_000_000)))
    yield Case("picture that leads out", link(PICTURE, "/etc/hostname"))
    yield Case("pictures' folder that leads out", _images_elsewhere)
    yield Case("picture that is a folder", both(_gone(PICTURE), _folder(PICTURE)))
    yield Case(
        "picture without alt",
        change(PICTURED, "  alt: A flat grey bridge over brown water, empty but for one cyclist.\n", ""),
    )
    yield Case("picture in a text that is missing", body("Words.\n\n![Pelicans](images/none.jpg)\n"))
    yield Case("picture in a text that leads out", body("Words.\n\n![Pelicans](../../x.png)\n"))
    yield Case("picture in a text, encoded path", body("Words.\n\n![Pelicans](images/%2e%2e/x.png)\n"))


def _images_elsewhere(root: Path) -> None:
    elsewhere = root.parent / "elsewhere"
    (root / ISSUE / "images").rename(elsewhere)
    (root / ISSUE / "images").symlink_to(elsewhere)


def _rest() -> Iterator[Case]:
    """Marks left open, and what must stand once."""
    yield Case("CHECK in a text", body("Words.\n\n## Birds <!-- CHECK: title or sub-heading? -->\n"))
    yield Case("CHECK over two lines", body("Words. <!-- CHECK: which\nriver? -->\n"))
    yield Case("CHECK among fields", field("# CHECK: which day?\nlanguage: en"))
    yield Case("CHECK without words", body("Words. <!--CHECK-->\n"))
    yield Case("CHECK in issue.md", change(FRONT, "Good", "<!-- CHECK: morning? --> Good"))
    yield Case("CHECK in rates.yml", change(RATES, "quotes:", "# CHECK: three digits only\nquotes:"))
    yield Case("remark never closed", body("Words. <!-- note to self\n"))
    yield Case("no front matter", write(STORY, "# Pelicans\n\nWords.\n"))
    yield Case("front matter never ends", write(STORY, "---\ntitle: Pelicans\n\nWords.\n"))
    yield Case("front matter in TOML", write(STORY, '+++\ntitle = "Pelicans"\n+++\n'))
    yield Case("number twice", field("number: 127", FRONT))
    yield Case("number of words", field("number: first", FRONT))
    yield Case("number below one", field("number: 0", FRONT))
    yield Case("number of 5,000 digits", field("number: " + "9" * 5000, FRONT))
    yield Case("number with a fraction", field("number: 12.5", FRONT))
    yield Case("articles typed into issue.md", field("articles: [a]", FRONT))
    yield Case("date of the issue in words", field("date: tomorrow", FRONT))
    yield Case("published of the issue in words", field("published: soon", FRONT))
    yield Case(
        "tombstone of a standing id", write("issues/tombstones.txt", "2025-12-10.pelicans 2025-12-11 x\n")
    )
    yield Case("tombstone without a date", write("issues/tombstones.txt", "2025-12-10.fish\n"))
    yield Case("rates without a list", change(RATES, "quotes:", "quotes: none\nother:"))
    yield Case("rates with a wrong key", change(RATES, "quotes:", "qoutes:"))
    yield Case("rates of two days", change(RATES, "as_of: 2025-12-10", "as_of: 10 and 11 December"))
    yield Case("rates of a number", change(RATES, "as_of: 2025-12-10", "as_of: 1765324800"))
    yield Case("rates that are a list", write(RATES, "- KGS/USD = 0.01144\n"))
    yield Case("rates that are words", write(RATES, "KGS/USD = 0.01144\n"))
    key = '[subscribers]\nsecret_key = "0123456789abcdef"\n\n[feeds]'
    database = '[subscribers]\ndatabase = "postgresql://desk:secret@db.example/letter"\n\n[feeds]'
    yield Case("secret key in publication.toml", change(PROJECT, "[feeds]", key))
    yield Case("database password in publication.toml", change(PROJECT, "[feeds]", database))
    yield Case("faults in four files", both(
        field("titel: x"), field("number: x", FRONT), change(RATES, "0.01144", "x"),
        field("section: x", "issues/2025-12-09/01-night-train.md"),
    ))  # fmt: skip


def _flow(text: str) -> str:
    """A value inside braces: in quotes unless it has some."""
    return text if text.startswith('"') else f'"{text}"'


CASES: tuple[Case, ...] = (
    *_named("yaml", field, YAML),
    *_named("field", field, FIELDS),
    *_named("slug", lambda text: field(f"slug: {text}"), SLUGS),
    *_named("date", lambda text: field(f"published: {text}"), DATES),
    *_named("date updated", lambda text: field(f"updated: {text}"), DATES[:4]),
    *_named("address", lambda text: field(f"source: {{name: A, url: {_flow(text)}}}"), ADDRESSES),
    *_named("toml", lambda number: change(PROJECT, *TOML[int(number)]), [str(n) for n in range(len(TOML))]),
    *_named("rate", lambda text: change(RATES, "- KGS/USD = 0.01144 0%", text), RATE_LINES),
    *_encodings(),
    *_characters(),
    *_sizes(),
    *_paths(),
    *_pictures(),
    *_rest(),
)
