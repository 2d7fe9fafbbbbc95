"""What a page says to machines: JSON-LD in the words of schema.org, from the same values as the page.

Only what the page shows is said; the types are NewsArticle, PublicationIssue and WebSite.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from publisher.content.models import Correction, Issue, Person, Publication
from publisher.rendering.links import Links
from publisher.rendering.pages.pictures import PictureView
from publisher.rendering.pages.views import StoryView

Data = dict[str, Any]


def website(links: Links) -> Data:
    """The publication as a whole."""
    publication = links.publication
    return _some(
        {
            "@context": "https://schema.org",
            "@type": "WebSite",
            "name": publication.title,
            "description": publication.tagline,
            "url": links.url(""),
            "inLanguage": publication.language,
            "publisher": _publisher(publication),
        }
    )


def publication_issue(links: Links, issue: Issue) -> Data:
    """One dated issue and the stories in it."""
    return _some(
        {
            "@context": "https://schema.org",
            "@type": "PublicationIssue",
            "name": issue.title,
            "issueNumber": str(issue.number),
            "datePublished": issue.published.isoformat(),
            "url": links.issue_url(issue),
            "inLanguage": links.publication.language,
            "isPartOf": _periodical(links),
            "publisher": _publisher(links.publication),
            "hasPart": [{"@id": links.article_url(issue, article)} for article in issue.articles],
        }
    )


def news_article(links: Links, story: StoryView, page: str) -> Data:
    """One story: when it was published and changed, what was corrected, what it rests on.

    On each of its pages it is the same story, with its own address; `page` is that of the page.
    """
    publication, article, issue = links.publication, story.article, story.issue
    address = links.article_url(issue, article)
    return _some(
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "@id": address,
            "headline": article.title,
            "description": story.summary,
            "url": address,
            "mainEntityOfPage": {"@type": "WebPage", "@id": links.url(page)},
            "identifier": links.article_id(article),
            "datePublished": article.published.isoformat(),
            "dateModified": article.modified.isoformat(),
            "inLanguage": article.language or publication.language,
            "articleSection": story.section.title,
            "keywords": list(article.tags),
            "image": [_picture(links, story.picture)] if story.picture else [],
            "author": [_author(publication, author) for author in article.authors]
            or [_publisher(publication)],
            "publisher": _publisher(publication),
            "isPartOf": {
                "@type": "PublicationIssue",
                "issueNumber": str(issue.number),
                "url": links.issue_url(issue),
            },
            "isBasedOn": _text(article.source.url) if article.source else "",
            "citation": [_text(source.url) or source.name for source in article.sources],
            "correction": [_correction(correction) for correction in article.corrections],
            "creativeWorkStatus": "Retracted" if article.retracted else "",
            "isAccessibleForFree": True,
        }
    )


def as_script(data: Mapping[str, Any]) -> Markup:
    """JSON that cannot end the element it stands in (HTML 4.12.1.3: no `</script` and no `<!--`)."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704  # every character that HTML would read has just been escaped


def _periodical(links: Links) -> Data:
    return {"@type": "Periodical", "name": links.publication.title, "url": links.url("")}


def _publisher(publication: Publication) -> Data:
    who = publication.publisher
    return _some(
        {
            "@type": "Organization",
            "name": who.name,
            "url": _text(who.url) or publication.base_url,
            "logo": {"@type": "ImageObject", "url": _text(who.logo)} if who.logo else "",
        }
    )


def _author(publication: Publication, author: Person) -> Data:
    """A person, unless the name is that of the publication, its publisher or one of its desks."""
    desks = (publication.title, publication.publisher.name, *publication.desks)
    is_desk = author.name.casefold() in {desk.casefold() for desk in desks}
    address = _text(author.url) or (publication.base_url if is_desk else "")
    return _some({"@type": "Organization" if is_desk else "Person", "name": author.name, "url": address})


def _picture(links: Links, picture: PictureView) -> Data:
    """The largest size, with its measures: a small one is not shown beside a search result."""
    largest = picture.measured.variants[-1]
    return _some(
        {
            "@type": "ImageObject",
            "url": links.url(largest.path),
            "width": largest.width,
            "height": largest.height,
            "caption": picture.image.caption or picture.image.alt,
            "creditText": picture.image.credit,
        }
    )


def _correction(correction: Correction) -> Data:
    return {
        "@type": "CorrectionComment",
        "text": correction.text,
        "datePublished": correction.at.isoformat(),
    }


def _text(url: object) -> str:
    return str(url) if url else ""


def _some(data: Data) -> Data:
    """Leave out what is not known: an empty name is worse than none."""
    return {key: value for key, value in data.items() if value not in ("", None, [])}
