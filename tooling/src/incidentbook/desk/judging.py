"""Whether a change brings errors into the records that it touches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from incidentbook.archive import Archive, load_archive
from incidentbook.diagnostics import Diagnostic, Severity
from incidentbook.rules.engine import check
from incidentbook.source import Overlay


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the rules say of the records as they would be: what is new, and what was there before."""

    new: tuple[Diagnostic, ...]
    old: tuple[Diagnostic, ...]
    after: Archive

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The errors that the change would bring."""
        return tuple(found for found in self.new if found.severity is Severity.ERROR)


def judge(archive: Archive, contents: Mapping[str, bytes], now: datetime) -> Judgement:
    """Apply the rules to the files as they would be, and tell what is new from what was there.

    A record with errors of its own may still be written: only what the change brings is held against it.
    A finding is known by its code, words and severity, for its line may have moved, and what is a note in a
    draft is an error in what is published.
    """
    after = load_archive(Overlay(archive.tree, contents), cache=archive.cache)
    found = check(after, now=now, paths=tuple(contents)).diagnostics
    there = tuple(path for path in contents if path in archive.files)
    before = Counter(_identity(one) for one in check(archive, now=now, paths=there).diagnostics)
    new: list[Diagnostic] = []
    old: list[Diagnostic] = []
    for one in found:
        if one.path not in contents:
            continue
        known = before[_identity(one)] > 0
        before[_identity(one)] -= known
        (old if known else new).append(one)
    return Judgement(tuple(new), tuple(old), after)


def _identity(found: Diagnostic) -> tuple[str, str, str, str]:
    return found.path, found.code, found.message, found.severity.name
