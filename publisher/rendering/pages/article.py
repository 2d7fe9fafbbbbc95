"""A story's own page; its pages, where it is too long for one."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from markupsafe import Markup

from publisher.content.models import Article, Issue
from publisher.rendering.models import Site
from publisher.rendering.pages.frame import Frame, Pages, file_of
from publisher.rendering.pages.leaves import leaves, set_leaf


def pages(press: Frame, site: Site) -> Pages:
    """The pages of each story, which know its own issue and nothing else."""
    binder = _Binder(press)
    for edition in site.editions:
        for article in edition.issue.articles:
            numbers = site.leaves(edition.issue, article)
            for number in numbers:
                path = press.links.article_path(edition.issue, article, number)
                make = partial(_Binder.leaf, number=number) if len(numbers) > 1 else _Binder.whole
                yield file_of(path), partial(make, binder, edition.issue, article)


@dataclass
class _Binder:
    """Sets pages. Those of a long story are made one after another, so the last one's text is kept."""

    press: Frame
    kept: dict[Article, list[Markup]] = field(default_factory=dict)

    def whole(self, issue: Issue, article: Article) -> str:
        story = self.press.views.full_story(issue, article, heading=2, root="../../")
        return set_leaf(self.press, issue, article, story.html)

    def leaf(self, issue: Issue, article: Article, *, number: int) -> str:
        texts = self.kept.get(article) or leaves(self.press, issue, article)
        self.kept = {article: texts}
        return set_leaf(self.press, issue, article, texts[number - 1], number, len(texts))
