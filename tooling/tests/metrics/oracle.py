"""The measures once more, by other means: plain YAML, pandas, a walk over elementary spans.

Nothing of the package is imported here. What this file computes, and how, follows the documentation
of the measures, not their code.
"""

from __future__ import annotations

import csv
import re
import statistics
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import holidays
import pandas
import yaml

Front = dict[str, Any]
Spell = tuple[str, datetime, datetime, str]
LIFE = (("valid_from", "1970-01-02"), ("valid_until", "2199-01-01"))
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEIGHTS = {"operational": 0, "degraded_performance": 0, "partial_outage": 0.3, "major_outage": 1}
UNITS = {"w": 604800, "d": 86400, "h": 3600, "m": 60, "s": 1}


def read(root: Path, pattern: str) -> dict[str, Front]:
    found = {}
    for path in sorted(root.glob(pattern)):
        text = path.read_text(encoding="utf-8")
        found[path.stem] = yaml.load(text.split("\n---", 1)[0].removeprefix("---"), yaml.BaseLoader)
    return found


def read_incidents(root: Path) -> dict[str, Front]:
    records = read(root, "incidents/*/INC-*.md")
    return {id_: {**front, "id": id_} for id_, front in records.items() if not id_.endswith(".review")}


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
        self.catalogue = {row["id"]: row for row in config("services")["services"]}
        self.teams = {row["id"]: row for row in config("teams")["teams"]}
        self.bots = {row["handle"]: row.get("bot") == "true" for row in config("people")["people"]}
        self.categories = {row["id"]: row for row in config("categories")["categories"]}
        self.review_policies = config("reviews")["policies"]
        measures = config("measures") or {}
        self.weights = {
            "operational": 0.0,
            "degraded_performance": 0.0,
            "partial_outage": 0.3,
            "major_outage": 1.0,
        }
        self.weights |= {state: float(weight) for state, weight in measures.get("weights", {}).items()}
        self.counts_maintenance = measures.get("maintenance") == "true"
        self.deployments = []
        if (root / "schema/deployments.csv").exists():
            with (root / "schema/deployments.csv").open(encoding="utf-8", newline="") as file:
                self.deployments = list(csv.DictReader(file))
        self.reviews = read(root, "incidents/*/INC-*.review.md")
        self.problems = read(root, "knowledge/problems/*.md")
        self.maintenance = read(root, "incidents/*/MNT-*.md")
        self.articles = read(root, "knowledge/articles/*.md")
        self.everything = read_incidents(root)
        everything = self.everything.values()
        self.left_out = {
            "cancelled": sum(not drill(front) and front["status"] == "cancelled" for front in everything),
            "drill": sum(drill(front) for front in everything),
        }
        self.incidents = [
            front for front in everything if not drill(front) and front["status"] != "cancelled"
        ]
        self.left_out["duplicate"] = sum("duplicate_of" in links(front) for front in self.incidents)
        self.incidents = [front for front in self.incidents if "duplicate_of" not in links(front)]

    def figures(
        self, chosen: Iterable[Front] | None = None, services: Collection[str] | None = None
    ) -> dict[str, Any]:
        incidents = self.incidents if chosen is None else list(chosen)
        return {
            "incidents": len(incidents),
            "time_to_detect": figure(incidents, ["started"], "detected"),
            "time_to_acknowledge": figure(incidents, ["opened"], "acknowledged"),
            "time_to_mitigate": figure(incidents, ["started", "opened"], "mitigated"),
            "time_to_restore": figure(incidents, ["started", "opened"], "restored", or_resolved=True),
            "time_to_resolve": figure(incidents, ["opened"], None, or_resolved=True),
            "time_between_failures": summary(
                [
                    gap
                    for front in incidents
                    for key, gap in self.gaps[front["id"]]
                    if services is None or key in services
                ]
            ),
            "sla": {
                "response": self.attainment(incidents, self.response),
                "resolution": self.attainment(incidents, self.resolution),
            },
            "rates": {name: rate(map(judge, incidents)) for name, judge in self.judges().items()},
            "reviews": self.review_figures(incidents),
            "satisfaction": satisfaction(incidents),
            "change_failure": self.change_failure(incidents, services),
        }

    def unknown_services(self) -> set[str]:
        named = {row["service"] for front in self.incidents for row in front.get("services", ())}
        return named - set(self.aliases)

    @cached_property
    def gaps(self) -> dict[str, list[tuple[str, float]]]:
        """By incident: each service that it made fail, and the seconds since it failed before."""
        failed = {front["id"]: self.failing(front) for front in self.incidents}
        table = pandas.DataFrame(
            [
                (service, start, id_)
                for id_, services in failed.items()
                for service, start in services.items()
                if service not in failed.get(links(self.everything[id_]).get("parent"), {})
            ],
            columns=["service", "start", "id"],
        ).sort_values(["service", "start", "id"])
        found: dict[str, list[tuple[str, float]]] = {front["id"]: [] for front in self.incidents}
        for service, rows in table.groupby("service"):
            for (_, before), (_, row) in pairwise(rows.iterrows()):
                found[row["id"]].append((str(service), (row["start"] - before["start"]).total_seconds()))
        return found

    def failing(self, front: Front) -> dict[str, datetime]:
        found: dict[str, datetime] = {}
        for row in front.get("services", ()):
            start = row.get("from") or front.get("started") or front.get("opened")
            if row["state"] != "operational" and start:
                key = self.aliases.get(row["service"], row["service"])
                found[key] = min(found.get(key, when(start)), when(start))
        return found

    def judges(self) -> dict[str, Callable[[Front], bool | None]]:
        def if_over(answer: Callable[[Front], bool | None]) -> Callable[[Front], bool | None]:
            return lambda front: answer(front) if is_over(front) else None

        def reassigned(front: Front) -> bool | None:
            rows = front.get("assignments", [])
            teams = {row["team"] for row in rows if "team" in row}
            people = {row["owner"] for row in rows if "owner" in row}
            return len(teams or people) > 1 if rows else None

        def first_line(front: Front) -> bool | None:
            teams = [row["team"] for row in front.get("assignments", ()) if "team" in row]
            lines = [int(self.teams.get(team, {}).get("line", 0)) for team in teams]
            called = any(row["kind"] == "functional" for row in front.get("escalations", ()))
            if called or any(line > 1 for line in lines):
                return False
            return True if lines and all(lines) else None

        def reopened(front: Front) -> bool | None:
            return bool(front.get("reopenings")) if is_over(front) or front.get("reopenings") else None

        def unconfirmed(front: Front) -> bool | None:
            said = front.get("confirmation", {}).get("confirmed") if front["status"] == "closed" else None
            return None if said is None else said == "false"

        return {
            "major": lambda front: front.get("major") == "true",
            "reopened": reopened,
            "reassigned": reassigned,
            "escalated": lambda front: bool(front.get("escalations")),
            "resolved_at_first_line": if_over(first_line),
            "recurring": lambda front: front["id"] in self.recurring,
            "caused_by_change": lambda front: "caused_by_change" in links(front),
            "knowledge_used": if_over(lambda front: bool(links(front).get("articles"))),
            "resolved_by_automation": if_over(lambda front: self.bots.get(front.get("resolved_by", ""))),
            "closed_unconfirmed": unconfirmed,
        }

    @cached_property
    def recurring(self) -> set[str]:
        """Grow every kind from each of its incidents, as slowly as can be."""
        found = set()
        for front in self.incidents:
            kind = self.kin(front)
            first = min(kind, key=lambda one: (when(one["opened"]), one["id"]))
            if first is not front or links(front).get("earlier"):
                found.add(front["id"])
        return found

    def kin(self, front: Front) -> list[Front]:
        names = {front["id"], *named(front)}
        while True:
            kind = [one for one in self.incidents if names & {one["id"], *named(one)}]
            wider = names | {name for one in kind for name in (one["id"], *named(one))}
            if wider == names:
                return kind
            names = wider

    def backlog(self, at: datetime, chosen: Iterable[Front] | None = None) -> dict[str, Any]:
        ages = {}
        for front in self.incidents if chosen is None else chosen:
            over = final_resolution(front) or (when(front["closed"]) if "closed" in front else None)
            over = over if is_over(front) else None
            if is_over(front) and over is None:
                continue
            away = [(when(a["resolved"]), when(a["reopened"])) for a in front.get("reopenings", ())]
            if (over and over <= at) or any(start <= at < end for start, end in away):
                continue
            if when(front["opened"]) <= at:
                ages[front["id"]] = (at - when(front["opened"])).total_seconds()
        oldest = max(sorted(ages), key=lambda id_: ages[id_]) if ages else None
        return {"count": len(ages), "age": summary(list(ages.values())), "oldest": oldest}

    def review_figures(self, incidents: list[Front]) -> dict[str, Any]:
        outcomes = [outcome for front in incidents if (outcome := self.review(front))]
        decided = [outcome for outcome in outcomes if outcome in ("on_time", "late", "overdue")]
        numbers = {name: outcomes.count(name) for name in ("on_time", "late", "overdue", "pending")}
        share = numbers["on_time"] / len(decided) if decided else None
        return {"required": len(outcomes), **numbers, "rate": share}

    def review(self, front: Front) -> str | None:
        policy = next((row for row in self.review_policies if self.in_force(row, front)), None)
        if policy is None:
            return None
        category = self.categories.get(front.get("category", "").split("/")[0], {})
        since = when(front["opened"]) - timedelta(seconds=seconds(policy.get("recurrence_window", "90d")))
        alike = [one for one in self.kin(front) if since < when(one["opened"]) <= when(front["opened"])]
        holds = {
            "major": front.get("major") == "true",
            "p1": self.priority(front) == "P1",
            "security": category.get("security") == "true",
            "data_loss": category.get("data_loss") == "true",
            "resolution_breached": self.resolution(front) == "breached",
            "recurrence": len(alike) >= int(policy.get("recurrence_count", 3)),
        }
        needed = any(holds[name] for name in policy.get("required_when", holds))
        override = front.get("overrides", {}).get("review_required")
        if override:
            needed = override["value"] == "true"
        if not needed:
            return None
        rows = [
            row
            for id_, row in self.reviews.items()
            if front["id"] in (id_.removesuffix(".review"), *row.get("incidents", ()))
        ]
        published = [row for row in rows if row["status"] == "published"]
        over = final_resolution(front) or (
            when(front["closed"]) if is_over(front) and "closed" in front else None
        )
        due = self.review_due(over, policy) if over else None
        if published:
            if due is None or "published" not in published[0]:
                return "no_time"
            return "on_time" if when(published[0]["published"]) <= due else "late"
        return "overdue" if due and self.now >= due else "pending"

    def review_due(self, over: datetime, policy: Front) -> datetime:
        calendar = self.calendars.get(policy.get("calendar", "always"), {})
        zone = ZoneInfo(calendar.get("zone", str(self.zone)))
        day, left = over.astimezone(zone).date(), int(policy.get("due_working_days", 5))
        while left:
            day += timedelta(days=1)
            left -= is_open(calendar, day)
        return datetime.combine(day + timedelta(days=1), time(), zone)

    def actions(self) -> dict[str, Any]:
        counted = {front["id"] for front in self.incidents}
        rows = [
            action
            for id_, review in self.reviews.items()
            if id_.removesuffix(".review") in counted
            for action in review.get("actions", ())
        ]
        rows += [action for problem in self.problems.values() for action in problem.get("actions", ())]
        today = str(self.now.astimezone(self.zone).date())
        states = [action.get("state", "open") for action in rows]
        late = [a for a in rows if a.get("state", "open") == "open" and a.get("due", "9999") < today]
        done, left = states.count("done"), states.count("open")
        return {
            "done": done,
            "open": left,
            "overdue": len(late),
            "dropped": states.count("dropped"),
            "done_on_time": sum(
                a["done"] <= a["due"] for a in rows if a.get("state") == "done" and "done" in a and "due" in a
            ),
            "rate": done / (done + left) if done + left else None,
        }

    def change_failure(self, incidents: list[Front], services: Collection[str] | None) -> dict[str, Any]:
        today = str(self.now.astimezone(self.zone).date())
        rows = [
            row
            for row in self.deployments
            if row["day"] <= today
            and (services is None or self.aliases.get(row["service"], row["service"]) in services)
        ]
        first = min((row["day"] for row in self.deployments), default="0")
        broken = [front for front in incidents if "caused_by_change" in links(front)]
        changes = {
            links(front)["caused_by_change"]
            for front in broken
            if str(when(front["opened"]).astimezone(self.zone).date()) >= first
        }
        deployed = sum(int(row["deployments"]) for row in rows) if rows else None
        share = len(changes) / deployed if deployed and len(changes) <= deployed else None
        return {"incidents": len(broken), "changes": len(changes), "deployments": deployed, "rate": share}

    def uses(self) -> dict[str, int]:
        used = [
            id_ for front in self.incidents if is_over(front) for id_ in set(links(front).get("articles", ()))
        ]
        return {id_: used.count(id_) for id_ in used}

    def load(self, at: datetime) -> dict[str, tuple[int, int]]:
        def owner(front: Front) -> str | None:
            return next((a["owner"] for a in reversed(front.get("assignments", [])) if "owner" in a), None)

        found = {}
        for handle in {owner(front) for front in self.incidents} - {None}:
            own = [front for front in self.incidents if owner(front) == handle]
            found[str(handle)] = (len(own), self.backlog(at, own)["count"])
        return found

    def availability(self, start: datetime, end: datetime) -> dict[str, Any]:
        """Walk from one moment at which something changes to the next, and ask what holds there."""
        incidents, spells = [], []
        for front in self.incidents:
            first = front.get("started") or front.get("opened")
            back = when(front["restored"]) if "restored" in front else final_resolution(front)
            if first is None or (back is None and is_over(front)):
                continue
            span = (when(first), min(back or self.now, self.now))
            incidents.append(span)
            spells += self.spells(front, *span)
        for front in self.maintenance.values() if self.counts_maintenance else ():
            planned, actual = front.get("planned", {}), front.get("actual", {})
            first, last = actual.get("from") or planned.get("from"), actual.get("to") or planned.get("to")
            if front["status"] != "cancelled" and first:
                span = (when(first), min(when(last) if last else self.now, self.now))
                incidents.append(span)
                spells += self.spells(front, *span)
        moments = {moment for one in (*incidents, *(spell[1:3] for spell in spells)) for moment in one}
        lives = {service: self.life(service) for service in (*self.catalogue, *(one[0] for one in spells))}
        lives = {key: (max(a, start), min(b, end)) for key, (a, b) in lives.items() if a < end and start < b}
        moments |= {moment for life in lives.values() for moment in life}
        cuts = sorted({start, end, *(moment for moment in moments if start < moment < end)})
        down = 0.0
        lost = dict.fromkeys(lives, 0.0)
        for first, last in pairwise(cuts):
            length = (last - first).total_seconds()
            down += length * any(a <= first < b for a, b in incidents)
            for service in (key for key, (a, b) in lives.items() if a <= first < b):
                states = [state for key, a, b, state in spells if key == service and a <= first < b]
                worst = max(states, key=list(self.weights).index, default="operational")
                lost[service] += length * self.weights[worst]
        return {
            "page": 1 - down / (end - start).total_seconds(),
            "services": {key: 1 - lost[key] / (b - a).total_seconds() for key, (a, b) in lives.items()},
            "cost": self.cost(lost),
        }

    def life(self, service: str) -> tuple[datetime, datetime]:
        """From when until when a service is in force."""
        row = self.catalogue.get(service, {})
        days = (date.fromisoformat(row.get(*default)) for default in LIFE)
        first, last = (datetime.combine(day, time(), self.zone).astimezone(UTC) for day in days)
        return first, last

    def spells(
        self, front: Front, start: datetime, end: datetime
    ) -> list[tuple[str, datetime, datetime, str]]:
        return [
            (
                self.aliases.get(row["service"], row["service"]),
                when(row["from"]) if "from" in row else start,
                min(when(row["to"]), self.now) if "to" in row else end,
                row["state"],
            )
            for row in front.get("services", ())
        ]

    def cost(self, lost: dict[str, float]) -> dict[str, float]:
        found: dict[str, float] = {}
        for service, row in self.catalogue.items():
            if "cost_per_hour" in row:
                price = row["cost_per_hour"]
                amount = lost.get(service, 0.0) / 3600 * float(price["amount"])
                found[price["currency"]] = found.get(price["currency"], 0.0) + amount
        return found

    def by(self, key: str) -> dict[str | None, list[Front]]:
        groups: dict[str | None, list[Front]] = {}
        for front in self.incidents:
            for value in self.keys(front, key):
                groups.setdefault(value, []).append(front)
        return groups

    def keys(self, front: Front, key: str) -> list[str | None]:
        if key == "month":
            return [when(front["opened"]).astimezone(self.zone).strftime("%Y-%m")]
        if key == "quarter":
            local = when(front["opened"]).astimezone(self.zone)
            return [f"{local.year}-Q{(local.month - 1) // 3 + 1}"]
        if key == "weekday":
            return [WEEKDAYS[when(front["opened"]).astimezone(self.zone).weekday()]]
        if key == "team":
            teams = [row["team"] for row in front.get("assignments", ()) if "team" in row]
            return [teams[-1] if teams else None]
        if key == "channel":
            return [front.get("reporter", {}).get("channel")]
        if key == "category":
            return [front["category"].split("/")[0] if "category" in front else None]
        if key == "location":
            return [front.get("location")]
        if key == "group":
            services = [self.catalogue.get(name, {}) for name in self.keys(front, "service") if name]
            return [*{service.get("group") for service in services}] or [None]
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
    day: date = first.astimezone(zone).date()
    while day <= last.astimezone(zone).date():
        if is_open(calendar, day):
            for span in calendar["hours"].get(WEEKDAYS[day.weekday()], ()):
                start, end = (datetime.combine(day, time.fromisoformat(t), zone) for t in span.split("-"))
                yield start.astimezone(UTC), end.astimezone(UTC)
        day += timedelta(days=1)


