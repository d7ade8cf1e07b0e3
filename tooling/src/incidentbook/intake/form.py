"""What somebody reports by the issue form: the issue, and the answers as GitHub writes them down."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from incidentbook.intake.addresses import web_address
from incidentbook.intake.alerts.alert import hashed
from incidentbook.intake.errors import IntakeError
from incidentbook.intake.opening import (
    Opening,
    assumed_category,
    new_incident,
    reporter,
    routed_team,
    suffering,
)
from incidentbook.intake.payload import mapping, part, read_json
from incidentbook.intake.texts import clean, one_line, verbatim
from incidentbook.intake.times import foreign_time
from incidentbook.records import Level, ServiceState
from incidentbook.taxonomy import Taxonomy
from incidentbook.taxonomy.report_form import Question, questions
from incidentbook.taxonomy.routing import Told
from incidentbook.taxonomy.settings.intake import Reports

GITHUB = "github"
_NOTHING = frozenset({"", "_No response_", "None", "n/a"})


@dataclass(frozen=True, kw_only=True)
class Submission:
    """One filled-in form; of a bare file there is neither number nor author."""

    title: str
    body: str
    number: int | None = None
    author: str = ""
    url: str | None = None
    at: datetime | None = None

    @property
    def origin(self) -> dict[str, str]:
        """What tells it from every other: the issue's number, else what it says."""
        if self.number is None:
            return {"system": "form", "id": hashed(self.body)}
        where = {"system": GITHUB, "id": str(self.number)}
        return {**where, "url": self.url} if self.url else where


def read_submission(data: bytes, name: str) -> Submission:
    """Read the event payload of an issue, or the body of one as Markdown. Raises IntakeError."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _of_event(read_json(data, name), name)
    try:
        text = clean(data.decode("utf-8-sig"), 60_000)
    except UnicodeDecodeError:
        raise IntakeError(f"{name} is not UTF-8 text") from None
    return Submission(title="", body=text)


def _of_event(event: object, name: str) -> Submission:
    issue = mapping(part(event, "issue"))
    number = issue.get("number")
    if isinstance(number, bool) or not isinstance(number, int) or not 0 < number < 10**12:
        raise IntakeError(f"{name} is no event of an issue; looked for `issue` with its `number`")
    if "pull_request" in issue:
        raise IntakeError(f"{name} is about a pull request; the form makes issues")
    return Submission(
        title=one_line(issue.get("title")),
        body=clean(issue.get("body"), 60_000),
        number=number,
        author=one_line(part(issue, "user", "login"), 80),
        url=web_address(issue.get("html_url")),
        at=foreign_time(issue.get("created_at")),
    )


def answers(body: str, asked: Sequence[Question]) -> Mapping[str, str]:
    """The answer to each question by its id; what was left out is missing.

    Questions are looked for in their order, each once, and the last takes all that follows: choices and
    single lines come first, so that a heading inside somebody's text is never taken for a question.
    """
    found: list[tuple[str, int, int]] = []
    start = 0
    for question in asked:
        heading = re.compile(rf"^### {re.escape(question.label)}[ \t]*$", re.MULTILINE)
        match = heading.search(body, start)
        if match:
            found.append((question.id, match.start(), match.end()))
            start = match.end()
    ends = [*(begin for _, begin, _ in found), len(body)][1:]
    said = {key: body[after:end].strip() for (key, _, after), end in zip(found, ends, strict=True)}
    return {key: text for key, text in said.items() if text not in _NOTHING}


def opening_of(submission: Submission, taxonomy: Taxonomy, now: datetime) -> Opening:
    """The record of a filled-in form. Raises IntakeError where it is none."""
    asked = questions(taxonomy, now)
    said = answers(submission.body, asked)
    if not said:
        labels = ", ".join(f"`### {question.label}`" for question in asked)
        raise IntakeError(f"this is no filled-in form; looked for the headings {labels}")
    policy, opened = taxonomy.intake.form, min(submission.at, now) if submission.at else now
    symptoms = said.get("symptoms", "")
    first = next((line for line in symptoms.splitlines() if line.strip(" #>*-`")), "")
    keys = {question.id: tuple(option.key for option in question.options) for question in asked}
    category = _one(said.get("category", ""), keys.get("category", ())) or policy.category
    services = _chosen(said.get("services", ""), keys.get("services", ()))
    title = submission.title or one_line(first) or "Reported without a title"
    channel = policy.channel or "portal"
    told = Told(texts=(title, symptoms), services=services, channel=channel, at=opened)
    category, guessed = assumed_category(taxonomy, category, "form.category", told)
    given, routed = routed_team(taxonomy, told)
    levels, notes = _levels(said, policy)
    started, since = _started(said.get("started", ""), now)
    values = new_incident(
        title=title,
        symptoms=[one_line(first, 300)] if first else [],
        services=suffering(services, ServiceState.DEGRADED_PERFORMANCE),
        category=category,
        **levels,
        started=started,
        opened=opened,
        reporter=reporter(taxonomy, channel, name=submission.author or None),
        location=one_line(said.get("location", "")),
        origin=submission.origin,
        **given,
    )
    return Opening(values=values, body=_body(symptoms, since), notes=(*notes, *guessed, *routed))


def _levels(said: Mapping[str, str], policy: Reports) -> tuple[dict[str, Level], list[str]]:
    """Impact and urgency, and a line for each that the form does not say."""
    levels, notes = {}, []
    for key, assumed in (("impact", policy.impact), ("urgency", policy.urgency)):
        chosen = _one(said.get(key, ""), tuple(Level))
        levels[key] = Level(chosen) if chosen else assumed
        notes += [] if chosen else [f"{key}: {assumed}, the form does not say"]
    return levels, notes


def _started(words: str, now: datetime) -> tuple[datetime | None, str]:
    """When it began; else the words that are said of it."""
    since = foreign_time(re.sub(r"\s+(?=[+-]\d)", "", words))
    return (since, "") if since and since <= now else (None, words)


def _body(symptoms: str, since: str) -> str:
    """What the reporter wrote, as text: pictures, links and mentions of strangers are shown to nobody."""
    when = f"Since when:\n\n{verbatim(one_line(since))}" if since else ""
    return "\n\n".join(text for text in (verbatim(symptoms) if symptoms else "", when) if text)


def _one(said: str, keys: Sequence[str]) -> str | None:
    """The key that a chosen option begins with."""
    return next((key for key in keys if said == key or said.startswith(f"{key}:")), None)


def _chosen(said: str, keys: Sequence[str]) -> list[str]:
    """The keys of all chosen options; GitHub joins options by commas, which definitions hold, too."""
    found = re.findall(r"(?:^|, )([a-z0-9][a-z0-9._-]*)(?=:|, |$)", one_line(said, 20_000))
    return [key for key in dict.fromkeys(found) if key in keys]
