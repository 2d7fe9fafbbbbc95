"""The archive: all years, a page for each, and one for each month of a year that is too much for a page."""

from __future__ import annotations

from datetime import date
from functools import partial

from publisher.content.models import Issue
from publisher.rendering.models import Site
from publisher.rendering.pages.frame import Frame, Head, Pages, Turn, file_of
from publisher.rendering.paging import by_month, by_year, is_heavy, with_neighbours

Issues = list[Issue]


def pages(press: Frame, site: Site) -> Pages:
    """The list of years, the years, and the months of busy years, each knowing its two neighbours."""
    years = by_year([edition.issue for edition in site.editions])
    yield file_of("archive/"), partial(_archive, press, years)
    for newer, year, older in with_neighbours(list(years)):
        make = partial(_year, press, year, by_month(years[year]), newer=newer, older=older)
        yield file_of(press.links.year_path(year)), make
        if is_heavy(years[year]):
            yield from _months(press, by_month(years[year]))


def _months(press: Frame, months: dict[date, Issues]) -> Pages:
    for newer, month, older in with_neighbours(list(months)):
        make = partial(_month, press, month, months[month], newer=newer, older=older)
        yield file_of(press.links.month_path(month)), make


def _archive(press: Frame, years: dict[int, Issues]) -> str:
    language = press.language
    head = Head("archive/", language.text("Archive"), language.text("All issues, by year."))
    return press.page("web/archive.html", head, years=years)


def _year(
    press: Frame, year: int, months: dict[date, Issues], *, newer: int | None, older: int | None
) -> str:
    language, links = press.language, press.links
    head = Head(
        path=links.year_path(year),
        title=f"{language.text('Archive')}: {year}",
        description=language.text("All issues of {year}.", year=year),
    )
    return press.page(
        "web/year.html",
        head,
        year=year,
        months=months,
        by_month=is_heavy([issue for issues in months.values() for issue in issues]),
        older=Turn(links.year_path(older), str(older)) if older else None,
        newer=Turn(links.year_path(newer), str(newer)) if newer else None,
    )


def _month(press: Frame, month: date, issues: Issues, *, newer: date | None, older: date | None) -> str:
    language, links = press.language, press.links
    name = language.month_and_year(month)
    head = Head(
        path=links.month_path(month),
        title=f"{language.text('Archive')}: {name}",
        description=language.text("All issues of {year}.", year=name),
    )
    return press.page(
        "web/month.html",
        head,
        month=month,
        issues=issues,
        older=Turn(links.month_path(older), language.month_and_year(older)) if older else None,
        newer=Turn(links.month_path(newer), language.month_and_year(newer)) if newer else None,
    )
