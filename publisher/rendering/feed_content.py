"""The HTML of an entry: what readers keep.

Not the letter's HTML: no layout tables, no classes, no styles, nothing that a sanitiser would take
meaning from. Addresses are absolute, a picture comes first and has a text, signs are characters
and changes are words. The words stand in `templates/feed/`.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from publisher.content.markup import parse, to_html
from publisher.content.models import Article, Correction, Issue, Source
from publisher.rendering.direction import directed
from publisher.rendering.feed_models import Enclosure
from publisher.rendering.feed_rates import rates_words
from publisher.rendering.language import Language
from publisher.rendering.models import Edition, Site
from publisher.rendering.summaries import caption_of, summary_of


@dataclass(frozen=True)
class Notice:
    """What was put right, above the story."""

    label: str
    text: str


@dataclass(frozen=True)
class Story:
    """What the templates know of an article."""

    url: str
    title: str
    byline: str
    image: Enclosure | None
    alt: str
    caption: str
    notices: tuple[Notice, ...]
    body: Markup
    more: str
    sources: tuple[Source, ...]
    sources_label: str


def article_html(site: Site, issue: Issue, article: Article, image: Enclosure | None) -> str:
    """The story, its summary only, or the notice of its withdrawal; never nothing, which readers take for a fault."""
    language = article_language(site, article)
    story = _story(site, issue, article, image, top_heading=2, around=language)
    html = site.templates.get_template("feed/article.html").render(story=story)
    return _finished(html if html.strip() else Markup("<p>{}</p>").format(article.title), language)


def issue_html(site: Site, edition: Edition, image: Enclosure | None) -> str:
    """The whole briefing: rates, lead paragraph, contents, every story."""
    issue = edition.issue
    stories = [
        _story(site, issue, article, image if place == 0 else None, top_heading=3, around=site.language)
        for place, article in enumerate(issue.articles)
    ]
    lead = to_html(parse(issue.lead), base_url=site.links.issue_url(issue)) if issue.lead else ""
    table = rates_words(edition.rates, site.language) if edition.rates and edition.rates.rows else None
    template = site.templates.get_template("feed/issue.html")
    html = template.render(table=table, lead=Markup(lead), stories=stories)  # noqa: S704  # nh3 has cleaned it
    return _finished(html, site.language)


def article_language(site: Site, article: Article) -> Language:
    """The language an article is written in."""
    return Language(article.language or site.publication.language)


def _finished(html: str, language: Language) -> str:
    """Name quotation marks: feedparser takes the `&#34;` of our templates for the end of an attribute."""
    return directed(html.strip().replace("&#34;", "&quot;"), language)


def _story(
    site: Site, issue: Issue, article: Article, image: Enclosure | None, *, top_heading: int, around: Language
) -> Story:
    language, gone = article_language(site, article), article.retracted
    full = site.feeds.content == "full" and not gone
    url = site.links.article_url(issue, article)
    body = _body(article, url, site.links.issue_url(issue), top_heading, full=full, gone=gone)
    return Story(
        url=url,
        title=article.title,
        byline=", ".join(author.name for author in article.authors),
        image=None if gone else image,
        alt=article.image.alt if article.image else "",
        caption=caption_of(article.image) if article.image else "",
        notices=tuple(_notice(correction, language, site) for correction in article.corrections),
        body=Markup(directed(body, language, around.direction)),  # noqa: S704  # safe HTML, its blocks marked
        more="" if full or gone else language.text("Read the full story"),
        sources=() if gone else _sources(article),
        sources_label=language.text("Source:") if len(_sources(article)) == 1 else language.text("Sources:"),
    )


def _body(article: Article, url: str, folder: str, top_heading: int, *, full: bool, gone: bool) -> Markup:
    """Addresses in the text are relative to the issue's folder, where its pictures are."""
    if full:
        html = to_html(parse(article.body), base_url=folder, top_heading=top_heading)
        html = html.replace(f'href="{folder}#', f'href="{url}#')  # a place in this story
        return Markup(html)  # noqa: S704  # nh3 has cleaned it
    return Markup() if gone else Markup("<p>{}</p>\n").format(summary_of(article))


def _sources(article: Article) -> tuple[Source, ...]:
    """The original first; a source that is named twice is told once."""
    named = (article.source, *article.sources) if article.source else article.sources
    return tuple(dict.fromkeys(named))


def _notice(correction: Correction, language: Language, site: Site) -> Notice:
    day = language.moment(correction.at, site.publication.timezone)
    label = language.text(
        "Withdrawn on {date}:" if correction.retraction else "Corrected on {date}:", date=day
    )
    return Notice(label, correction.text)
