"""`incidentbook article`: what others can do when it happens again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from incidentbook.commands.desk.acting import Deed, Hand, acting, carry_out, carry_record
from incidentbook.commands.desk.making import new_file, parse_day_option
from incidentbook.commands.session import Session
from incidentbook.diagnostics import IncidentbookError

if TYPE_CHECKING:
    from incidentbook.archive.entry import Entry
    from incidentbook.records import Article

TYPES = ("how-to", "runbook", "faq")
READERS = ("everyone", "first_line", "engineers")
"""The values of records.ArticleType and records.Readers, so that `--help` need not import the models."""


class ArticleThereError(IncidentbookError):
    """An article of this name exists."""

    def __init__(self, slug: str, path: str) -> None:
        super().__init__(f"{path} is there already; `incidentbook edit {slug}` opens it")


@click.group(
    "article",
    epilog="Example: incidentbook article new restart-checkout --title 'Restart checkout' --type runbook",
)
def command() -> None:
    """Begin, publish and retire knowledge articles."""


@command.command(
    "new",
    epilog="Example: incidentbook article new restart-checkout --title 'Restart checkout' --type runbook",
)
@click.argument("slug")
@click.option("-m", "--title", required=True, help="What it helps with, as one would search for it.")
@click.option("--type", "type_", type=click.Choice(TYPES), required=True, help="What it is for.")
@click.option("--service", "services", multiple=True, metavar="KEY", help="A service it is about.")
@click.option("--from", "source", metavar="ID", help="The incident that it was learned from.")
@click.option("--summary", help="What it does, in one sentence.")
@click.option("--symptom", "symptoms", multiple=True, help="What one sees when one needs it.")
@click.option("--owner", metavar="HANDLE", help="Who keeps it true; who acts if not said.")
@click.option("--team", metavar="KEY", help="The team that keeps it true.")
@click.option("--readers", type=click.Choice(READERS), help="For whom it is written; engineers if not said.")
@acting
@click.pass_obj
def new(
    session: Session, /, slug: str, type_: str, source: str | None, owner: str | None, hand: Hand, **said: Any
) -> int:
    """Begin an article: a draft with the headings of its type, each with a question.

    SLUG is its file's name and its address: restart-checkout.
    """
    from incidentbook.desk.finding import find_record  # noqa: PLC0415
    from incidentbook.desk.knowledge import NewArticle, begun, blank_body, require_slug  # noqa: PLC0415
    from incidentbook.desk.words import known_person  # noqa: PLC0415
    from incidentbook.records import ArticleType, RecordName  # noqa: PLC0415

    archive = session.archive
    if owner:
        known_person(archive.taxonomy, owner, hand.time(session))
    there = archive.get(require_slug(slug))
    if there is not None:
        raise ArticleThereError(slug, there.path)
    entry = find_record(archive, source, ("incident",)) if source else None
    learned = entry.record if entry else None
    keeper = owner or (None if said["team"] else hand.who(session))
    article = NewArticle(type=ArticleType(type_), owner=keeper, **said)
    body = blank_body(article.type, entry.id if entry else None, learned)
    deed = Deed(
        about=slug,
        said="article begun",
        contents=new_file(RecordName("article", slug), begun(article, learned), body),
        next=(f"edit {slug}", f"article publish {slug} --review-by DAY"),
        title=article.title,
    )
    return carry_out(session, deed, hand)


@command.command("publish", epilog="Example: incidentbook article publish restart-checkout")
@click.argument("id_", metavar="SLUG")
@click.option("--tried", "tried_text", metavar="DAY", help="When somebody last tried it; today if not said.")
@click.option("--review-by", "review_by_text", metavar="DAY", help="When somebody must try it again.")
@acting
@click.pass_obj
def publish(
    session: Session, /, id_: str, tried_text: str | None, review_by_text: str | None, hand: Hand
) -> int:
    """Let others rely on an article that somebody has tried."""
    from incidentbook.desk.knowledge import published  # noqa: PLC0415

    entry = _article(session, id_)
    tried = parse_day_option(tried_text, "--tried") or session.archive.taxonomy.day_of(hand.time(session))
    review_by = parse_day_option(review_by_text, "--review-by")
    return carry_record(session, entry, published(entry.id, entry.record, entry.body, tried, review_by), hand)


@command.command(
    "retire", epilog="Example: incidentbook article retire restart-checkout --replaced-by checkout-failover"
)
@click.argument("id_", metavar="SLUG")
@click.option("--replaced-by", metavar="SLUG", help="The article to read instead.")
@click.option("-m", "--reason", metavar="WHY", help="Why; it stands above the article's text.")
@acting
@click.pass_obj
def retire(session: Session, /, id_: str, replaced_by: str | None, reason: str | None, hand: Hand) -> int:
    """Take an article out of use; what names it still finds it."""
    from incidentbook.desk.knowledge import retired  # noqa: PLC0415

    entry = _article(session, id_)
    other = _article(session, replaced_by).id if replaced_by else None
    day = session.archive.taxonomy.day_of(hand.time(session))
    change = retired(entry.id, entry.record, entry.body, day, replaced_by=other, reason=reason)
    return carry_record(session, entry, change, hand)


def _article(session: Session, said: str) -> Entry[Article]:
    from incidentbook.desk.finding import find_record  # noqa: PLC0415

    return find_record(session.archive, said, ("article",))
