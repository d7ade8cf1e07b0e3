"""Applying every rule to an archive, and keeping what follows from a file alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

import msgspec

from incidentbook.archive import Archive, Entry, load_entries
from incidentbook.archive.loading import map_entries
from incidentbook.cache import code_fingerprint
from incidentbook.clocks import ReviewDuty, left_out_of_measures
from incidentbook.diagnostics import Diagnostic, Severity, Span
from incidentbook.records import KINDS
from incidentbook.rules import RULES
from incidentbook.rules.cases import ArchiveCase, RecordCase, RepositoryCase
from incidentbook.rules.configuration import RULE_FAILED, SETTINGS, UNKNOWN_RULE, unknown_codes
from incidentbook.rules.credentials import hide
from incidentbook.rules.duties import open_duties, owes_by_itself
from incidentbook.rules.judgement import ALERTING, NO_STANDING, Judge, Standing, WaiverNote
from incidentbook.rules.references import targets
from incidentbook.rules.registry import ArchiveRule, RecordRule, RepositoryRule, Rule
from incidentbook.rules.relations import Outline, Relations
from incidentbook.taxonomy import Taxonomy

BULK_FROM = 200
"""From so many records on, all of the archive is examined at once and what was found is kept."""

_KEPT = "check"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """Everything that was found, in order of output, and how many record files were looked at."""

    diagnostics: tuple[Diagnostic, ...]
    records: int

    def count(self, severity: Severity) -> int:
        """How many diagnostics there are of a severity."""
        return sum(1 for diagnostic in self.diagnostics if diagnostic.severity is severity)

    def fails(self, *, strict: bool = False) -> bool:
        """Whether there are errors, or, if strict, warnings."""
        return bool(self.count(Severity.ERROR) or (strict and self.count(Severity.WARNING)))


_Place = tuple[int, int, int, int]


class _Said(msgspec.Struct, array_like=True):
    """A finding as it is kept."""

    code: str
    place: _Place | None
    message: str
    help: str | None = None


class _Waived(msgspec.Struct, array_like=True):
    """A waiver as it is kept."""

    code: str
    until: date | None
    place: _Place


class Row(msgspec.Struct, array_like=True):
    """All that a file alone, with the taxonomy, says about itself; kept by content hash.

    `facts` are what archive rules asked of the record; `opened` and `owes` what its relations ask.
    """

    content_hash: str
    said: list[_Said] = []
    facts: dict[str, Any] = {}
    opened: float | None = None
    owes: bool = False
    imported: bool = False
    draft: bool = False
    waivers: list[_Waived] = []


class _Kept(msgspec.Struct, array_like=True):
    """Rows of a whole archive, with what they depend on besides the files."""

    fingerprint: str
    rows: dict[str, Row]


_DECODE_KEPT = msgspec.msgpack.Decoder(_Kept)
_DECODE_ROW = msgspec.msgpack.Decoder(Row)
_ENCODE = msgspec.msgpack.Encoder()

_RECORD_RULES = tuple(rule for rule in RULES.values() if isinstance(rule, RecordRule))
_RULES_OF_KIND = {kind: tuple(rule for rule in _RECORD_RULES if kind in rule.kinds) for kind in KINDS}
_RULES_OF_UNREADABLE = {
    kind: tuple(rule for rule in rules if rule.unreadable) for kind, rules in _RULES_OF_KIND.items()
}
_ARCHIVE_RULES = tuple(rule for rule in RULES.values() if isinstance(rule, ArchiveRule))
_FACTS_OF_KIND = {
    kind: {rule.facts.__name__: rule.facts for rule in _ARCHIVE_RULES if kind in rule.kinds} for kind in KINDS
}
_REPOSITORY_RULES = tuple(rule for rule in RULES.values() if isinstance(rule, RepositoryRule))


def check(archive: Archive, *, now: datetime, paths: Sequence[str] | None = None) -> CheckResult:
    """Apply every rule to the records below `paths`, or to all; other records are read only as needed.

    Paths are relative to the repository. What follows from a file alone is taken from the
    archive's cache where the file is unchanged.
    """
    return _Check(archive, now, paths).result()


def examine(entry: Entry[Any], taxonomy: Taxonomy) -> Row:
    """Find out what a file alone says about itself."""
    row = Row(entry.content_hash)
    for diagnostic in entry.diagnostics:
        row.said.append(_said(diagnostic.code, diagnostic.span, diagnostic.message, diagnostic.help))
    case: RecordCase[Any] = RecordCase(entry, taxonomy)
    kind = entry.kind
    readable = entry.readable
    for rule in _RULES_OF_KIND[kind] if readable else _RULES_OF_UNREADABLE[kind]:
        try:
            for finding in rule.find(case):
                row.said.append(_said(rule.code, finding.span, finding.message, finding.help))
        except Exception as error:  # one rule must not hide what the others find
            row.said.append(_failed(rule, error))
    if not readable:
        return row
    for name, facts in _FACTS_OF_KIND[kind].items():
        fact = facts(case)
        if fact is not None:
            row.facts[name] = fact
    record = case.record
    if kind == "incident":
        row.owes = owes_by_itself(case)
        row.opened = record.opened.timestamp() if record.opened and not left_out_of_measures(record) else None
    origin = getattr(record, "origin", None)
    row.imported = origin is not None and origin.system.lower() not in ALERTING
    row.draft = record.status == "draft"
    row.waivers = [
        _Waived(waiver.rule, waiver.until, _place(case.span("waivers", index)))
        for index, waiver in enumerate(record.waivers)
    ]
    return row


def _failed(rule: Rule, error: Exception) -> _Said:
    return _Said(
        RULE_FAILED.code,
        None,
        hide(f"the rule `{rule.code}` broke down: {type(error).__name__}: {error}"),
        "this is a fault of incidentbook; please report it",
    )


def _said(code: str, span: Span | None, message: str, help_: str | None) -> _Said:
    return _Said(code, _place(span) if span else None, hide(message), hide(help_) if help_ else None)


def _place(span: Span) -> _Place:
    return (span.line, span.column, span.end_line, span.end_column)


class _Check:
    """One run over one archive."""

    def __init__(self, archive: Archive, now: datetime, paths: Sequence[str] | None) -> None:
        self.archive = archive
        self.now = now
        self.paths = None if paths is None else tuple(paths)
        self.chosen = [entry for entry in archive.entries if self.is_selected(entry.path)]
        self.judge = Judge(archive.taxonomy.settings, RULES, archive.taxonomy.day_of(now))
        self.found: list[Diagnostic] = []

    def is_selected(self, path: str) -> bool:
        return self.paths is None or any(
            path == selected or path.startswith(f"{selected}/") or selected == "" for selected in self.paths
        )

    def result(self) -> CheckResult:
        for entry in self.chosen:
            row = self.rows[entry.path]
            standing = self.standings.get(entry.path, NO_STANDING)
            for said in row.said:
                span = Span(*said.place) if said.place else None
                self._keep(said.code, entry.path, span, said.message, said.help, standing)
            if row.facts:
                self._ask_archive_rules(entry, row, standing)
        self._ask_repository_rules()
        self._judge_configuration()
        for path, standing in self.standings.items():
            if standing.waivers:
                self.found += self.judge.on_waivers(path, standing)
        self.found.sort(key=Diagnostic.sort_key)
        return CheckResult(tuple(self.found), len(self.chosen))

    @cached_property
    def rows(self) -> Mapping[str, Row]:
        """What each file says about itself: of all files, or of the few that were asked about."""
        if self.paths is not None and len(self.chosen) < BULK_FROM:
            return dict(self._examined())
        return all_rows(self.archive)

    def _examined(self) -> Iterator[tuple[str, Row]]:
        for entry in self.chosen:
            with entry.opened():
                yield entry.path, examine(entry, self.archive.taxonomy)

    @cached_property
    def standings(self) -> Mapping[str, Standing]:
        """What of each chosen record counts in weighing; the many of which nothing does are left out."""
        return {
            entry.path: Standing(
                row.imported,
                row.draft,
                tuple(WaiverNote(w.code, w.until, Span(*w.place)) for w in row.waivers),
            )
            for entry in self.chosen
            if (row := self.rows[entry.path]).imported or row.draft or row.waivers
        }

    @cached_property
    def relations(self) -> Relations:
        return Relations(
            self.archive,
            {
                entry.id: Outline(
                    tuple((target, relation) for _, target, relation in row.facts.get(targets.__name__, ())),
                    row.opened,
                )
                for entry in self.archive.entries
                if (row := self.rows.get(entry.path)) is not None
            },
        )

    def _keep(
        self,
        code: str,
        path: str,
        span: Span | None,
        message: str,
        help_: str | None,
        standing: Standing,
        owner: str | None = None,
    ) -> None:
        diagnostic = self.judge.diagnostic(code, path, span, message, help_, standing, owner)
        if diagnostic is not None:
            self.found.append(diagnostic)

    def _ask_archive_rules(self, entry: Entry[Any], row: Row, standing: Standing) -> None:
        case: ArchiveCase[Any] | None = None
        for name, fact in row.facts.items():
            for rule in _RULES_BY_FACT[name]:
                if entry.kind in rule.kinds:
                    if case is None:
                        case = ArchiveCase(entry, self.archive, self, fact)
                    case.fact = fact
                    for said in _findings(rule, case):
                        span = Span(*said.place) if said.place else None
                        self._keep(said.code, entry.path, span, said.message, said.help, standing)

    def _ask_repository_rules(self) -> None:
        case = RepositoryCase(self.archive, self.now, self.is_selected, self._duties)
        owners = {
            path: entry.path
            for entry in self.chosen
            if self.standings.get(entry.path, NO_STANDING).waivers
            for path in self.archive.attachments(entry.id)
        }
        for rule in _REPOSITORY_RULES:
            for finding in rule.find(case):
                path = finding.path or ""
                if not self.is_selected(path):
                    continue
                owner = owners.get(path, path)
                standing = self.standings.get(owner, NO_STANDING)
                message, help_ = hide(finding.message), finding.help and hide(finding.help)
                self._keep(rule.code, path, finding.span, message, help_, standing, owner)

    def _duties(self) -> Iterable[ReviewDuty]:
        over = [entry for entry in self.chosen if entry.kind == "incident"]
        own = [entry.id for entry in over if self.rows[entry.path].owes]
        return open_duties(self.archive, self.relations, own, [entry.id for entry in over], self.now)

    def _judge_configuration(self) -> None:
        for diagnostic in self.archive.configuration:
            # everything else is judged by schema/, so its errors are told whatever was asked about
            if diagnostic.severity is Severity.ERROR or self.is_selected(diagnostic.path):
                self._keep(
                    diagnostic.code,
                    diagnostic.path,
                    diagnostic.span,
                    hide(diagnostic.message),
                    diagnostic.help,
                    NO_STANDING,
                )
        if self.is_selected(SETTINGS):
            case = RepositoryCase(self.archive, self.now, self.is_selected, self._duties)
            for code, suggestion in unknown_codes(self.archive.taxonomy.settings.rules, RULES):
                span = case.key_span(SETTINGS, "rules", code)
                message = f"there is no rule `{code}`"
                self._keep(UNKNOWN_RULE.code, SETTINGS, span, message, suggestion, NO_STANDING)


def _findings(rule: ArchiveRule, case: ArchiveCase[Any]) -> Iterator[_Said]:
    try:
        for finding in rule.find(case):
            yield _said(rule.code, finding.span, finding.message, finding.help)
    except Exception as error:  # one rule must not hide what the others find
        yield _failed(rule, error)


def _by_fact() -> Mapping[str, tuple[ArchiveRule, ...]]:
    names = dict.fromkeys(rule.facts.__name__ for rule in _ARCHIVE_RULES)
    return {name: tuple(rule for rule in _ARCHIVE_RULES if rule.facts.__name__ == name) for name in names}


_RULES_BY_FACT = _by_fact()


def all_rows(archive: Archive) -> Mapping[str, Row]:
    """Rows of every file of an archive: kept ones, and new ones made by as many processes as pay."""
    fingerprint = f"{code_fingerprint()}:{archive.taxonomy.fingerprint}"
    kept = _kept_rows(archive, fingerprint)

    def work(entry: Entry[Any]) -> bytes:
        return _ENCODE.encode(examine(entry, archive.taxonomy))

    fresh = load_entries(archive, work)
    rows: dict[str, Row] = {}
    pending: list[Entry[Any]] = []
    for entry in archive.entries:
        row = kept.get(entry.path)
        if row is not None and row.content_hash == entry.content_hash:
            rows[entry.path] = row
        elif entry.path in fresh:
            rows[entry.path] = _DECODE_ROW.decode(fresh[entry.path])
        else:
            pending.append(entry)
    for entry, _, encoded in map_entries(pending, work):
        if encoded is not None:
            rows[entry.path] = _DECODE_ROW.decode(encoded)
    if fresh or pending or len(kept) != len(rows):
        archive.cache.put_many(_KEPT, {"rows": _ENCODE.encode(_Kept(fingerprint, rows))})
    return rows


def _kept_rows(archive: Archive, fingerprint: str) -> Mapping[str, Row]:
    data = archive.cache.get(_KEPT, "rows")
    if data is None:
        return {}
    try:
        kept = _DECODE_KEPT.decode(data)
    except msgspec.DecodeError:
        return {}
    return kept.rows if kept.fingerprint == fingerprint else {}
