"""The letter's style sheets, from valid CSS with variables to what mail clients read.

Four sheets from three files: `inline.css` goes into style attributes; `wide.css` and `dark.css`
stay in the head, each declaration marked !important because it must beat an attribute; the fourth
repeats the dark rules for Outlook, which marks recoloured elements with its own attributes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from jinja2 import Environment, TemplateNotFound

from publisher.errors import ConfigurationError
from publisher.rendering.theme import Theme

FOLDER = "email"

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_VARIABLE = re.compile(r"var\((--[a-z-]+)\)")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIDE = re.compile(r"(?<![\w.-])(left|right)(?![\w-])|(?<=-)(left|right)(?=\s*:|-)")
_FOUR_SIDES = re.compile(r"(?<=[{;])((?:margin|padding):)(\S+) (\S+) (\S+) ([^\s;}]+)")
# A sheet that reaches outside, or that a mail client drops whole. `@media` is all that may nest.
_FOREIGN = re.compile(
    r"@(?!media\b)[a-z-]+|\b(?:url|src|image|image-set)\s*\(|//|expression\s*\(|behavior\s*:|</|\\",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Sheets:
    """CSS text, ready to be put into four style elements."""

    inline: str
    wide: str
    dark: str
    outlook_dark: str


def letter_sheets(templates: Environment, theme: Theme, direction: str) -> Sheets:
    """Resolve tokens, swap sides for a right-to-left letter, write the dark rules twice.

    Raises ConfigurationError when a publication's own sheet fetches something or names a token
    that the theme does not have.
    """
    light, dark = theme.css_variables("light"), theme.css_variables("dark")

    def sheet(name: str, variables: dict[str, str]) -> str:
        css = compact(resolved(_source(templates, name), variables, name))
        return mirrored(css) if direction == "rtl" else css

    dark_rules = important(sheet("dark.css", dark))
    return Sheets(
        inline=sheet("inline.css", light),
        wide=important(sheet("wide.css", light)),
        dark=f":root{{color-scheme:light dark}}\n@media (prefers-color-scheme:dark){{\n{dark_rules}}}",
        outlook_dark=for_outlook(dark_rules),
    )


def _source(templates: Environment, name: str) -> str:
    """The style sheet's text: the publication's own, or ours."""
    if templates.loader is None:
        raise TemplateNotFound(name)
    return templates.loader.get_source(templates, f"{FOLDER}/{name}")[0]


def resolved(css: str, variables: dict[str, str], name: str) -> str:
    """Replace `var(--ink)` by its value, after a look for what no letter may carry."""
    if foreign := _FOREIGN.search(_COMMENT.sub("", css)):
        raise ConfigurationError(
            f"templates/{FOLDER}/{name}: {foreign.group().strip()!r} does not work in a letter",
            hint="write plain rules and @media only; nothing is fetched for a letter",
        )

    def value(found: re.Match[str]) -> str:
        if found[1] not in variables:
            raise ConfigurationError(
                f"templates/{FOLDER}/{name}: the theme has no {found[1]}",
                hint=f"use one of {', '.join(sorted(variables))}",
            )
        return variables[found[1]]

    return _VARIABLE.sub(value, css)


def compact(css: str) -> str:
    """One rule a line, no comments, no needless blanks: Gmail reads 16 kB of styles and no more."""
    css = re.sub(r"\s+", " ", _COMMENT.sub("", css))
    css = re.sub(r"\s*([{};,])\s*", r"\1", css)
    return (
        re.sub(r"(?<=[a-z]):\s+(?=[^;{}]*[;}])", ":", css).replace(";}", "}").replace("}", "}\n").strip()
        + "\n"
    )


def mirrored(css: str) -> str:
    """Swap left and right; mail clients do not know `margin-inline-start`.

    Arabic letters have no italics; slanted ones are a fault to the eye.
    """
    swap = {"left": "right", "right": "left"}
    css = _FOUR_SIDES.sub(r"\1\2 \5 \4 \3", css)  # top right bottom left
    css = css.replace("font-style:italic", "font-style:normal")
    return _SIDE.sub(lambda found: swap[found.group()], css)


def important(css: str) -> str:
    """Mark every declaration: what stays in the head must beat what was inlined."""

    def marked(found: re.Match[str]) -> str:
        declarations = (part for part in found[2].split(";") if part.strip())
        return f"{found[1]}{{{';'.join(f'{part} !important' for part in declarations)}}}"

    return _RULE.sub(marked, css)


def for_outlook(dark_rules: str) -> str:
    """Outlook.com marks what it recolours: `data-ogsb` for backgrounds, `data-ogsc` for the rest."""
    lines = []
    for selectors, body in _RULE.findall(dark_rules):
        declarations = body.split(";")
        grounds = [part for part in declarations if part.startswith("background")]
        others = [part for part in declarations if part not in grounds]
        for mark, parts in (("[data-ogsb]", grounds), ("[data-ogsc]", others)):
            if parts:
                marked = ",".join(f"{mark} {selector.strip()}" for selector in selectors.split(","))
                lines.append(f"{marked}{{{';'.join(parts)}}}\n")
    return "".join(lines)
