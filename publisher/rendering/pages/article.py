"""A story's own page."""

from __future__ import annotations

from functools import partial

from publisher.content.models import Article, Issue
from publisher.rendering.models import Site
from publisher.rendering.pages import structured_data
from publisher.rendering.pages.frame import Frame, Head, Pages, Turn, file_of
from publisher.rendering.pages.views import StoryView


def pages(press: Frame, site: Site) -> Pages:
    """One page for each story, which knows its own issue and nothing else."""
    for edition in site.editions:
        for article in edition.issue.articles:
            path = press.links.article_path(edition.issue, article)
            yield file_of(path), partial(_article, press, edition.issue, article)


def _article(press: Frame, issue: Issue, article: Article) -> str:
    story = press.views.full_story(issue, article, heading=2, root="../../")
    stories = press.views.stories(issue)
    place = issue.articles.index(article)
    head = Head(
        path=story.path,
        title=article.title,
        description=story.summary,
        kind="article",
        data=structured_data.news_article(press.links, story),
        published=article.published,
        modified=article.modified,
        image=story.picture,
        language=article.language or "",
    )
    return press.page(
        "web/article.html",
        head,
        issue=issue,
        story=story,
        stories=stories,
        before=_turn(stories[place - 1]) if place else None,
        after=_turn(stories[place + 1]) if place + 1 < len(stories) else None,
    )


def _turn(story: StoryView) -> Turn:
    return Turn(story.path, story.article.title)
