"""What the review gate says of a change: as text, as JSON, and as annotations of a pull request."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from incidentbook.clocks import DutyStatus, Obstacle, ReviewDuty, Touch
from incidentbook.diagnostics import Diagnostic, Severity
from incidentbook.reports.diagnostics import github as diagnostics_github
from incidentbook.reports.reviews.json import duty_as_value
from incidentbook.reports.stats.words import plural, printable
from incidentbook.taxonomy.settings.reviews import GateLevel, GateWaiver

CODE = "review-overdue"
"""The rule that says the same of the whole repository."""

_STATES = {
    DutyStatus.MISSING: "not begun",
    DutyStatus.DRAFT: "a draft",
    DutyStatus.IN_REVIEW: "in review, not published",
}


@dataclass(frozen=True, slots=True)
class GateReport:
    """What a change touches, and which overdue reviews stand in its way, waived ones included."""

    base: str
    level: GateLevel
    touches: tuple[Touch, ...]
    obstacles: tuple[Obstacle, ...]

    @property
    def standing(self) -> tuple[Obstacle, ...]:
        """Those that nobody has waived."""
        return tuple(obstacle for obstacle in self.obstacles if obstacle.waiver is None)

    @property
    def is_shut(self) -> bool:
        """Whether the change must wait."""
        return self.level is GateLevel.FAIL and bool(self.standing)


def gate_as_text(report: GateReport, *, now: datetime) -> RenderableType:
    """Say in a few lines what is owed, why it concerns this change, and what to do."""
    text = Text()
    for obstacle in report.obstacles:
        late = plural((now - obstacle.duty.due).days + 1, "day") if obstacle.duty.due else "long"
        style = "dim" if obstacle.waiver else "red" if report.is_shut else "yellow"
        text.append(f"{obstacle.duty.incident.id}", style)
        text.append(f" {_owed(obstacle.duty)}, {late} late\n")
        for line in (f"this change {_reason(obstacle)}", *_advice(obstacle)):
            text.append(f"  {line}\n", "dim")
        text.append("\n")
    text.append(_verdict(report), "bold")
    return text


def gate_as_annotations(report: GateReport, *, prefix: str) -> Iterator[str]:
    """Yield a workflow command a review, on a file that the change touches: there readers look."""
    found = [_diagnostic(obstacle, report) for obstacle in report.obstacles]
    yield from diagnostics_github.render(found, prefix=prefix)
    yield _verdict(report)


def overdue_as_annotations(duties: Sequence[ReviewDuty], *, prefix: str, fails: bool) -> Iterator[str]:
    """Yield a workflow command for each overdue review, on its incident."""
    severity = Severity.ERROR if fails else Severity.WARNING
    found = [
        Diagnostic(CODE, severity, f"{duty.incident.id} {_owed(duty)}", duty.incident.path, None, _todo(duty))
        for duty in duties
        if duty.overdue
    ]
    yield from diagnostics_github.render(found, prefix=prefix)


def gate_as_json(report: GateReport, *, now: datetime) -> str:
    """Render the verdict with everything that it rests on."""
    document = {
        "passes": not report.is_shut,
        "level": report.level,
        "base": report.base,
        "touches": [
            {"path": touch.path, "what": touch.what, "services": sorted(touch.services)}
            for touch in report.touches
        ],
        "reviews": [
            {
                **duty_as_value(obstacle.duty),
                "services": list(obstacle.services),
                "touched_by": [touch.what for touch in obstacle.touches],
                "waiver": _waiver(obstacle.waiver),
            }
            for obstacle in report.obstacles
        ],
        "now": now.isoformat(),
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _waiver(waiver: GateWaiver | None) -> dict[str, Any] | None:
    if waiver is None:
        return None
    return {"by": waiver.by, "reason": waiver.reason, "until": waiver.until.isoformat()}


def _diagnostic(obstacle: Obstacle, report: GateReport) -> Diagnostic:
    severity = Severity.ERROR if report.level is GateLevel.FAIL else Severity.WARNING
    return Diagnostic(
        CODE,
        Severity.NOTE if obstacle.waiver else severity,
        f"{obstacle.duty.incident.id} {_owed(obstacle.duty)}; this change {_reason(obstacle)}",
        obstacle.touches[0].path,
        None,
        "\n".join(_advice(obstacle)),
    )


def _owed(duty: ReviewDuty) -> str:
    owner = ", ".join(duty.owners) or (f"team {duty.team}" if duty.team else "nobody yet")
    title = printable(duty.incident.record.title)
    return f"({title}): its review, owed by {owner}, was due on {duty.due_day} and is {_STATES[duty.status]}"


def _reason(obstacle: Obstacle) -> str:
    """What the change does: three things at most."""
    deeds = [printable(touch.what) for touch in obstacle.touches]
    more = f" and {len(deeds) - 3} more" if len(deeds) > 3 else ""
    return f"touches {', '.join(obstacle.services)}: it {', '.join(deeds[:3])}{more}"


def _advice(obstacle: Obstacle) -> Iterator[str]:
    waiver = obstacle.waiver
    if waiver is not None:
        yield f"waived by {waiver.by} until {waiver.until}: {printable(waiver.reason)}"
        return
    yield _todo(obstacle.duty)
    yield "or have it waived: gate.waivers in schema/reviews.yml says who, why and until when"


def _todo(duty: ReviewDuty) -> str:
    path = duty.review.path if duty.review else duty.incident.path.removesuffix(".md") + ".review.md"
    return f"{'publish' if duty.review else 'write and publish'} {printable(path)}"


def _verdict(report: GateReport) -> str:
    count = len(report.standing)
    if not report.touches:
        return "The gate is open: this change only logs, reviews or writes down what was learned."
    if not count:
        waived = f" ({plural(len(report.obstacles), 'review')} waived)" if report.obstacles else ""
        return f"The gate is open: no service that this change touches has an overdue review{waived}."
    owed = f"{plural(count, 'overdue review')} of what this change touches"
    return f"The gate is shut: {owed}." if report.is_shut else f"The gate warns: {owed}. It lets it pass."
