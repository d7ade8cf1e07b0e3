"""What a repository makes of a finding: its severity, and whether a record waives it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from msgspec import structs

from incidentbook.diagnostics import Diagnostic, Severity
from incidentbook.rules.configuration import (
    UNKNOWN_RULE,
    WAIVER_EXPIRED,
    WAIVER_WITHOUT_EFFECT,
    unknown_codes,
)
from incidentbook.rules.credentials import hide
from incidentbook.rules.examination import Examination, NotedWaiver
from incidentbook.rules.history.people import CHANGE_WAIVED
from incidentbook.rules.registry import ChangeRule, Finding, Rule
from incidentbook.taxonomy.settings import Person, RuleLevel, Settings

BEYOND_MENDING = frozenset(
    {
        *("vocabulary", "lifecycle", "chronology", "priority", "review", "resolution", "families"),
        # the other system goes on, and the next import says what it says now
        *("history: moves", "history: times", "history: entries", "history: promises", "history: people"),
    }
)
"""Families of which an imported record may fall short, or be wrong, without anybody here to mend it."""

_WEIGHT = {Severity.NOTE: 0, Severity.WARNING: 1, Severity.ERROR: 2}

_NOTHING_KNOWN = Examination()
"""Of what is no record: neither an import nor a draft, and it waives nothing."""


def waived_by_change(
    after: Examination, before: Examination, people: Iterable[Person]
) -> tuple[NotedWaiver, ...]:
    """The waivers of a record as they count for findings about its change.

    One that stood there before was given for another change, and one by nobody who was known is nobody's
    decision. `people` are those before the change; where nobody is listed, nobody can be looked up.
    """
    known = {(one.code, one.until, one.by, one.reason) for one in before.waivers}
    handles = {person.handle for person in people}
    found = []
    for one in after.waivers:
        void = ""
        if (one.code, one.until, one.by, one.reason) in known:
            void = "it was given for an earlier change"
        elif one.by is None or (handles and one.by not in handles):
            void = "it needs `by`, a handle that schema/people.yml had before this change"
        found.append(structs.replace(one, void=void))
    return tuple(found)


class Judge:
    """Makes diagnostics of findings, by the settings and by the record they are on.

    It is the only place where a diagnostic is made, so here credentials in messages are hidden.
    It remembers what was waived, because a waiver of nothing is a finding too.
    """

    def __init__(self, settings: Settings, rules: Mapping[str, Rule], today: date) -> None:
        self._settings = settings
        self._rules = rules
        self._today = today
        self._used: set[tuple[str, str]] = set()
        self._found: list[Diagnostic] = []
        self._hidden: dict[str, str] = {}

    def verdict(self) -> tuple[Diagnostic, ...]:
        """Everything that was found and counts, in order of output."""
        return tuple(sorted(self._found, key=Diagnostic.sort_key))

    def weigh(
        self,
        code: str,
        path: str,
        finding: Finding,
        examination: Examination | None = None,
        owner: str | None = None,
    ) -> None:
        """Make a diagnostic of a finding, unless its rule is turned off or the record waives it.

        `examination` is that of the record whose waivers count; `owner` its path, where `path` is one
        of its attachments.
        """
        record = examination or _NOTHING_KNOWN
        severity = self._severity(code, record, from_source=finding.from_source)
        if severity is None:
            return
        for waiver in record.waivers:
            if waiver.code == code and not self._is_over(waiver):
                self._used.add((owner or path, code))
                if waiver.void:
                    finding = replace(finding, help=f"the waiver of it does not count: {waiver.void}")
                    continue
                if isinstance(self._rules[code], ChangeRule):
                    self._say_waived(path, waiver, finding, record)
                return
        self._tell(code, severity, path, finding)

    def _tell(self, code: str, severity: Severity, path: str, finding: Finding) -> None:
        help_ = self._without_credentials(finding.help) if finding.help else None
        message = self._without_credentials(finding.message)
        self._found.append(Diagnostic(code, severity, message, path, finding.span, help_))

    def _say_waived(self, path: str, waiver: NotedWaiver, finding: Finding, record: Examination) -> None:
        severity = self._severity(CHANGE_WAIVED.code, record, from_source=False)
        if severity is not None:
            message = f"`{waiver.by}` waived `{waiver.code}`, which found: {finding.message}"
            said = Finding(waiver.span, message, f"the reason given: {waiver.reason}")
            self._tell(CHANGE_WAIVED.code, severity, path, said)

    def _without_credentials(self, text: str) -> str:
        hidden = self._hidden.get(text)
        if hidden is None:  # most messages are said of many records
            hidden = self._hidden[text] = hide(text)
        return hidden

    def _severity(self, code: str, record: Examination, *, from_source: bool) -> Severity | None:
        rule = self._rules.get(code)
        level = self._settings.rules.get(code)
        if level is RuleLevel.OFF:
            return None
        if level is not None or rule is None:
            return Severity(level.value) if level is not None else Severity.ERROR
        severity = rule.severity
        if record.draft and rule.draft_severity is not None:
            severity = rule.draft_severity
        if record.imported and (from_source or rule.family in BEYOND_MENDING):
            cap = self._settings.imported
            if cap is RuleLevel.OFF:
                return None
            severity = min(severity, Severity(cap.value), key=_WEIGHT.__getitem__)
        return severity

    def _is_over(self, waiver: NotedWaiver) -> bool:
        return waiver.until is not None and waiver.until < self._today

    def weigh_waivers(self, path: str, record: Examination) -> None:
        """Say what is wrong with the waivers of a record, once everything else has been weighed."""
        for waiver in record.waivers:
            code, span = waiver.code, waiver.span
            for unknown, suggestion in unknown_codes({code: None}, self._rules):
                finding = Finding(span, f"there is no rule `{unknown}`", suggestion)
                self.weigh(UNKNOWN_RULE.code, path, finding, record)
            if code in self._rules and self._is_over(waiver):
                message = f"the waiver of `{code}` ended on {waiver.until}"
                finding = Finding(span, message, "mend what it set aside, or set a new `until`")
                self.weigh(WAIVER_EXPIRED.code, path, finding, record)
            elif self._is_asked(code) and (path, code) not in self._used:
                message = f"`{code}` finds nothing here that could be waived"
                finding = Finding(span, message, "remove the waiver")
                self.weigh(WAIVER_WITHOUT_EFFECT.code, path, finding, record)

    def _is_asked(self, code: str) -> bool:
        """Whether there is a rule that every check asks: one about a change has long had its say."""
        return code in self._rules and not isinstance(self._rules[code], ChangeRule)
