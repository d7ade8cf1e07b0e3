"""`reviews --base`: the gate that a change passes, or that an overdue review holds shut."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from incidentbook.commands.caveats import print_caveats
from incidentbook.commands.checkout import prefix_in_checkout
from incidentbook.commands.session import MARKER, Session

if TYPE_CHECKING:
    from incidentbook.archive import Archive
    from incidentbook.clocks import Obstacle, Touch
    from incidentbook.gitrepo import PathChange
    from incidentbook.records import Audience
    from incidentbook.reports.reviews.gate import GateReport
    from incidentbook.taxonomy.settings.reviews import ReviewGate


def run(session: Session, base: str, *, format_: str, audience: Audience | None) -> int:
    """Print what holds up the change from `base` to the working tree; 1 where the gate is shut."""
    from incidentbook.reports.reviews import gate as reports  # noqa: PLC0415

    report = judge(session, base, audience=audience)
    if format_ == "json":
        click.echo(reports.gate_as_json(report, now=session.now))
    elif format_ == "github":
        for line in reports.gate_as_annotations(report, prefix=prefix_in_checkout(session.root)):
            click.echo(line)
    else:
        session.console.print(reports.gate_as_text(report, now=session.now))
    return 1 if report.is_shut else 0


def judge(session: Session, base: str, *, audience: Audience | None = None) -> GateReport:
    """Compare the working tree with where it left `base`.

    The gate's own settings are those of `base` as it is now, so that no change lets itself through, and
    a waiver counts as soon as it is merged. Raises what `merge_base` and `load_archive` raise.
    """
    from incidentbook.reports.reviews.gate import GateReport  # noqa: PLC0415

    gate, found = _touched(session, base)
    if audience is not None:
        found = tuple(touch for touch in found if not touch.restricted)
    standing = _obstacles(session, gate, found, audience) if found else ()
    return GateReport(base, gate.level, found, standing)


def _touched(session: Session, base: str) -> tuple[ReviewGate, tuple[Touch, ...]]:
    from incidentbook.archive import load_archive  # noqa: PLC0415
    from incidentbook.clocks import touches  # noqa: PLC0415
    from incidentbook.gitrepo import changed_paths, merge_base, open_revision  # noqa: PLC0415
    from incidentbook.taxonomy import load_taxonomy  # noqa: PLC0415
    from incidentbook.taxonomy.settings.reviews import ReviewGate  # noqa: PLC0415

    start = merge_base(session.root, base)
    changes = changed_paths(session.root, start)
    tip, before = open_revision(session.root, base), open_revision(session.root, start)
    if MARKER.as_posix() not in before.paths():
        return ReviewGate(), ()  # the change brings the first records
    gate = load_taxonomy(tip)[0].reviews_file.gate if MARKER.as_posix() in tip.paths() else ReviewGate()
    if not changes:
        return gate, ()
    return gate, touches(load_archive(before), session.archive, _moves(changes))


def _moves(changes: tuple[PathChange, ...]) -> Iterator[tuple[str | None, str | None]]:
    for change in changes:
        yield (
            change.old_path if any(change.before) else None,
            change.path if change.after is not None else None,
        )


def _obstacles(
    session: Session, gate: ReviewGate, found: tuple[Touch, ...], audience: Audience | None
) -> tuple[Obstacle, ...]:
    from incidentbook.archive import Records, load_entries  # noqa: PLC0415
    from incidentbook.clocks import obstacles, review_duties  # noqa: PLC0415
    from incidentbook.publication import publish  # noqa: PLC0415

    archive: Archive = session.archive
    load_entries(archive)
    print_caveats(archive)
    records: Records[Any] = publish(archive, audience) if audience else archive
    duties = review_duties(records, session.now)
    return obstacles(found, duties, gate.waivers, archive.taxonomy, session.now)
