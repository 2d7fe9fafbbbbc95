"""Design tokens: complete, checked for contrast, and one colour at a time to change."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from publisher.rendering.contrast import contrast
from publisher.rendering.theme import DARK, Step, Theme, faint_pairs


def test_shipped_theme_is_readable():
    """Every pair of the shipped design keeps its contrast in both schemes."""
    assert list(faint_pairs(Theme())) == []


def test_contrast_is_that_of_wcag():
    """Black on white is 21:1, and the order of the two does not matter."""
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#FFFFFF", "#586673") == pytest.approx(contrast("#586673", "#FFFFFF"))


def test_faint_pair_is_named_with_its_ratio():
    """A theme that cannot be read is refused with the pair, both colours and the ratio."""
    with pytest.raises(ValidationError) as refused:
        Theme.model_validate({"light": {"muted": "#AAAAAA"}})

    assert "light.muted #AAAAAA on light.panel #FFFFFF has a contrast of 2.32:1, needs 4.5:1" in str(
        refused.value
    )


def test_every_faint_pair_is_a_fault_of_its_own_at_the_colour_that_was_chosen():
    """The editor is led to the line that is to change, also where the ground was changed."""
    with pytest.raises(ValidationError) as refused:
        Theme.model_validate({"light": {"muted": "#AAAAAA"}, "dark": {"band": "#777777"}})

    places = {fault["loc"] for fault in refused.value.errors()}
    assert places == {("light", "muted"), ("dark", "band")}
    assert sum(fault["loc"] == ("light", "muted") for fault in refused.value.errors()) == 3


def test_faint_graphic_is_refused_below_three():
    """The sparkline is a graphic: it needs 3:1, not more."""
    assert Theme.model_validate({"light": {"graph": "#7D8FA3"}}).light.graph == "#7D8FA3"
    with pytest.raises(ValidationError, match=r"light\.graph #A9BBD6 .* needs 3\.0:1"):
        Theme.model_validate({"light": {"graph": "#A9BBD6"}})


def test_one_dark_colour_leaves_the_rest_dark():
    """Setting one colour of the dark scheme does not fall back to the light defaults."""
    theme = Theme.model_validate({"dark": {"accent": "#9CC2FF"}})

    assert theme.dark == DARK.model_copy(update={"accent": "#9CC2FF"})


def test_type_step_is_read_as_typographers_write_it():
    """`26/32` is a size and its line height, and reaches the style sheets in pixels."""
    theme = Theme.model_validate({"wide": {"title": "26/32"}})

    assert theme.wide.title == Step(26, 32)
    assert theme.css_variables()["--wide-title-line"] == "32px"


@pytest.mark.parametrize("value", ["26", "26px/32px", "", "big"])
def test_type_step_that_is_no_step_is_refused(value):
    """Anything but size/line is refused with an example."""
    with pytest.raises(ValidationError, match="for example 17/27"):
        Theme.model_validate({"wide": {"title": value}})


@pytest.mark.parametrize("fonts", ['"Segoe UI", serif', "x;color:red", "url(http://127.0.0.1/)"])
def test_fonts_cannot_leave_their_declaration(fonts):
    """A font list is names and commas: no quote, no semicolon, no address."""
    with pytest.raises(ValidationError):
        Theme.model_validate({"serif": fonts})


def test_variables_of_both_schemes_have_the_same_names():
    """A style sheet may switch schemes without losing a colour."""
    assert list(Theme().css_variables("light")) == list(Theme().css_variables("dark"))
