"""The chart of thirty days on a web page."""

from datetime import date, timedelta
from decimal import Decimal

from defusedxml.ElementTree import fromstring

from publisher.rates.chart import chart_svg
from publisher.rates.models import RateRow

SVG = "{http://www.w3.org/2000/svg}"


def row(*values: str) -> RateRow:
    """Make a row whose last days had these values."""
    first = date(2025, 12, 1)
    history = tuple((first + timedelta(n), Decimal(value)) for n, value in enumerate(values))
    return RateRow(base="USD", quote="KZT", local="KZT", value=Decimal(values[-1]), history=history)


def test_the_chart_is_read_aloud_by_its_title_and_description():
    """A reader who cannot see it hears what happened; what people type is escaped."""
    svg = fromstring(
        chart_svg(row("511", "518.10"), title="USD/KZT <30 days>", description="weaker & weaker")
    )
    labels = [element.get("id") for element in (svg.find(f"{SVG}title"), svg.find(f"{SVG}desc"))]
    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby") == " ".join(labels)
    assert svg.findtext(f"{SVG}title") == "USD/KZT <30 days>"
    assert svg.findtext(f"{SVG}desc") == "weaker & weaker"


def test_labels_are_written_in_the_pages_language():
    """The page passes how numbers and days are said."""
    chart = chart_svg(
        row("511", "518.10"),
        title="t",
        description="d",
        number=lambda value: f"{value}".replace(".", ","),
        day=lambda when: f"{when:%d.%m}",
    )
    said = [text.text for text in fromstring(chart).iter(f"{SVG}text")]
    assert said == ["518,10", "518,10", "511", "01.12", "02.12"]


def test_a_higher_value_stands_higher():
    """SVG counts downwards."""
    line = next(
        fromstring(chart_svg(row("500", "520", "510"), title="t", description="d")).iter(f"{SVG}polyline")
    )
    ys = [float(point.split(",")[1]) for point in line.get("points").split()]
    assert ys[1] < ys[2] < ys[0]


def test_one_value_is_no_chart():
    """Nothing is drawn rather than a lie."""
    assert chart_svg(row("511"), title="t", description="d") == ""
