"""`comment`: says in a pull request what it does to the records."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from incidentbook.commands.session import Session
from incidentbook.diagnostics import IncidentbookError

if TYPE_CHECKING:
    from incidentbook.archive import Archive
    from incidentbook.records import Audience


class NotARangeError(IncidentbookError):
    """What should name two revisions does not."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"`{text}` is no range; write BASE..HEAD, such as origin/main..HEAD, or origin/main.. for the "
            "files on disk"
        )


@click.command(epilog="Example: incidentbook comment origin/main..HEAD --pull-request 12")
@click.argument("revisions", metavar="BASE..[HEAD]")
@click.option(
    "--audience",
    type=click.Choice(["public", "internal", "all"]),
    default="internal",
    help="For whom it is written: internal unless said; `all` names restricted records, too.",
)
@click.option(
    "--pull-request",
    "number",
    type=click.IntRange(min=1),
    metavar="N",
    help="Write it as the one comment of this pull request, through `gh`.",
)
@click.pass_obj
def command(session: Session, *, revisions: str, audience: str, number: int | None) -> int:
    """Say what a change does to the records, in Markdown for whoever reviews it.

    HEAD is compared with the commit where it left BASE; without HEAD the files on disk are. Of each
    record: what happened to it, its priority and clocks, what it lacks for its next state, what may help;
    then how the figures of its months move.

    With --pull-request the comment that was written before is written anew, so that there is one only.
    Nothing is posted for a change that touches no record.
    """
    from incidentbook.records import Audience  # noqa: PLC0415

    whom = None if audience == "all" else Audience(audience)
    return run(session, revisions, audience=whom, number=number)


def run(session: Session, revisions: str, *, audience: Audience | None, number: int | None = None) -> int:
    """Print the comment, and write it to a pull request."""
    from incidentbook.commands.addresses import file_addresses  # noqa: PLC0415
    from incidentbook.gitrepo import changed_paths, merge_base, resolve_revision  # noqa: PLC0415
    from incidentbook.reports.comment.gathering import comment_on  # noqa: PLC0415
    from incidentbook.reports.comment.markdown import comment_as_markdown  # noqa: PLC0415

    base, head = _range(revisions)
    root = session.root
    start = merge_base(root, base, head or "HEAD")
    end = resolve_revision(root, head) if head else None
    paths = changed_paths(root, start, end)
    sides = _archive(session, start), _archive(session, end)
    # a change does not choose the time by which it is judged
    now = session.now_by(sides[0].taxonomy.settings)
    said = comment_on(*sides, paths, now=now, audience=audience)
    # links stay the same from push to push: they lead to records that the change does not touch
    text = comment_as_markdown(said, file_addresses(root, start))
    click.echo(text)
    if number is not None:
        _post(session, number, text, is_worth_it=said.touches.any)
    return 0


def _range(text: str) -> tuple[str, str | None]:
    """Part a range into its two ends; the second is None for the files on disk."""
    base, dots, head = text.partition("..")
    if not base or not dots or head.startswith("."):
        raise NotARangeError(text)
    return base, head or None


def _archive(session: Session, revision: str | None) -> Archive:
    """Load one side, whole: figures are of all records."""
    from incidentbook.archive import load_archive, load_entries  # noqa: PLC0415
    from incidentbook.gitrepo import open_revision  # noqa: PLC0415

    archive = session.archive
    if revision is not None:
        archive = load_archive(open_revision(session.root, revision), cache=session.archive.cache)
    load_entries(archive)
    return archive


def _post(session: Session, number: int, text: str, *, is_worth_it: bool) -> None:
    """Write the comment, or write anew the one that is there; our own alone, and only if it changed."""
    from incidentbook.forge import Forge  # noqa: PLC0415
    from incidentbook.reports.comment.markdown import MARKER  # noqa: PLC0415

    forge = Forge(session.root)
    mine = [
        comment
        for comment in forge.comments(number)
        if comment.body.startswith(MARKER) and comment.author.casefold() == forge.account.casefold()
    ]
    if not mine:
        if is_worth_it:
            forge.comment(number, text)
        return
    first, *others = mine
    superseded = f"{MARKER}\n\nThe comment above is the one that is kept."
    for comment, wanted in ((first, text), *((other, superseded) for other in others)):
        if _as_posted(comment.body) != _as_posted(wanted):
            forge.edit_comment(comment.id, wanted)


def _as_posted(text: str) -> str:
    """A text without what a forge may make of it: other line ends, and none at its end."""
    return text.replace("\r\n", "\n").strip()
