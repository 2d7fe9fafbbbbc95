"""Issue -> Digest: the letter, complete but for the few slots that differ per recipient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from publisher.content.models import Issue
from publisher.errors import Finding, InputError
from publisher.rendering.inlining import inline
from publisher.rendering.letter import write_letter
from publisher.rendering.letter_check import SLOT, check_letter
from publisher.rendering.letter_pictures import InlineImage, Pictures
from publisher.rendering.letter_size import LIMIT, SHORTEN_ABOVE, shortened, size_remarks, to_cut
from publisher.rendering.letter_text import letter_text
from publisher.rendering.models import Edition, Site
from publisher.rendering.stylesheets import letter_sheets

__all__ = ["PREFERENCES_SLOT", "SLOTS", "UNSUBSCRIBE_SLOT", "Digest", "InlineImage", "build_digest"]

UNSUBSCRIBE_SLOT = "%%unsubscribe_url%%"
PREFERENCES_SLOT = "%%preferences_url%%"
SLOTS = (UNSUBSCRIBE_SLOT, PREFERENCES_SLOT)
"""The only text that differs between two recipients; each stands in both parts, at least once."""


@dataclass(frozen=True)
class Digest:
    """One letter for all recipients: HTML with inlined styles, and the text part.

    `assets` are the files that hosted pictures need on the site, by site-relative path;
    `remarks` is what an editor should know before the letter is sent.
    """

    issue: str  # the issue's slug, `2025-12-10`
    subject: str
    preheader: str
    html: str
    text: str  # format=flowed (RFC 3676)
    language: str = "en"
    images: tuple[InlineImage, ...] = ()
    assets: Mapping[str, bytes] = field(default_factory=dict)
    remarks: tuple[Finding, ...] = ()

    @property
    def size(self) -> int:
        """Bytes of the HTML."""
        return len(self.html.encode())

    @property
    def share_of_limit(self) -> int:
        """The size in percent of what Gmail shows in one piece."""
        return round(100 * self.size / LIMIT)


def build_digest(site: Site, edition: Edition) -> Digest:
    """Make the letter of an edition, its stories told as `email.content` says.

    A letter that Gmail would clip is shortened, the largest story first, and the remarks say so;
    with `oversize = "refuse"` it is left as it is and the remarks carry an error. Raises InputError
    when an author's words contain a slot, LostContentError when inlining would lose words.
    """
    issue, settings = edition.issue, site.email
    _refuse_slots(issue)
    whole = _told_whole(site, issue)
    digest = _rendered(site, edition, whole)
    remarks: list[Finding] = []
    told = whole
    while digest.size > SHORTEN_ABOVE and whole and settings.oversize == "shorten":
        whole -= to_cut(digest.html, whole)
        digest = _rendered(site, edition, whole)
    if cut := told - whole:
        remarks.append(shortened(issue, cut))
    remarks += size_remarks(digest.html, issue, settings.oversize)
    remarks += check_letter(digest.html, digest.text, slots=SLOTS, path=issue.folder or issue.slug)
    return replace(digest, remarks=tuple(sorted(remarks)))


def _rendered(site: Site, edition: Edition, whole: frozenset[int]) -> Digest:
    pictures = Pictures(site, site.email.images)
    letter = write_letter(site, edition, whole, pictures)
    page = site.templates.get_template("email/digest.html").render(
        letter=letter,
        language=site.language,
        theme=site.theme,
        sheets=letter_sheets(site.templates, site.theme, site.language.direction),
        unsubscribe_url=UNSUBSCRIBE_SLOT,
        preferences_url=PREFERENCES_SLOT,
    )
    return Digest(
        issue=edition.issue.slug,
        subject=letter.subject,
        preheader=letter.preheader,
        html=inline(page),
        text=letter_text(letter, site.language, UNSUBSCRIBE_SLOT, PREFERENCES_SLOT),
        language=site.publication.language,
        images=tuple(pictures.inline.values()),
        assets=pictures.assets,
    )


def _told_whole(site: Site, issue: Issue) -> frozenset[int]:
    """The positions of the stories that are told in full, before any shortening."""
    count = {"full": len(issue.articles), "lead-full": 1, "summary": 0}[site.email.content]
    return frozenset(range(count))


def _refuse_slots(issue: Issue) -> None:
    """A slot in an author's words would be filled with one reader's private address."""
    words = {article.title: article.model_dump_json() for article in issue.articles}
    words[issue.title] = issue.model_dump_json(exclude={"articles"})
    found = {title: left.group() for title, text in words.items() if (left := SLOT.search(text))}
    if found:
        raise InputError(
            Finding(
                path=issue.folder or issue.slug,
                line=0,
                column=0,
                field=title,
                message=f"contains {slot}, which has the form of what the letter fills in itself",
                hint="write the word without its percent signs",
                code="L104",
            )
            for title, slot in found.items()
        )
