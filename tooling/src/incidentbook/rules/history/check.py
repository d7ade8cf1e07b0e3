"""Judging a change: the records that it touches in full, and elsewhere only what it broke."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import msgspec

from incidentbook.archive import Archive, Entry
from incidentbook.diagnostics import Diagnostic, IncidentbookError, Severity
from incidentbook.history import Change
from incidentbook.rules import RULES
from incidentbook.rules.engine import Check, CheckResult, is_below
from incidentbook.rules.examination import Examination, broke_down, examine, examine_all, examine_changed
from incidentbook.rules.guards.guard import GUARDS, Guard, beyond
from incidentbook.rules.history.cases import ChangeCase, Comparison
from incidentbook.rules.history.limits import stricter
from incidentbook.rules.history.nearby import nearby
from incidentbook.rules.judgement import Judge, waived_by_change
from incidentbook.rules.registry import ChangeRule, ComparisonRule, Finding


class _Known(Check):
    """A check whose examinations are known, and that reads through only some files."""

    def __init__(self, comparison: Comparison, archive: Archive, paths: Sequence[str] | None) -> None:
        settings = stricter(comparison.base.taxonomy.settings, comparison.head.taxonomy.settings, RULES)
        super().__init__(archive, comparison.now, paths, settings)
        self.touched = touched_paths(comparison)
        self.known: Mapping[str, Examination] = {}
        self.near: frozenset[str] | None = None

    def is_searched(self, path: str) -> bool:
        """Files that did not change hold what they held before."""
        return path in self.touched

    @cached_property
    def examinations(self) -> Mapping[str, Examination]:
        """What each file says about itself."""
        return self.known

    def may_owe(self, entry: Entry[Any]) -> bool:
        """Only what is near the change, or of one kind with it, can owe a review that it did not owe."""
        return self.near is None or entry.path in self.near or entry.id in self._kin

    @cached_property
    def _kin(self) -> frozenset[str]:
        touched = [entry for path in self.near or () if (entry := self.archive.at(path)) is not None]
        incidents = [entry for entry in touched if entry.kind == "incident"]
        return frozenset(id_ for entry in incidents for id_ in self.relations.kin(entry.id))


def touched_paths(comparison: Comparison) -> frozenset[str]:
    """Files that differ, by the names that they have and had."""
    return frozenset(path for change in comparison.paths for path in (change.path, change.old_path))


class ChangeCheck:
    """One run over a change: the head is asked everything that can have become different."""

    def __init__(self, comparison: Comparison, paths: Sequence[str] | None) -> None:
        self.comparison = comparison
        self._of_the_whole = tuple(_of_the_whole(comparison))
        # what is said of a file by a rule about the whole change is new, too
        self.touched = touched_paths(comparison) | {path for _, path, _ in self._of_the_whole}
        self.head = _Known(comparison, comparison.head, None)
        self.head.known = examine_changed(comparison.head)
        if not comparison.schema_changed:
            self.head.near = self.touched | nearby(comparison, self.head.known)
        self._paths = paths

    def result(self, base: str, *, only: str | None = None) -> CheckResult:
        """Ask everything, and leave out what was so before."""
        self._judge_head()
        self._judge_change()
        found = self.head.judge.verdict()
        kept = [*(one for one in found if one.path in self.touched), *self._new_elsewhere(found)]
        kept = [one for one in kept if is_below(one.path, self._paths)]
        if only is not None:  # whatever was asked about: a guard that can be narrowed is none
            kept += self._guarded(GUARDS[only])
        records = [
            path for change in self.comparison.changes if is_below(path := _path_of(change), self._paths)
        ]
        return CheckResult(
            tuple(sorted(kept, key=Diagnostic.sort_key)),
            len(records),
            tuple(sorted(records)),
            self._against(base, len(records)),
        )

    def _judge_head(self) -> None:
        for entry in self.comparison.head.entries:
            if self._may_differ(entry.path):
                self.head.judge_record(entry)
            elif self.head.near is None or entry.path in self.head.near:
                self.head.judge_among_others(entry)
        self.head.judge_rest()

    def _may_differ(self, path: str) -> bool:
        """Whether a file may say of itself what it did not before; where one waives, all must be weighed."""
        known = self.head.known[path]
        return path in self.touched or self.comparison.schema_changed or bool(known.waivers)

    def _judge_change(self) -> None:
        for code, path, finding in self._of_the_whole:
            self.head.judge.weigh(code, path, finding, self.head.known.get(path))
        for change in self.comparison.changes:
            case: ChangeCase[Any] = ChangeCase(change, self.comparison)
            for code, finding in _findings(case):
                self._weigh(code, change, finding)

    def _weigh(self, code: str, change: Change, finding: Finding) -> None:
        path = _path_of(change)
        if change.after is not None:
            known = self.head.known[path]
            if known.waivers:
                people = self.comparison.base.taxonomy.people or self.comparison.head.taxonomy.people
                counting = waived_by_change(known, self._examined(change.before), people)
                known = msgspec.structs.replace(known, waivers=counting)
            if known.imported and change.before is not None:
                # a record does not become an import by the very change that an import may make
                known = msgspec.structs.replace(known, imported=self._examined(change.before).imported)
        else:
            known = msgspec.structs.replace(self._examined(change.before), waivers=())
        self.head.judge.weigh(code, path, finding, known)

    def _examined(self, entry: Entry[Any] | None) -> Examination:
        if entry is None:
            return Examination()
        with entry.opened():
            return examine(entry, self.comparison.base.taxonomy)

    def _new_elsewhere(self, found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
        """Findings in files that the change leaves alone, and that the base did not have."""
        elsewhere = [one for one in found if one.path not in self.touched]
        if not elsewhere:
            return
        before = Counter(map(_likeness, self._before({one.path for one in elsewhere})))
        for one in elsewhere:
            if before[_likeness(one)]:
                before[_likeness(one)] -= 1
            else:
                yield one

    def _before(self, paths: Iterable[str]) -> tuple[Diagnostic, ...]:
        check = _Known(self.comparison, self.comparison.base, sorted(paths))
        check.known = self._examinations_before()
        for entry in check.chosen:
            if self.comparison.schema_changed or check.known[entry.path].waivers:
                check.judge_record(entry)
            else:
                check.judge_among_others(entry)
        check.judge_rest()
        return check.judge.verdict()

    def _examinations_before(self) -> Mapping[str, Examination]:
        base = self.comparison.base
        if self.comparison.schema_changed:
            return examine_all(base, key="examinations before")
        known = {entry.path: self.head.known.get(entry.path) for entry in base.entries}
        return {
            entry.path: shared
            if (shared := known[entry.path]) and entry.path not in self.touched
            else self._examined(entry)
            for entry in base.entries
        }

    def _guarded(self, guard: Guard) -> Iterator[Diagnostic]:
        """What a guard of an automatic merge says: by no settings, and waived by nothing."""
        comparison = self.comparison
        plain = replace(comparison.head.taxonomy.settings, rules={})
        judge = Judge(plain, RULES, comparison.head.taxonomy.day_of(comparison.now))
        base = comparison.base
        for finding in beyond(guard, comparison.head.tree.root, base.revision or "", base.taxonomy.intake):
            judge.weigh(guard.code, finding.path or "", finding)
        return iter(judge.verdict())

    def _against(self, base: str, records: int) -> str:
        count = f"{records:,} record{'' if records == 1 else 's'} touched"
        revision = (self.comparison.base.revision or "")[:7]
        return f"against {revision}, where this left {base}: {count}"


def _path_of(change: Change) -> str:
    entry = change.after or change.before
    return entry.path if entry is not None else ""


def _of_the_whole(comparison: Comparison) -> Iterator[tuple[str, str, Finding]]:
    """What the rules about the whole change find, with the path that each finding names."""
    for rule in RULES.values():
        if isinstance(rule, ComparisonRule):
            for finding in rule.find(comparison):
                yield rule.code, finding.path or "", finding


def _findings(case: ChangeCase[Any]) -> Iterator[tuple[str, Finding]]:
    """What the rules about one record's change find; one that breaks down must not hide the others."""
    change = case.change
    sides = [entry for entry in (change.before, change.after) if entry is not None]
    readable = all(entry.readable for entry in sides)
    for rule in RULES.values():
        if (
            isinstance(rule, ChangeRule)
            and change.name.kind in rule.kinds
            and rule.gone == (change.after is None)
            and (readable or rule.unreadable)
        ):
            yield from _asked(rule, case)


def _asked(rule: ChangeRule, case: ChangeCase[Any]) -> Iterator[tuple[str, Finding]]:
    try:
        for finding in rule.find(case):
            yield rule.code, finding
    except IncidentbookError:
        raise  # Git cannot go on
    except Exception as error:
        yield broke_down(rule, error)


def _likeness(diagnostic: Diagnostic) -> tuple[str, Severity, str, str]:
    """What makes two findings the same: not the line, which text above it may move."""
    return (diagnostic.path, diagnostic.severity, diagnostic.code, diagnostic.message)
