"""The measures once more, by other means: plain YAML, the statistics module, a walk over elementary spans.

Nothing of the package is imported here. What this file computes, and how, follows the documentation
of the measures, not their code.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import holidays
import yaml

Front = dict[str, Any]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
UNITS = {"w": 604800, "d": 86400, "h": 3600, "m": 60, "s": 1}


def read_incidents(root: Path) -> dict[str, Front]:
    found = {}
    for path in sorted(root.glob("incidents/*/INC-*.md")):
        if not path.name.endswith(".review.md"):
            text = path.read_text(encoding="utf-8")
            found[path.stem] = yaml.load(text.split("\n---", 1)[0].removeprefix("---"), yaml.BaseLoader)
    return found


class Oracle:
    """The figures of one repository at one time."""

    def __init__(self, root: Path, now: str) -> None:
        def config(name: str) -> Any:
            return yaml.load((root / f"schema/{name}.yml").read_text(encoding="utf-8"), yaml.BaseLoader)

        self.now = when(now)
        self.zone = ZoneInfo(config("incidentbook").get("zone", "UTC"))
        self.policies = config("sla")["policies"]
        self.matrices = config("priority")["matrices"]
        self.calendars = {row["id"]: row for row in config("calendars")["calendars"]}
        self.aliases = {
            alias: row["id"]
            for row in config("services")["services"]
            for alias in (row["id"], *row.get("aliases", ()))
        }
        everything = read_incidents(root).values()
        self.left_out = {
            "cancelled": sum(not drill(front) and front["status"] == "cancelled" for front in everything),
            "drill": sum(drill(front) for front in everything),
        }
        self.incidents = [
            front for front in everything if not drill(front) and front["status"] != "cancelled"
        ]
        self.left_out["duplicate"] = sum("duplicate_of" in links(front) for front in self.incidents)
        self.incidents = [front for front in self.incidents if "duplicate_of" not in links(front)]

    def figures(self, chosen: Iterable[Front] | None = None) -> dict[str, Any]:
        incidents = self.incidents if chosen is None else list(chosen)
        return {
            "incidents": len(incidents),
            "time_to_detect": figure(incidents, ["started"], "detected"),
            "time_to_acknowledge": figure(incidents, ["opened"], "acknowledged"),
            "time_to_mitigate": figure(incidents, ["started", "opened"], "mitigated"),
            "time_to_restore": figure(incidents, ["started", "opened"], "restored", or_resolved=True),
            "time_to_resolve": figure(incidents, ["opened"], None, or_resolved=True),
            "sla": {
                "response": self.attainment(incidents, self.response),
                "resolution": self.attainment(incidents, self.resolution),
            },
        }

    def by(self, key: str) -> dict[str | None, list[Front]]:
        groups: dict[str | None, list[Front]] = {}
        for front in self.incidents:
            for value in self.keys(front, key):
                groups.setdefault(value, []).append(front)
        return groups

    def keys(self, front: Front, key: str) -> list[str | None]:
        if key == "month":
            return [when(front["opened"]).astimezone(self.zone).strftime("%Y-%m")]
        if key == "priority":
            return [self.priority(front)]
        named = {row["service"] for row in front.get("services", ())}
        return [*{self.aliases.get(name, name) for name in named}] or [None]

    def priority(self, front: Front) -> str | None:
        stored = front.get("priority")
        if stored:
            return str(stored["value"] if isinstance(stored, dict) else stored)
        for matrix in self.matrices:
            if self.in_force(matrix, front):
                row: dict[str | None, str] = matrix["cells"].get(front.get("impact"), {})
                return row.get(front.get("urgency"))
        return None

    def in_force(self, row: Front, front: Front) -> bool:
        day = str(when(front["opened"]).astimezone(self.zone).date())
        return bool(row.get("valid_from", "0") <= day < row.get("valid_until", "9"))

    def policy(self, front: Front) -> Front | None:
        named = {self.aliases.get(row["service"], row["service"]) for row in front.get("services", ())}
        category = front.get("category", "")
        for policy in self.policies:
            match = policy.get("match", {})
            categories = match.get("category", [])
            if (
                self.in_force(policy, front)
                and (not match.get("service") or named & set(match["service"]))
                and (not match.get("priority") or self.priority(front) in match["priority"])
                and (not categories or {category, category.split("/")[0]} & set(categories))
            ):
                return dict(policy)
        return None

    def attainment(self, incidents: list[Front], judge: Callable[[Front], str | None]) -> dict[str, Any]:
        verdicts = [judge(front) for front in incidents]
        met, breached = verdicts.count("met"), verdicts.count("breached")
        share = met / (met + breached) if met + breached else None
        return {"met": met, "breached": breached, "running": verdicts.count("running"), "attainment": share}

    def response(self, front: Front) -> str | None:
        policy = self.policy(front)
        opened, stop, resolved = when(front["opened"]), front.get("acknowledged"), final_resolution(front)
        if policy is None or (stop is None and is_over(front)):
            return None
        if any(moment is not None and moment < opened for moment in (stop and when(stop), resolved)):
            return None
        due = front.get("overrides", {}).get("response_due")
        return self.judge(policy, "response", opened, stop and when(stop), [], due)

    def resolution(self, front: Front) -> str | None:
        policy = self.policy(front)
        opened, resolved = when(front["opened"]), final_resolution(front)
        if policy is None or (resolved is None and is_over(front)) or (resolved and resolved < opened):
            return None
        waits = [
            (when(hold["from"]), when(hold["to"]) if "to" in hold else None)
            for hold in front.get("holds", ())
            if hold["reason"] in policy.get("pausing", ())
        ]
        waits += [(when(a["resolved"]), when(a["reopened"])) for a in front.get("reopenings", ())]
        due = front.get("overrides", {}).get("resolution_due")
        return self.judge(policy, "resolution", opened, resolved, waits, due)

    def judge(
        self,
        policy: Front,
        name: str,
        start: datetime,
        stop: datetime | None,
        waits: list[tuple[datetime, datetime | None]],
        due: Any,
    ) -> str | None:
        end = stop or max(self.now, start)
        if due:
            late = end > when(due["value"] if isinstance(due, dict) else due)
        elif name not in policy:
            return None
        else:
            late = self.worked(policy, start, end, waits) > seconds(policy[name])
        return "breached" if late else "met" if stop else "running"

    def worked(
        self,
        policy: Front,
        start: datetime,
        end: datetime,
        waits: list[tuple[datetime, datetime | None]],
    ) -> float:
        """Cut the time at every boundary of a wait; count the pieces that lie in none, within hours."""
        cuts = {start, end} | {moment for wait in waits for moment in wait if moment and start < moment < end}
        total = 0.0
        for first, last in pairwise(sorted(cuts)):
            if not any(from_ <= first and (to is None or first < to) for from_, to in waits):
                total += self.within_hours(policy.get("calendar", "always"), first, last)
        return total

    def within_hours(self, key: str, first: datetime, last: datetime) -> float:
        calendar = self.calendars.get(key, {})
        if not calendar.get("hours"):
            return (last - first).total_seconds()
        zone = ZoneInfo(calendar.get("zone", str(self.zone)))
        total = 0.0
        for start, end in open_hours(calendar, zone, first, last):
            total += max((min(end, last) - max(start, first)).total_seconds(), 0.0)
        return total


def open_hours(
    calendar: Front, zone: ZoneInfo, first: datetime, last: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Hours within a day only, which is all that the records of these tests have."""
    closed = calendar.get("holidays", {})
    own = set(closed.get("days", ()))
    public: Any = {}
    if "country" in closed:
        public = holidays.country_holidays(closed["country"], subdiv=closed.get("region"))
    day: date = first.astimezone(zone).date()
    while day <= last.astimezone(zone).date():
        if str(day) not in own and day not in public:
            for span in calendar["hours"].get(WEEKDAYS[day.weekday()], ()):
                start, end = (datetime.combine(day, time.fromisoformat(t), zone) for t in span.split("-"))
                yield start.astimezone(UTC), end.astimezone(UTC)
        day += timedelta(days=1)


