"""The questions of `new` at a terminal: one a line, with a proposal to be taken by Return."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from incidentbook.commands.desk.acting import visible_line
from incidentbook.diagnostics import IncidentbookError

if TYPE_CHECKING:
    from incidentbook.commands.desk.logging import Desk
    from incidentbook.desk.proposal import Proposal
    from incidentbook.intake.report import Report
    from incidentbook.taxonomy import Taxonomy

_SHOWN = 3
_NOTHING = "-"


class NotLoggedError(IncidentbookError):
    """Whoever was asked has gone, or said no."""

    def __init__(self) -> None:
        super().__init__("nothing was written")


@dataclass(frozen=True, kw_only=True)
class Question:
    """One thing to ask for: the field of the report, the words, and what can be said.

    `choices` are completed by the Tab key. What is `optional` may be left empty, or be `-` where something
    is proposed.
    """

    field: str
    words: str
    choices: Sequence[str] = ()
    optional: bool = False
    several: bool = False


def asked(desk: Desk, report: Report, body: str) -> tuple[Report, str]:
    """Ask for what a report does not say, show what is known, and ask whether to write it.

    Raises NotLoggedError where somebody leaves half way.
    """
    from incidentbook.commands.desk.prompting import completing  # noqa: PLC0415

    try:
        with completing() as prompt:
            return _Interview(desk, prompt).held(report, body)
    except (KeyboardInterrupt, EOFError):
        click.echo()
        raise NotLoggedError from None


Prompt = Callable[[str, Sequence[str]], str]


@dataclass(frozen=True)
class _Interview:
    desk: Desk
    prompt: Prompt

    def held(self, report: Report, body: str) -> tuple[Report, str]:
        click.echo("Return takes what stands in brackets, Tab completes; Ctrl-C leaves, and writes nothing.")
        report = self._ask(report, body, _questions_of_trouble(self._taxonomy, report))
        if not body:
            body = self.prompt("What is known (a line, or nothing): ", ()).strip()
            body += "\n" if body else ""
        self._show_known(report, body)
        report = self._ask(report, body, _questions_of_sorting(self._taxonomy, self.desk, report))
        self._show(report, body)
        if self.prompt("Write it? [Y/n] ", ("yes", "no")).strip().lower() not in ("", "y", "yes"):
            raise NotLoggedError
        return report, body

    @property
    def _taxonomy(self) -> Taxonomy:
        return self.desk.session.archive.taxonomy

    def _ask(self, report: Report, body: str, questions: Iterator[Question]) -> Report:
        for question in questions:
            if not getattr(report, question.field):
                report = self._answered(report, body, question)
        return report

    def _answered(self, report: Report, body: str, question: Question) -> Report:
        """Ask until the answer fits; what does not is said, with what was probably meant."""
        proposed: Sequence[Proposal] = getattr(self.desk.proposals(report, body), question.field, ())
        for one in proposed[:_SHOWN]:
            click.echo(visible_line(f"  {one.value}: {one.reason}"))
        default = proposed[0].value if proposed else ""
        while True:
            hint = f" [{default}]" if default else ""
            said = self.prompt(visible_line(f"{question.words}{hint}: "), question.choices).strip() or default
            if said == _NOTHING and question.optional:
                said = ""
            if not said and not question.optional:
                click.echo("  It is wanted.")
                continue
            value: Any = said or None
            if question.several:
                value = tuple(part.strip() for part in said.replace(";", ",").split(",") if part.strip())
            answered = replace(report, **{question.field: value})
            fault = self._fault(answered, question)
            if fault is None:
                return answered
            click.echo(visible_line(f"  {fault}"))

    def _fault(self, report: Report, question: Question) -> str | None:
        from incidentbook.intake.report import fault_of  # noqa: PLC0415

        flag = "--service" if question.field == "services" else f"--{question.field}"
        found = fault_of(report, flag, self._taxonomy, self.desk.session.now)
        return None if found is None else found.removeprefix(f"{flag} is ")

    def _show_known(self, report: Report, body: str) -> None:
        from incidentbook.reports.similar.text import known_as_text  # noqa: PLC0415

        known, session = self.desk.known(report, body, _SHOWN), self.desk.session
        width = session.console.width
        text = known_as_text(known, id_=None, taxonomy=self._taxonomy, now=session.now, width=width)
        session.console.print(text)
        if known.open:
            same = known.open[0].entry.id
            click.echo(visible_line(f"If it is {same}: Ctrl-C, and `incidentbook update {same} -m TEXT`."))

    def _show(self, report: Report, body: str) -> None:
        """What is about to be written, with the priority that follows."""
        for one in self.desk.proposals(report, body).priority:
            click.echo(visible_line(f"Priority {one.value}: {one.reason}"))
        whom = " and ".join(name for name in (report.team, report.owner) if name)
        click.echo(visible_line(f"Logged as: {report.title}" + (f", for {whom}" if whom else "")))


def _questions_of_trouble(taxonomy: Taxonomy, report: Report) -> Iterator[Question]:
    """What one sees."""
    from incidentbook.records import ServiceState  # noqa: PLC0415

    yield Question(field="title", words="What is wrong, as a user would say it")
    keys = [one.id for one in taxonomy.services if taxonomy.service(one.id) == one]
    states = [state.value for state in ServiceState]
    if keys:
        yield Question(
            field="services",
            words="Services, as KEY=STATE, ...",
            choices=[*keys, *(f"{key}={state}" for key in keys for state in states)],
            optional=True,
            several=True,
        )
    channels = [one.id for one in taxonomy.channels]
    if channels and not taxonomy.settings.defaults.channel:
        yield Question(field="channel", words=f"How it came in ({', '.join(channels)})", choices=channels)
    if report.reporter is None:
        yield Question(field="reporter", words="Who reported it (or nothing)", optional=True)


def _questions_of_sorting(taxonomy: Taxonomy, desk: Desk, report: Report) -> Iterator[Question]:
    """What sort of thing it is, and who gets it."""
    from incidentbook.intake.report import category_paths, instant_of  # noqa: PLC0415

    at = instant_of(report.opened) or desk.session.now
    paths = category_paths(taxonomy, at)
    if paths:
        yield Question(field="category", words="Category", choices=paths)
    levels = ("high", "medium", "low")
    yield Question(field="impact", words="Impact, how wide (high, medium, low)", choices=levels)
    yield Question(field="urgency", words="Urgency, how pressing (high, medium, low)", choices=levels)
    teams = [one.id for one in taxonomy.teams if taxonomy.team(one.id, at) == one]
    if teams:
        yield Question(field="team", words="Team (- for none)", choices=teams, optional=True)
