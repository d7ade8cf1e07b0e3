"""What a change from a base to the files on disk is, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from incidentbook.archive import Archive
from incidentbook.diagnostics import IncidentbookError
from incidentbook.gitrepo import PathChange, changed_paths, merge_base
from incidentbook.history import changes
from incidentbook.history.before import archive_before
from incidentbook.history.exchanges import with_exchanges
from incidentbook.history.recovered import with_what_could_be_read
from incidentbook.rules import RULES
from incidentbook.rules.engine import CheckResult
from incidentbook.rules.history.cases import Comparison
from incidentbook.rules.history.check import ChangeCheck
from incidentbook.taxonomy.settings import Settings

Clock = Callable[[Settings], datetime]
"""Tells the time by the settings that may pin it."""


def compare(head: Archive, base: str, *, now: datetime | Clock) -> Comparison:
    """Compare what is on disk with the commit where it left a base.

    The base's settings say whether the clock is pinned: a change does not choose the time by which it is
    judged. Raises what `merge_base` raises: NoCommitYetError, UnknownRevisionError, NoMergeBaseError or
    NotAGitRepositoryError.
    """
    root = head.tree.root
    revision = merge_base(root, base)
    paths = changed_paths(root, revision)
    before = _archive_before(head, revision, paths)
    time = now if isinstance(now, datetime) else now(before.taxonomy.settings)
    found = with_what_could_be_read(with_exchanges(changes(before, head, paths)))
    return Comparison(before, head, found, paths, time, RULES)


def _archive_before(head: Archive, revision: str, paths: Sequence[PathChange]) -> Archive:
    try:
        return archive_before(head, revision, paths)
    except IncidentbookError:
        # the base's settings cannot be read, or there were none: this change is what mends or begins them
        records = [path for path in paths if not path.path.startswith("schema/")]
        return archive_before(head, revision, records)


def check_change(
    head: Archive,
    base: str,
    *,
    now: datetime | Clock,
    paths: Sequence[str] | None = None,
    only: str | None = None,
) -> CheckResult:
    """Check what a change from a base to the files on disk touches or breaks.

    What was wrong before, in records that the change leaves alone, is not its fault. `paths` narrow
    what is told. `only` names a guard of GUARDS: whatever that does not let through is a fault, too.
    Raises what `compare` raises.
    """
    return ChangeCheck(compare(head, base, now=now), paths).result(base, only=only)