def is_open(calendar: Front, day: date) -> bool:
    closed = calendar.get("holidays", {})
    public: Any = {}
    if "country" in closed:
        public = holidays.country_holidays(closed["country"], subdiv=closed.get("region"))
    hours = calendar.get("hours")
    if str(day) in closed.get("days", ()) or day in public:
        return False
    return not hours or bool(hours.get(WEEKDAYS[day.weekday()]))


def figure(
    incidents: list[Front], starts: list[str], end: str | None, *, or_resolved: bool = False
) -> dict[str, Any]:
    samples = []
    for front in incidents:
        start = next((when(front[name]) for name in starts if name in front), None)
        stop = when(front[end]) if end in front else final_resolution(front) if or_resolved else None
        if start and stop and stop >= start:
            samples.append((stop - start).total_seconds())
    return summary(samples)


def summary(samples: list[float]) -> dict[str, Any]:
    """By pandas: what is left over where there is nothing is not a number there, and nothing here."""
    series = pandas.Series(samples, dtype="float64")
    if series.empty:
        return {"n": 0, "mean_s": None, "median_s": None, "p90_s": None, "total_s": None}
    return {
        "n": len(series),
        "mean_s": float(series.mean()),
        "median_s": float(series.median()),
        "p90_s": float(series.quantile(0.9)),
        "total_s": float(series.sum()),
    }


def rate(verdicts: Iterable[bool | None]) -> dict[str, Any]:
    judged = [verdict for verdict in verdicts if verdict is not None]
    return {
        "count": sum(judged),
        "of": len(judged),
        "rate": sum(judged) / len(judged) if judged else None,
    }


def satisfaction(incidents: list[Front]) -> dict[str, Any]:
    scores = [int(front["satisfaction"]["score"]) for front in incidents if "satisfaction" in front]
    return {
        "n": len(scores),
        "mean": statistics.mean(scores) if scores else None,
        "distribution": {str(score): scores.count(score) for score in range(1, 6)},
        "of": sum(map(is_over, incidents)),
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


def named(front: Front) -> list[str]:
    """What makes incidents be of one kind."""
    own = links(front)
    return [*(own[key] for key in ("problem", "known_error") if key in own), *own.get("earlier", ())]


def when(text: str) -> datetime:
    return datetime.fromisoformat(text)


def seconds(text: str) -> float:
    return sum(int(number) * UNITS[unit] for number, unit in re.findall(r"(\d+)([wdhms])", text))
