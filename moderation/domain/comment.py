"""A reader's comment as a site hands it in."""

from dataclasses import dataclass
from datetime import datetime

from moderation.domain.scorer import Article, Passage

LONGEST_TEXT = 20_000
LARGEST_REVISION = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Story:
    """The article a comment stands under; every field may be empty."""

    id: str = ""
    url: str = ""
    title: str = ""
    section: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Author:
    """What the site knows of the writer; every field may be empty."""

    id: str = ""
    name: str = ""
    email: str = ""
    url: str = ""
    ip: str = ""
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class Parent:
    """The comment this one answers."""

    comment_id: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Submission:
    """One revision of one comment, named by the site's own id for it."""

    comment_id: str
    text: str
    revision: int = 1
    article: Story = Story()
    author: Author = Author()
    parent: Parent = Parent()
    submitted_at: datetime | None = None

    def passage(self) -> Passage:
        """Return what the classifier may read: never the author."""
        return as_passage(self.text, self.article, self.parent.text)


def as_passage(text: str, story: Story, parent_text: str) -> Passage:
    """Return the passage for a text; an article or parent without words counts as absent."""
    article = Article(story.title, story.section, story.summary)
    return Passage(
        text,
        article if article.title or article.section or article.summary else None,
        parent_text or None,
    )
