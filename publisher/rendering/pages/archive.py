"""The archive: all years, and a page for each."""

from __future__ import annotations

from functools import partial
from itertools import groupby

from publisher.content.models import Issue
from publisher.rendering.pages.frame import Frame, Head, Pages, file_of


def pages(press: Frame) -> Pages:
    """The list of years, and one page for each year."""
    issues = [edition.issue for edition in press.site.editions]
    years = {year: list(its) for year, its in groupby(issues, lambda issue: issue.date.year)}
    yield file_of("archive/"), partial(_archive, press, years)
    for year, its in years.items():
        yield file_of(press.links.year_path(year)), partial(_year, press, year, its, sorted(years))


def _archive(press: Frame, years: dict[int, list[Issue]]) -> str:
    language = press.language
    head = Head("archive/", language.text("Archive"), language.text("All issues, by year."))
    return press.page("web/archive.html", head, years=years)


def _year(press: Frame, year: int, issues: list[Issue], years: list[int]) -> str:
    language = press.language
    head = Head(
        path=press.links.year_path(year),
        title=f"{language.text('Archive')}: {year}",
        description=language.text("All issues of {year}.", year=year),
    )
    months = groupby(issues, lambda issue: issue.date.replace(day=1))
    place = years.index(year)
    return press.page(
        "web/year.html",
        head,
        year=year,
        months=[(month, list(its)) for month, its in months],
        older=years[place - 1] if place else None,
        newer=years[place + 1] if place + 1 < len(years) else None,
    )
