"""Applying every rule to an archive."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from incidentbook.archive import Archive, Entry
from incidentbook.clocks import ReviewDuty
from incidentbook.diagnostics import Diagnostic, Severity
from incidentbook.rules import RULES
from incidentbook.rules.cases import ArchiveCase, RepositoryCase
from incidentbook.rules.configuration import SETTINGS, UNKNOWN_RULE, unknown_codes
from incidentbook.rules.duties import open_duties
from incidentbook.rules.examination import Examination, ask, examine, examine_all
from incidentbook.rules.judgement import Judge
from incidentbook.rules.references import dangling_reference
from incidentbook.rules.registry import ArchiveRule, Finding, RepositoryRule
from incidentbook.rules.relations import Relations
from incidentbook.taxonomy.settings import Settings

BULK_FROM = 200
"""From so many records on, all of the archive is examined at once and what was found is kept."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """Everything that was found, in order of output, and which record files were looked at.

    `against` says in words what a change was compared with.
    """

    diagnostics: tuple[Diagnostic, ...]
    records: int
    paths: tuple[str, ...] = ()
    against: str | None = None

    def count(self, severity: Severity) -> int:
        """How many diagnostics there are of a severity."""
        return sum(1 for diagnostic in self.diagnostics if diagnostic.severity is severity)

    def fails(self, *, strict: bool = False) -> bool:
        """Whether there are errors, or, if strict, warnings."""
        return bool(self.count(Severity.ERROR) or (strict and self.count(Severity.WARNING)))


def check(archive: Archive, *, now: datetime, paths: Sequence[str] | None = None) -> CheckResult:
    """Apply every rule to the records below `paths`, or to all; other records are read only as needed.

    Paths are relative to the repository. What follows from a file alone is taken from the
    archive's cache where the file is unchanged.
    """
    return Check(archive, now, paths).result()


def is_below(path: str, selected: Sequence[str] | None) -> bool:
    """Tell whether a path is one of those selected, or lies below one; None and "" select everything."""
    return selected is None or any(path == one or path.startswith(f"{one}/") or one == "" for one in selected)


class Check:
    """One run over one archive: asks each sort of rule, and has the judge weigh what it finds.

    `settings` are the archive's own unless others are to judge.
    """

    def __init__(
        self, archive: Archive, now: datetime, paths: Sequence[str] | None, settings: Settings | None = None
    ) -> None:
        self.archive = archive
        self.now = now
        self.paths = None if paths is None else tuple(paths)
        self.chosen = [
            entry for entry in archive.entries if self.paths is None or self.is_selected(entry.path)
        ]
        self.judge = Judge(settings or archive.taxonomy.settings, RULES, archive.taxonomy.day_of(now))

    def result(self) -> CheckResult:
        """Ask everything."""
        for entry in self.chosen:
            self.judge_record(entry)
        self.judge_rest()
        paths = tuple(entry.path for entry in self.chosen)
        return CheckResult(self.judge.verdict(), len(paths), paths)

    def judge_rest(self) -> None:
        """Judge what is no single record: the repository, the settings, and the waivers when all is said."""
        self._judge_repository()
        self._judge_configuration()
        for entry in self.chosen:
            if self.examinations[entry.path].waivers:
                self.judge.weigh_waivers(entry.path, self.examinations[entry.path])

    def is_selected(self, path: str) -> bool:
        """Whether the user asked about a path."""
        return is_below(path, self.paths)

    def is_searched(self, path: str) -> bool:
        """Whether a file that is no record is to be read through."""
        return self.is_selected(path)

    @cached_property
    def examinations(self) -> Mapping[str, Examination]:
        """What each file says about itself, by path: all files, or the few that were asked about."""
        if self.paths is None or len(self.chosen) >= BULK_FROM:
            return examine_all(self.archive)
        found = {}
        for entry in self.chosen:
            with entry.opened():
                found[entry.path] = examine(entry, self.archive.taxonomy)
        return found

    @cached_property
    def relations(self) -> Relations:
        """How the records hang together."""
        known = {
            entry.id: self.examinations[entry.path]
            for entry in self.archive.entries
            if entry.path in self.examinations
        }
        references = {
            id_: [(target, relation) for _, target, relation in found.facts.get(dangling_reference.code, ())]
            for id_, found in known.items()
        }
        opened = {id_: found.opened for id_, found in known.items() if found.opened is not None}
        return Relations(self.archive, references, opened)

    def judge_record(self, entry: Entry[Any]) -> None:
        """Judge what a record says about itself, and what it is among the others and at this time."""
        examination = self.examinations[entry.path]
        for code, finding in examination.findings:
            self.judge.weigh(code, entry.path, finding, examination)
        self.judge_among_others(entry)

    def judge_among_others(self, entry: Entry[Any]) -> None:
        """Judge what a record is among the others and at this time."""
        examination = self.examinations[entry.path]
        findings: list[tuple[str, Finding]] = []
        for code, fact in examination.facts.items():
            rule = RULES[code]
            if isinstance(rule, ArchiveRule):
                ask(rule, ArchiveCase(entry, self.archive, self, fact), findings)
        for code, finding in findings:
            self.judge.weigh(code, entry.path, finding, examination)

    def _judge_repository(self) -> None:
        case = RepositoryCase(self.archive, self.now, self.is_selected, self._duties, self.is_searched)
        owners = {
            path: entry.path
            for entry in self.chosen
            if self.examinations[entry.path].waivers
            for path in self.archive.attachments(entry.id)
        }
        for rule in RULES.values():
            for finding in rule.find(case) if isinstance(rule, RepositoryRule) else ():
                path = finding.path or ""
                if self.is_selected(path):
                    owner = owners.get(path, path)
                    self.judge.weigh(rule.code, path, finding, self.examinations.get(owner), owner)

    def may_owe(self, entry: Entry[Any]) -> bool:  # noqa: ARG002
        """Whether it is of interest if an incident owes a review."""
        return True

    def _duties(self) -> Iterable[ReviewDuty]:
        candidates = [entry for entry in self.chosen if entry.kind == "incident" and self.may_owe(entry)]
        owing = [entry.id for entry in candidates if self.examinations[entry.path].owes]
        return open_duties(self.archive, self.relations, owing, [entry.id for entry in candidates], self.now)

    def _judge_configuration(self) -> None:
        for found in self.archive.configuration:
            # everything else is judged by schema/, so its errors are told whatever was asked about
            if found.severity is Severity.ERROR or self.is_selected(found.path):
                self.judge.weigh(found.code, found.path, Finding(found.span, found.message, found.help))
        if self.is_selected(SETTINGS):
            case = RepositoryCase(self.archive, self.now, self.is_selected, self._duties)
            for code, suggestion in unknown_codes(self.archive.taxonomy.settings.rules, RULES):
                span = case.key_span(SETTINGS, "rules", code)
                finding = Finding(span, f"there is no rule `{code}`", suggestion)
                self.judge.weigh(UNKNOWN_RULE.code, SETTINGS, finding)
