"""What a letter says, before it has a form: one value that the HTML template and the text part share."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import idna
from markdown_it.token import Token
from markupsafe import Markup

from publisher.content.markup import excerpt, parse, to_html
from publisher.content.models import Article, Issue, Publication, Publisher
from publisher.rates.sparkline import sparkline_blocks, sparkline_png
from publisher.rendering.language import Language
from publisher.rendering.letter_markup import Picture, for_letter
from publisher.rendering.letter_pictures import Pictures
from publisher.rendering.letter_rates import LetterRates, RateLine, letter_rates
from publisher.rendering.models import Edition, Site
from publisher.rendering.summaries import caption_of, summary_of

PREHEADER_LENGTH = 90
"""Characters that clients show beside the subject, at most."""

BLOCKS = 10
"""How many days block characters draw in the table; more would push the figures aside."""


@dataclass(frozen=True)
class Notice:
    """A correction or a withdrawal, told above the story."""

    label: str
    text: str


@dataclass(frozen=True)
class Story:
    """One article, whole or as a summary."""

    title: str
    url: str
    kicker: str
    language: str
    direction: str
    body: Markup
    tokens: tuple[Token, ...]  # of a whole story; else its summary is told
    summary: str
    notices: tuple[Notice, ...]
    picture: Picture | None
    caption: str
    credit: str
    withdrawn: bool  # then its notice is all there is, here and on the web


@dataclass(frozen=True)
class Spark:
    """Thirty days as a picture or as blocks; `alt` is the change in words."""

    alt: str
    src: str = ""
    blocks: str = ""


@dataclass(frozen=True)
class Letter:
    """Everything that is said, in the publication's language, in reading order."""

    subject: str
    preheader: str
    title: str
    tagline: str
    date: str
    number: int
    home_url: str
    url: str
    rates: LetterRates | None
    sparklines: tuple[Spark | None, ...]
    lead: Markup
    lead_tokens: tuple[Token, ...]
    stories: tuple[Story, ...]
    cadence: str
    reason: str
    rss_url: str
    atom_url: str
    editor: str
    sender: str
    contact: str


def write_letter(site: Site, edition: Edition, whole: frozenset[int], pictures: Pictures) -> Letter:
    """Say an edition. `whole` are the positions of the stories that are told in full."""
    publication, issue, language, links = site.publication, edition.issue, site.language, site.links
    rates = letter_rates(edition.rates, language) if edition.rates and edition.rates.rows else None
    lead = parse(issue.lead)
    base = links.issue_url(issue)
    return Letter(
        subject=issue.subject or issue.title,
        preheader=issue.preheader or excerpt(lead, PREHEADER_LENGTH) or issue.title,
        title=publication.title,
        tagline=_sentence(publication.tagline),
        date=language.sentence(language.long_date(issue.date)),
        number=issue.number,
        home_url=links.url(""),
        url=base,
        rates=rates,
        sparklines=_sparks(rates, site, pictures) if rates else (),
        lead=for_letter(to_html(lead, base_url=base), pictures.find, top_heading=2),  # only the name is above
        lead_tokens=tuple(lead),
        stories=tuple(
            _story(site, issue, article, pictures, whole=position in whole)
            for position, article in enumerate(issue.articles)
        ),
        cadence=_cadence(publication, language),
        reason=site.email.reason or _reason(language, publication.base_url),
        rss_url=links.url(links.feed_path("rss")),
        atom_url=links.url(links.feed_path("atom")),
        editor=language.text("Edited by {name}.", name=issue.editor) if issue.editor else "",
        sender=_sender(publication.publisher),
        contact=publication.publisher.email,
    )


