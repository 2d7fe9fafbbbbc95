"""Design tokens: the colours, type and spacing that letter and pages share.

Style sheets name a token as `var(--ink)`. Pages hand the variables to the browser; a letter has
them replaced by their values, because most mail clients know no variables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Literal, NamedTuple

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from publisher.rendering.contrast import contrast

Scheme = Literal["light", "dark"]

Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9A-Fa-f]{6}$")]
"""Six hexadecimal digits: the one notation every mail client reads."""

# Names are written without quotes: a quoted one would end the style attribute it is inlined into.
Fonts = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9 ,-]+$")]


class Step(NamedTuple):
    """One step of the type scale: font size and line height in pixels."""

    size: int
    line: int


def _step(value: object) -> object:
    """Read `17/27`, the way typographers write a size and its line height."""
    if isinstance(value, str):
        if not (found := re.fullmatch(r"(\d{1,3})/(\d{1,3})", value)):
            raise ValueError("must be a size and a line height in pixels, for example 17/27")
        return Step(int(found[1]), int(found[2]))
    return value


TypeStep = Annotated[Step, BeforeValidator(_step)]


class _Tokens(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Palette(_Tokens):
    """The colours of one scheme. The defaults are the light one's."""

    page: Colour = Field(default="#E9EDF1", description="Around the letter, for example #E9EDF1.")
    panel: Colour = Field(default="#FFFFFF", description="Behind the text, for example #FFFFFF.")
    band: Colour = Field(default="#F3F6FA", description="Behind rates and foot, for example #F3F6FA.")
    ink: Colour = Field(default="#15202B", description="Titles and figures, for example #15202B.")
    text: Colour = Field(default="#2B3642", description="Running text, for example #2B3642.")
    muted: Colour = Field(default="#586673", description="Dates, names, notes, for example #586673.")
    accent: Colour = Field(default="#1B4F9C", description="Links and the top bar, for example #1B4F9C.")
    on_accent: Colour = Field(default="#FFFFFF", description="Text on the accent, for example #FFFFFF.")
    up: Colour = Field(default="#0B6B4A", description="A currency got stronger, for example #0B6B4A.")
    down: Colour = Field(default="#B42318", description="A currency got weaker, for example #B42318.")
    graph: Colour = Field(default="#4A7DB8", description="The sparkline's stroke, for example #4A7DB8.")
    notice: Colour = Field(default="#8A4B08", description="Correction notices, for example #8A4B08.")
    notice_band: Colour = Field(default="#FFF6E5", description="Behind notices, for example #FFF6E5.")
    rule: Colour = Field(default="#D5DCE3", description="The line between articles, for example #D5DCE3.")
    rule_row: Colour = Field(default="#DDE4EB", description="The line under a rate, for example #DDE4EB.")
    rule_head: Colour = Field(default="#C9D2DC", description="Under a table's head, for example #C9D2DC.")


DARK = Palette(
    page="#0D1218",
    panel="#151C24",
    band="#1B2530",
    ink="#F2F5F8",
    text="#D6DDE4",
    muted="#9AA8B5",
    accent="#8DB8FF",
    on_accent="#0D1218",
    up="#5ED3A0",
    down="#FF9288",
    graph="#4A7DB8",
    notice="#F0B860",
    notice_band="#2B2416",
    rule="#2D3946",
    rule_row="#2D3946",
    rule_head="#3A4856",
)


class Scale(_Tokens):
    """The type scale of a narrow screen, `size/line` in pixels."""

    fine: TypeStep = Field(default=Step(13, 18), description="Table heads and sources, for example 13/18.")
    small: TypeStep = Field(default=Step(14, 20), description="Dates, kickers, the foot, for example 14/20.")
    figures: TypeStep = Field(default=Step(15, 20), description="The rates, for example 15/20.")
    tagline: TypeStep = Field(default=Step(15, 22), description="Under the masthead, for example 15/22.")
    contents: TypeStep = Field(default=Step(16, 23), description="The contents list, for example 16/23.")
    text: TypeStep = Field(default=Step(17, 27), description="Running text, for example 17/27.")
    lead: TypeStep = Field(default=Step(19, 28), description="The opening paragraph, for example 19/28.")
    quote: TypeStep = Field(default=Step(19, 29), description="Quotations, for example 19/29.")
    heading: TypeStep = Field(default=Step(18, 24), description="Headings inside a story, for example 18/24.")
    title: TypeStep = Field(default=Step(23, 29), description="A story's title, for example 23/29.")
    first: TypeStep = Field(default=Step(28, 34), description="The first story's title, for example 28/34.")
    masthead: TypeStep = Field(default=Step(38, 42), description="The publication's name, for example 38/42.")


WIDE = Scale(
    figures=Step(16, 20),
    text=Step(16, 26),
    lead=Step(20, 30),
    title=Step(25, 31),
    first=Step(32, 38),
    masthead=Step(44, 48),
)


