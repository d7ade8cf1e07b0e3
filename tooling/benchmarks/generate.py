"""Writes a records repository of any size, the same for the same seed."""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from company import (
    CATEGORIES,
    CHANNELS,
    DEEDS,
    FAULTS,
    HEADINGS,
    HOLD_REASONS,
    MATRIX,
    NOW,
    PEOPLE,
    RESOLUTION_CODES,
    SERVICES,
    TARGET_HOURS,
    TEAMS,
    THINGS,
    schema_files,
)

_NOW = datetime.fromisoformat(NOW)
_SPAN = timedelta(days=4 * 365)
_MEAN_BYTES, _DEVIATION, _LEAST_BYTES = 4096, 1100, 1400


@dataclass(frozen=True)
class File:
    """One record: where it lies, its front matter and its body."""

    path: str
    values: dict[str, Any]
    body: str


def records(count: int, seed: int) -> Iterator[File]:
    """Yield exactly `count` records: incidents and, beside them, the reviews that they need.

    Of a hundred, about 87 are incidents, 8 reviews, 3 maintenances, 1 a problem and 1 an article.
    """
    rng = random.Random(seed)
    problems, articles, maintenances = max(1, count // 100), max(1, count // 100), count * 3 // 100
    reviews = count * 8 // 100
    incidents = count - problems - articles - maintenances - reviews
    article_ids = [f"{thing.replace(' ', '-')}-{number}" for number, thing in _cycle(THINGS, articles)]
    problem_files = [_problem(rng, name, opened) for name, opened in _named(rng, "PRB", problems)]
    problem_ids = [Path(file.path).stem for file in problem_files]
    yield from problem_files
    for name in article_ids:
        yield _article(rng, name)
    for name, opened in _named(rng, "MNT", maintenances):
        yield _maintenance(rng, name, opened)
    courses = [(name, _course(rng, opened)) for name, opened in _named(rng, "INC", incidents)]
    for name, course in courses:
        yield _incident(rng, name, course, problem_ids, article_ids)
    # those that need one come first; the sort keeps the order of opening among equals
    done = sorted((row for row in courses if row[1].is_done), key=lambda row: not row[1].needs_review)
    for name, course in done[:reviews]:
        yield _review(rng, name, course.resolved)


def _cycle(words: tuple[str, ...], count: int) -> Iterator[tuple[int, str]]:
    return ((index // len(words) + 1, words[index % len(words)]) for index in range(count))


def _named(rng: random.Random, prefix: str, count: int) -> Iterator[tuple[str, datetime]]:
    """Yield IDs in the order of opening, each year's numbers from 1, with the time of opening."""
    minutes = int(_SPAN.total_seconds()) // 60
    numbers: dict[int, int] = {}
    for back in sorted((rng.randrange(60, minutes) for _ in range(count)), reverse=True):
        opened = _NOW - timedelta(minutes=back)
        numbers[opened.year] = numbers.get(opened.year, 0) + 1
        yield f"{prefix}-{opened.year}-{numbers[opened.year]:04d}", opened


@dataclass(frozen=True)
class Course:
    """How one incident went: what it was judged to be, and when it came to what."""

    status: str
    impact: str
    urgency: str
    category: str
    major: bool
    opened: datetime
    acknowledged: datetime
    resolved: datetime
    closed: datetime

    @property
    def is_done(self) -> bool:
        """Whether service is back."""
        return self.status in {"resolved", "closed"}

    @property
    def needs_review(self) -> bool:
        """Whether the policy in schema/reviews.yml asks for a review."""
        priority = MATRIX[self.impact][self.urgency]
        late = self.resolved - self.opened > timedelta(hours=TARGET_HOURS[priority][1])
        return self.major or priority == "P1" or self.category in {"security", "data"} or late


def _course(rng: random.Random, opened: datetime) -> Course:
    impact, urgency = rng.choices(("high", "medium", "low"), (1, 3, 6), k=2)
    response_hours, resolution_hours = TARGET_HOURS[MATRIX[impact][urgency]]
    acknowledged = opened + timedelta(hours=response_hours * rng.uniform(0.05, 0.9))
    # a lognormal share of the target: most are quick, about one in thirty is late
    share = min(rng.lognormvariate(-1.5, 0.8), 4.0)
    resolved = acknowledged + timedelta(hours=(resolution_hours - response_hours) * share)
    closed = resolved + timedelta(hours=rng.uniform(24, 120))
    return Course(
        status=_status(rng, acknowledged, resolved, closed),
        impact=impact,
        urgency=urgency,
        category=rng.choices(tuple(CATEGORIES), (40, 15, 15, 6, 2, 1, 21))[0],
        major=impact == urgency == "high" and rng.random() < 0.5,
        opened=opened,
        acknowledged=acknowledged,
        resolved=resolved,
        closed=closed,
    )


def _status(rng: random.Random, acknowledged: datetime, resolved: datetime, closed: datetime) -> str:
    if acknowledged >= _NOW:
        return "new"
    if rng.random() < 0.03:
        return "cancelled"
    if resolved >= _NOW:
        return rng.choice(("assigned", "in_progress", "on_hold"))
    return "resolved" if closed >= _NOW else "closed"


def _incident(
    rng: random.Random, name: str, course: Course, problem_ids: list[str], article_ids: list[str]
) -> File:
    owner = rng.choice(PEOPLE)
    values = _beginning(rng, course)
    if course.status == "cancelled":
        values |= {"cancelled": course.acknowledged, "cancel_reason": "It was no incident."}
    elif course.status != "new":
        values |= _work(rng, course, owner)
    if course.is_done:
        values |= _end(rng, course, owner)
        links: dict[str, Any] = {"articles": [rng.choice(article_ids)]}
        if values["resolution"]["permanence"] == "temporary":
            links["problem"] = rng.choice(problem_ids)
        values["links"] = links
    return _file(rng, f"incidents/{name[4:8]}/{name}.md", values)


def _beginning(rng: random.Random, course: Course) -> dict[str, Any]:
    service = rng.choice(SERVICES)
    started = course.opened - timedelta(minutes=rng.randrange(1, 45))
    return {
        "title": f"{rng.choice(THINGS).capitalize()} of {service} {rng.choice(FAULTS)}",
        "status": course.status,
        "summary": f"{_sentence(rng)} {_sentence(rng)}",
        "symptoms": [_sentence(rng)],
        "visibility": rng.choice(("public", "internal")),
        "major": course.major,
        "services": [_service_impact(rng, service, started, course.resolved if course.is_done else None)],
        "category": f"{course.category}/{rng.choice(CATEGORIES[course.category])}",
        "impact": course.impact,
        "urgency": course.urgency,
        "started": started,
        "detected": started + (course.opened - started) * rng.random(),
        "opened": course.opened,
        "reporter": {"channel": rng.choice(CHANNELS)},
        "affected": {"count": rng.randrange(1, 5000), "estimate": True},
    }


def _work(rng: random.Random, course: Course, owner: str) -> dict[str, Any]:
    steps = [course.acknowledged + timedelta(minutes=5 * step) for step in range(rng.randrange(1, 4))]
    values: dict[str, Any] = {
        "acknowledged": course.acknowledged,
        "assignments": [{"at": course.acknowledged, "team": rng.choice(TEAMS), "owner": owner}],
        "steps": [{"at": at, "by": owner, "text": rng.choice(DEEDS)} for at in steps if at < _NOW],
    }
    if course.status == "on_hold":
        reason, note = rng.choice(HOLD_REASONS), _sentence(rng)
        values["holds"] = [{"from": course.acknowledged, "reason": reason, "note": note}]
    if course.major:
        values["roles"] = {"incident_manager": rng.choice(PEOPLE), "communications_lead": rng.choice(PEOPLE)}
    return values


def _end(rng: random.Random, course: Course, owner: str) -> dict[str, Any]:
    values: dict[str, Any] = {
        "restored": course.resolved,
        "resolved": course.resolved,
        "resolved_by": owner,
        "updates": _updates(rng, owner, course),
        "resolution": {
            "code": rng.choice(RESOLUTION_CODES),
            "summary": rng.choice(DEEDS),
            "permanence": "temporary" if rng.random() < 0.1 else "permanent",
        },
    }
    if course.status == "closed":
        values |= {
            "closed": course.closed,
            "closed_by": owner,
            "confirmation": {"confirmed": rng.random() < 0.8, "at": course.closed},
            "satisfaction": {"score": rng.randrange(2, 6)},
        }
    return values


def _service_impact(
    rng: random.Random, service: str, start: datetime, end: datetime | None
) -> dict[str, Any]:
    state = rng.choice(("degraded_performance", "partial_outage", "major_outage"))
    return {"service": service, "state": state, "from": start, **({"to": end} if end else {})}


def _updates(rng: random.Random, by: str, course: Course) -> list[dict[str, Any]]:
    states = ("investigating", "identified", "monitoring", "resolved")[-rng.randrange(2, 5) :]
    return [
        {
            "at": course.opened + (course.resolved - course.opened) * (index + 1) / len(states),
            "by": by,
            "status": state,
            "visibility": "public",
            "text": f"{_sentence(rng)} {_sentence(rng)}",
        }
        for index, state in enumerate(states)
    ]


def _review(rng: random.Random, incident: str, resolved: datetime) -> File:
    author, approver, facilitator = rng.sample(PEOPLE, 3)
    published = resolved + timedelta(days=rng.uniform(1, 4))
    is_published = published < _NOW
    due = (resolved + timedelta(days=rng.randrange(20, 60))).date()
    is_done = due < _NOW.date()
    values: dict[str, Any] = {
        "status": "published" if is_published else "draft",
        "incidents": [incident],
        "visibility": "internal",
        "facilitator": facilitator,
        "authors": [author],
        "approvers": [approver],
        **({"published": published} if is_published else {}),
        "contributing_factors": [_sentence(rng), _sentence(rng)],
        "actions": [
            {
                "id": f"a{number}",
                "title": _sentence(rng),
                "type": rng.choice(("prevent", "detect", "mitigate", "process")),
                "owner": rng.choice(PEOPLE),
                "due": due,
                **(
                    {"state": "done", "done": due, "evidence": "https://bench.example/changes/1"}
                    if is_done
                    else {}
                ),
            }
            for number in range(1, rng.randrange(2, 5))
        ],
    }
    body = "\n\n".join(f"## {heading}\n\n{_sentence(rng)} {rng.choice(DEEDS)}" for heading in HEADINGS)
    return _file(rng, f"incidents/{incident[4:8]}/{incident}.review.md", values, body + "\n")


def _maintenance(rng: random.Random, name: str, announced: datetime) -> File:
    start = announced + timedelta(days=rng.randrange(3, 20))
    end = start + timedelta(hours=rng.randrange(1, 6))
    status = "completed" if end < _NOW else "in_progress" if start < _NOW else "scheduled"
    values: dict[str, Any] = {
        "title": f"Exchange of the {rng.choice(THINGS)}",
        "status": status,
        "summary": _sentence(rng),
        "visibility": "public",
        "announced": announced,
        "planned": {"from": start, "to": end},
        "services": [
            {"service": rng.choice(SERVICES), "state": "degraded_performance", "from": start, "to": end}
        ],
        "owner": rng.choice(PEOPLE),
        "team": rng.choice(TEAMS),
        "updates": [{"at": announced, "status": "scheduled", "visibility": "public", "text": _sentence(rng)}],
    }
    if status != "scheduled":
        values["actual"] = {"from": start, **({"to": end} if status == "completed" else {})}
    return _file(rng, f"incidents/{name[4:8]}/{name}.md", values)


def _problem(rng: random.Random, name: str, opened: datetime) -> File:
    values: dict[str, Any] = {
        "title": f"The {rng.choice(THINGS)} {rng.choice(FAULTS)} under load",
        "status": "known_error",
        "summary": _sentence(rng),
        "symptoms": [_sentence(rng)],
        "services": [rng.choice(SERVICES)],
        "category": "application/capacity",
        "owner": rng.choice(PEOPLE),
        "team": rng.choice(TEAMS),
        "opened": opened,
        "known_error": min(opened + timedelta(days=rng.randrange(1, 9)), _NOW),
        "root_cause": _sentence(rng),
        "workaround": rng.choice(DEEDS),
    }
    return _file(rng, f"knowledge/problems/{name}.md", values)


def _article(rng: random.Random, name: str) -> File:
    values: dict[str, Any] = {
        "title": f"What to do when it {rng.choice(FAULTS)}",
        "status": "published",
        "type": rng.choice(("how-to", "runbook", "faq")),
        "summary": _sentence(rng),
        "symptoms": [_sentence(rng)],
        "services": [rng.choice(SERVICES)],
        "owner": rng.choice(PEOPLE),
        "team": rng.choice(TEAMS),
        "reviewed": _NOW.date() - timedelta(days=rng.randrange(1, 200)),
        "review_by": _NOW.date() + timedelta(days=rng.randrange(1, 300)),
    }
    return _file(rng, f"knowledge/articles/{name}.md", values)


def _file(rng: random.Random, path: str, values: dict[str, Any], body: str = "") -> File:
    """Return a record, its body written on until the file has the size drawn for it."""
    missing = max(_LEAST_BYTES, int(rng.gauss(_MEAN_BYTES, _DEVIATION))) - len(_yaml(values)) - len(body)
    parts = [body] if body else []
    while missing > 0:
        parts.append(_passage(rng))
        missing -= len(parts[-1])
    return File(path, values, "\n".join(parts))


def _passage(rng: random.Random) -> str:
    match rng.randrange(5):
        case 0:
            lines = (
                f"{rng.randrange(24):02d}:{rng.randrange(60):02d}:{rng.randrange(60):02d} "
                f"{rng.choice(SERVICES)}-{rng.randrange(9)} level=error "
                f"status={rng.randrange(500, 505)} ms={rng.randrange(9999)}"
                for _ in range(rng.randrange(3, 7))
            )
            return "```text\n" + "\n".join(lines) + "\n```\n"
        case 1:
            return "\n".join(f"- {_sentence(rng)}" for _ in range(rng.randrange(2, 6))) + "\n"
        case 2:
            return f"| Time | What |\n|---|---|\n| 14:0{rng.randrange(10)} | {_sentence(rng)} |\n"
        case _:
            return (
                " ".join(f"{_sentence(rng)} {rng.choice(DEEDS)}" for _ in range(rng.randrange(1, 4))) + "\n"
            )


def _sentence(rng: random.Random) -> str:
    return f"The {rng.choice(THINGS)} of {rng.choice(SERVICES)} {rng.choice(FAULTS)}."


def _yaml(values: dict[str, Any]) -> str:
    """Write values as people write records; ten times as quick as a general writer of YAML."""
    lines = []
    for key, value in values.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            lines.append(f"{key}:")
            lines.extend(f"  - {_flow(item)}" for item in value)
        else:
            lines.append(f"{key}: {_flow(value)}")
    return "\n".join(lines) + "\n"


def _flow(value: Any) -> str:
    match value:
        case dict():
            return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(_flow(item) for item in value) + "]"
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="minutes")
        case str() if not value.replace("-", "").replace("_", "").isalnum():
            return json.dumps(value)
        case bool() | int():
            return json.dumps(value)
    return str(value)


def schema_texts() -> dict[str, str]:
    """The files of schema/, by path."""
    return {f"schema/{name}.yml": _yaml(values) for name, values in schema_files().items()}


def text_of(values: dict[str, Any], body: str) -> str:
    """One record as a file."""
    return f"---\n{_yaml(values)}---\n{body}"


def write(directory: Path, count: int, seed: int) -> int:
    """Write the repository; return how many bytes its records have."""
    for name, text in schema_texts().items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    size = 0
    for file in records(count, seed):
        path = directory / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        text = text_of(file.values, file.body)
        size += len(text)
        path.write_text(text, encoding="utf-8")
    return size


def main() -> None:
    """Read the arguments and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path, metavar="DIR")
    parser.add_argument("--records", type=int, default=1000, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    arguments = parser.parse_args()
    if arguments.records < 25:
        parser.error("fewer than 25 records have no room for one of each kind")
    size = write(arguments.directory, arguments.records, arguments.seed)
    print(f"{arguments.records} records in {arguments.directory}, {size / arguments.records:.0f} bytes each")


if __name__ == "__main__":
    main()