def _story(site: Site, issue: Issue, article: Article, pictures: Pictures, *, whole: bool) -> Story:
    language, base = site.language, site.links.issue_url(issue)
    tokens = parse(article.body) if whole and not article.retracted else []
    summary = "" if tokens or article.retracted else summary_of(article)  # a notice stands above it
    body = (
        for_letter(to_html(tokens, base_url=base, with_classes=True), pictures.find)
        if tokens
        else Markup("<p>{}</p>").format(summary) * bool(summary)
    )
    image = None if article.retracted else article.image
    return Story(
        title=article.title,
        url=site.links.article_url(issue, article),
        kicker=_kicker(site, article),
        language=article.language or site.publication.language,
        direction=Language(article.language or site.publication.language).direction,
        body=body,
        tokens=tuple(tokens),
        summary=summary,
        notices=_notices(article, language, ZoneInfo(site.publication.timezone)),
        picture=pictures.find(f"{base}{image.path}", image.alt) if image else None,
        caption=caption_of(image) if image else "",
        credit=_credit(issue, article, language),
        withdrawn=article.retracted,
    )


def _kicker(site: Site, article: Article) -> str:
    """`Energy, Kyrgyzstan`: the section, and the first tag that says something else."""
    section = next((part.title for part in site.publication.sections if part.id == article.section), "")
    tag = next((tag for tag in article.tags if tag.casefold() != section.casefold()), "")
    return site.language.listed(section, tag)


def _credit(issue: Issue, article: Article, language: Language) -> str:
    """Who wrote it and after whom. Who edited the issue stands in the foot, not under every story."""
    names = language.listed(*(author.name for author in article.authors if author.name != issue.editor))
    source = language.text("Source: {names}.", names=article.source.name) if article.source else ""
    return " ".join(filter(None, (f"{names}." if names and source else names, source)))


def _sentence(tagline: str) -> str:
    """A link follows it, so it must end."""
    return f"{tagline}." if tagline and tagline[-1].isalnum() else tagline


def _sender(publisher: Publisher) -> str:
    """The name and postal address; mail law asks for both, and once is enough."""
    name, address = publisher.name, publisher.address
    return address if address.startswith(name) else ", ".join(filter(None, (name, address)))


def _notices(article: Article, language: Language, zone: ZoneInfo) -> tuple[Notice, ...]:
    """Each with its day where the publication is, which is the page's too."""
    return tuple(
        Notice(
            language.text(
                "Withdrawn, {date}:" if correction.retraction else "Correction, {date}:",
                date=language.medium_date(correction.at.astimezone(zone).date()),
            ),
            correction.text,
        )
        for correction in article.corrections
    )


def _cadence(publication: Publication, language: Language) -> str:
    match publication.cadence:
        case "daily":
            return language.text("comes every day.")
        case "weekdays":
            return language.text("comes every weekday.")
        case "weekly":
            return language.text("comes every week.")
        case "monthly":
            return language.text("comes every month.")


def _reason(language: Language, base_url: str) -> str:
    host = _as_read(urlsplit(base_url).hostname or base_url)
    return language.text("You get it because you signed up at {host}.", host=host)


def _as_read(host: str) -> str:
    """A host as its readers know it: not `xn--80aak3a`, which is for machines (RFC 5891).

    By the rules of 2008, which Python's own codec does not know: at `xn--strae-oqa.de` it would stop.
    """
    try:
        return idna.decode(host)
    except idna.IDNAError:  # a name that was never registered by the rules: my_host, or a heart
        return host


def _sparks(rates: LetterRates, site: Site, pictures: Pictures) -> tuple[Spark | None, ...]:
    """One for each row; nothing at all when there is no row to draw."""
    sparks = tuple(_spark(line, site, pictures) for line in rates.lines)
    return sparks if any(sparks) else ()


def _spark(line: RateLine, site: Site, pictures: Pictures) -> Spark | None:
    if not line.trend or site.rates.sparkline == "none":
        return None
    values = [value for _, value in line.row.history]
    if site.rates.sparkline == "blocks":
        return Spark(line.trend.phrase, blocks=sparkline_blocks(values[-BLOCKS:]))
    png = sparkline_png(values, colour=site.theme.light.graph)
    return Spark(line.trend.phrase, src=pictures.keep(line.pair.lower().replace("/", "-"), png))