class Space(_Tokens):
    """Distances in pixels."""

    side: int = Field(default=20, ge=8, le=40, description="Left and right on a telephone, for example 20.")
    side_wide: int = Field(default=40, ge=8, le=80, description="Left and right on a desk, for example 40.")
    paragraph: int = Field(default=16, ge=4, le=40, description="Between paragraphs, for example 16.")
    above_story: int = Field(default=32, ge=8, le=80, description="Above a story's kicker, for example 32.")
    below_story: int = Field(default=34, ge=8, le=80, description="Below a story's end, for example 34.")
    width: int = Field(default=600, ge=480, le=680, description="The letter's width, for example 600.")


class Theme(_Tokens):
    """The `[theme]` table of publication.toml. What is not set is as in the shipped design."""

    serif: Fonts = Field(
        default="Georgia, Times New Roman, serif",
        description="Titles, lead and quotes: fonts that readers have, for example Georgia, serif.",
    )
    sans: Fonts = Field(
        default="-apple-system, BlinkMacSystemFont, Segoe UI, Roboto, Helvetica, Arial, sans-serif",
        description="Text and figures: fonts that readers have, for example Verdana, sans-serif.",
    )
    light: Palette = Palette()
    dark: Palette = DARK
    narrow: Scale = Scale()
    wide: Scale = WIDE
    space: Space = Space()

    @model_validator(mode="before")
    @classmethod
    def _lay_over_the_design(cls, given: object) -> object:
        """`[theme.dark] accent = …` changes one colour of OUR dark scheme, not of the light one."""
        if not isinstance(given, dict):
            return given
        designs: dict[str, _Tokens] = {"dark": DARK, "wide": WIDE}
        laid = {
            name: design.model_dump() | given[name]
            for name, design in designs.items()
            if isinstance(given.get(name), dict)
        }
        return given | laid

    @model_validator(mode="after")
    def _can_be_read(self) -> Theme:
        """Refuse a theme that some readers could not read (WCAG 2.2, 1.4.3 and 1.4.11).

        Each pair is a fault of its own, at the colour that somebody chose.
        """
        if faults := list(faint_pairs(self)):
            details = [
                InitErrorDetails(
                    type=PydanticCustomError("faint_pair", "{said}", {"said": fault.message}),
                    loc=(fault.scheme, fault.token),
                    input=None,
                )
                for fault in faults
            ]
            raise ValidationError.from_exception_data("theme", details)
        return self

    def palette(self, scheme: Scheme) -> Palette:
        """The colours of `light` or `dark`."""
        return self.light if scheme == "light" else self.dark

    def colour_variables(self, scheme: Scheme) -> dict[str, str]:
        """`{"--ink": "#15202B", "--rule-row": …}`: the colours of a scheme, for a style sheet."""
        return {_variable(name): value for name, value in self.palette(scheme).model_dump().items()}

    def type_variables(self) -> dict[str, str]:
        """`--title-size`, `--title-line`, `--wide-title-size` …, both fonts and all distances."""
        variables = {"--serif": self.serif, "--sans": self.sans}
        for prefix, scale in (("--", self.narrow), ("--wide-", self.wide)):
            for name in Scale.model_fields:
                step: Step = getattr(scale, name)
                variables |= {
                    f"{prefix}{name}-size": f"{step.size}px",
                    f"{prefix}{name}-line": f"{step.line}px",
                }
        return variables | {_variable(name): f"{value}px" for name, value in self.space.model_dump().items()}

    def css_variables(self, scheme: Scheme = "light") -> dict[str, str]:
        """All tokens of a scheme as CSS custom properties, in a fixed order."""
        return self.colour_variables(scheme) | self.type_variables()


def _variable(name: str) -> str:
    return "--" + name.replace("_", "-")


_TEXT_PAIRS = [
    *((text, ground) for text in ("ink", "text", "muted", "accent") for ground in ("panel", "band")),
    *((text, ground) for text in ("up", "down") for ground in ("panel", "band")),
    ("muted", "page"),
    ("accent", "page"),
    ("on_accent", "accent"),
    ("notice", "notice_band"),
    ("ink", "notice_band"),
    ("text", "notice_band"),
]
_GRAPHIC_PAIRS = [("graph", "panel"), ("graph", "band"), ("notice", "panel")]


class FaintPair(NamedTuple):
    """Two colours that are too close; `token` is the one of them that is not as shipped."""

    scheme: Scheme
    token: str
    message: str


def faint_pairs(theme: Theme) -> Iterator[FaintPair]:
    """Name every pair that is too close: text under 4.5:1, graphics under 3:1."""
    shipped: dict[Scheme, Palette] = {"light": Palette(), "dark": DARK}
    for scheme, design in shipped.items():
        colours = theme.palette(scheme)
        for least, pairs in ((4.5, _TEXT_PAIRS), (3.0, _GRAPHIC_PAIRS)):
            for front, ground in pairs:
                ratio = contrast(getattr(colours, front), getattr(colours, ground))
                if ratio < least:
                    chosen = front if getattr(colours, front) != getattr(design, front) else ground
                    yield FaintPair(
                        scheme,
                        chosen,
                        f"{scheme}.{front} {getattr(colours, front)} on {scheme}.{ground} "
                        f"{getattr(colours, ground)} has a contrast of {ratio:.2f}:1, needs {least}:1",
                    )
