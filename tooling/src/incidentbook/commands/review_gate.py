"""`reviews --base`: the gate that a change passes, or that an overdue review holds shut."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from incidentbook.commands.caveats import print_caveats
from incidentbook.commands.checkout import prefix_in_checkout
from incidentbook.commands.session import MARKER, Session

if TYPE_CHECKING:
    from datetime import datetime

    from incidentbook.archive import Archive
    from incidentbook.clocks import Obstacle, Touch
    from incidentbook.gitrepo import PathChange
    from incidentbook.records import Audience
    from incidentbook.reports.reviews.gate import GateReport
    from incidentbook.taxonomy import Taxonomy


def run(session: Session, base: str, *, format_: str, audience: Audience | None) -> int:
    """Print what holds up the change from `base` to the working tree; 1 where the gate is shut."""
    from incidentbook.reports.reviews import gate as reports  # noqa: PLC0415

    report, now = judge(session, base, audience=audience)
    if format_ == "json":
        click.echo(reports.gate_as_json(report, now=now))
    elif format_ == "github":
        for line in reports.gate_as_annotations(report, prefix=prefix_in_checkout(session.root)):
            click.echo(line)
    else:
        session.console.print(reports.gate_as_text(report, now=now))
    return 1 if report.is_shut else 0


def judge(session: Session, base: str, *, audience: Audience | None = None) -> tuple[GateReport, datetime]:
    """Compare the working tree with where it left `base`; also say at what time that is judged.

    The gate, the policies and the clock are those of `base` as it is now, so that no change lets itself
    through, and a waiver counts as soon as it is merged. Raises what `merge_base` and `load_archive` raise.
    """
    from incidentbook.gitrepo import changed_paths, merge_base, open_revision  # noqa: PLC0415
    from incidentbook.history.before import archive_before  # noqa: PLC0415
    from incidentbook.reports.reviews.gate import GateReport  # noqa: PLC0415
    from incidentbook.taxonomy.settings.reviews import ReviewGate  # noqa: PLC0415

    start = merge_base(session.root, base)
    if MARKER.as_posix() not in open_revision(session.root, start).paths():
        # the change brings the first records
        return GateReport(base, ReviewGate().level, (), ()), session.now
    changes = changed_paths(session.root, start)
    before = archive_before(session.archive, start, changes)
    law = _law(session, base) or before.taxonomy
    now = session.now_by(law.settings)
    found = _touched(before, session.archive, changes, audience)
    gate = law.reviews_file.gate
    standing = _obstacles(before, session.archive, law, found, audience, now) if found else ()
    return GateReport(base, gate.level, found, standing), now


def _law(session: Session, base: str) -> Taxonomy | None:
    """What schema/ says at the tip of the base; None where it has none."""
    from incidentbook.gitrepo import open_revision  # noqa: PLC0415
    from incidentbook.taxonomy import load_taxonomy  # noqa: PLC0415

    tip = open_revision(session.root, base)
    return load_taxonomy(tip)[0] if MARKER.as_posix() in tip.paths() else None


def _touched(
    before: Archive, after: Archive, changes: Sequence[PathChange], audience: Audience | None
) -> tuple[Touch, ...]:
    from incidentbook.clocks import touches  # noqa: PLC0415

    found = touches(before, after, _moves(changes)) if changes else ()
    return tuple(touch for touch in found if audience is None or not touch.restricted)


def _moves(changes: Iterable[PathChange]) -> Iterator[tuple[str | None, str | None]]:
    for change in changes:
        yield (
            change.old_path if any(change.before) else None,
            change.path if change.after is not None else None,
        )


def _obstacles(
    before: Archive,
    after: Archive,
    law: Taxonomy,
    found: tuple[Touch, ...],
    audience: Audience | None,
    now: datetime,
) -> tuple[Obstacle, ...]:
    from incidentbook.archive import Records, load_entries  # noqa: PLC0415
    from incidentbook.clocks import obstacles, owed_on_either_side  # noqa: PLC0415
    from incidentbook.publication import publish  # noqa: PLC0415

    load_entries(after)
    print_caveats(after, audience)
    sides: list[Records[Any]] = []
    for side in (before, after):
        judged = side.under(law)
        sides.append(publish(judged, audience) if audience else judged)
    duties = owed_on_either_side(sides[0], sides[1], now)
    return obstacles(found, duties, law.reviews_file.gate.waivers, law, now)
