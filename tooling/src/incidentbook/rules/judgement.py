"""What a repository makes of a finding: its severity, and whether a record waives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from incidentbook.diagnostics import Diagnostic, Severity, Span
from incidentbook.rules.configuration import (
    UNKNOWN_RULE,
    WAIVER_EXPIRED,
    WAIVER_WITHOUT_EFFECT,
    unknown_codes,
)
from incidentbook.rules.registry import Rule
from incidentbook.taxonomy.settings import RuleLevel, Settings

BEYOND_MENDING = frozenset({"vocabulary", "lifecycle", "chronology", "priority", "review", "resolution"})
"""Families of which an imported record may fall short, or be wrong, without anybody here to mend it."""

ALERTING = frozenset({"alertmanager", "pagerduty", "opsgenie", "grafana", "pingdom", "cloudwatch"})
"""Systems whose `origin` makes no import of a record: an alert opened it, and people here work on it."""

_WEIGHT = {Severity.NOTE: 0, Severity.WARNING: 1, Severity.ERROR: 2}


@dataclass(frozen=True, slots=True)
class WaiverNote:
    """One waiver of a record: the code, its last day, and where it stands."""

    code: str
    until: date | None
    span: Span


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a record counts when a finding on it is weighed."""

    imported: bool = False
    draft: bool = False
    waivers: tuple[WaiverNote, ...] = ()


NO_STANDING = Standing()


class Judge:
    """Weighs findings by the settings and by the record they are on, and remembers what was waived."""

    def __init__(self, settings: Settings, rules: Mapping[str, Rule], today: date) -> None:
        self._settings = settings
        self._rules = rules
        self._today = today
        self._used: set[tuple[str, str]] = set()

    def diagnostic(
        self,
        code: str,
        path: str,
        span: Span | None,
        message: str,
        help_: str | None,
        standing: Standing = NO_STANDING,
        owner: str | None = None,
    ) -> Diagnostic | None:
        """Make a diagnostic of a finding; None where it is turned off or waived.

        `owner` is the record whose waivers count, where `path` is one of its attachments.
        """
        severity = self._severity(code, standing)
        if severity is None:
            return None
        for waiver in standing.waivers:
            if waiver.code == code and not self._is_over(waiver):
                self._used.add((owner or path, code))
                return None
        return Diagnostic(code, severity, message, path, span, help_)

    def _severity(self, code: str, standing: Standing) -> Severity | None:
        rule = self._rules.get(code)
        level = self._settings.rules.get(code)
        if level is RuleLevel.OFF:
            return None
        if level is not None or rule is None:
            return Severity(level.value) if level is not None else Severity.ERROR
        severity = rule.severity
        if standing.draft and rule.draft_severity is not None:
            severity = rule.draft_severity
        if standing.imported and rule.family in BEYOND_MENDING:
            cap = self._settings.imported
            if cap is RuleLevel.OFF:
                return None
            severity = min(severity, Severity(cap.value), key=_WEIGHT.__getitem__)
        return severity

    def _is_over(self, waiver: WaiverNote) -> bool:
        return waiver.until is not None and waiver.until < self._today

    def on_waivers(self, path: str, standing: Standing) -> list[Diagnostic]:
        """What is wrong with the waivers of a record, once everything else has been asked."""
        found = []
        for waiver in standing.waivers:
            code = waiver.code
            for unknown, suggestion in unknown_codes({code: None}, self._rules):
                found.append(
                    self.diagnostic(
                        UNKNOWN_RULE.code, path, waiver.span, f"there is no rule `{unknown}`", suggestion
                    )
                )
            if code in self._rules and self._is_over(waiver):
                found.append(
                    self.diagnostic(
                        WAIVER_EXPIRED.code,
                        path,
                        waiver.span,
                        f"the waiver of `{code}` ended on {waiver.until}",
                        "mend what it set aside, or set a new `until`",
                    )
                )
            elif code in self._rules and (path, code) not in self._used:
                found.append(
                    self.diagnostic(
                        WAIVER_WITHOUT_EFFECT.code,
                        path,
                        waiver.span,
                        f"`{code}` finds nothing here that could be waived",
                        "remove the waiver",
                    )
                )
        return [diagnostic for diagnostic in found if diagnostic is not None]