def figure(
    incidents: list[Front], starts: list[str], end: str | None, *, or_resolved: bool = False
) -> dict[str, Any]:
    samples = []
    for front in incidents:
        start = next((when(front[name]) for name in starts if name in front), None)
        stop = when(front[end]) if end in front else final_resolution(front) if or_resolved else None
        if start and stop and stop >= start:
            samples.append((stop - start).total_seconds())
    if not samples:
        return {"n": 0, "mean_s": None, "median_s": None, "p90_s": None, "total_s": None}
    deciles = statistics.quantiles(samples, n=10, method="inclusive") if len(samples) > 1 else samples * 9
    return {
        "n": len(samples),
        "mean_s": statistics.mean(samples),
        "median_s": statistics.median(samples),
        "p90_s": deciles[8],
        "total_s": sum(samples),
    }


def final_resolution(front: Front) -> datetime | None:
    """The resolve time of an incident that is over, unless it was reopened after that."""
    if "resolved" not in front or not is_over(front):
        return None
    resolved = when(front["resolved"])
    return None if any(when(a["reopened"]) > resolved for a in front.get("reopenings", ())) else resolved


def is_over(front: Front) -> bool:
    return front["status"] in ("resolved", "closed")


def drill(front: Front) -> bool:
    return bool(front.get("drill") == "true")


def links(front: Front) -> Front:
    return front.get("links") or {}


def when(text: str) -> datetime:
    return datetime.fromisoformat(text)


def seconds(text: str) -> float:
    return sum(int(number) * UNITS[unit] for number, unit in re.findall(r"(\d+)([wdhms])", text))
