"""Logging a new incident: what is said, asked and proposed becomes one report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from incidentbook.commands.desk.acting import Hand, visible_line
from incidentbook.commands.desk.recording import record
from incidentbook.commands.session import Session

if TYPE_CHECKING:
    from incidentbook.commands.desk.new import Logging
    from incidentbook.desk.proposals import Proposals
    from incidentbook.intake.report import Report
    from incidentbook.similarity import Known

_PROPOSED = ("category", "impact", "urgency", "team", "channel")
"""The channel comes last: one that is only taken must not choose a routing rule."""
_REQUIRED = ("title", "category", "impact", "urgency")
_KNOWN = 2
"""How many of each sort are told where nobody asked."""


@dataclass(frozen=True)
class Desk:
    """One incident being logged."""

    session: Session
    hand: Hand
    logging: Logging

    def take(self, report: Report) -> int:
        """Ask for what is missing, propose, write and send; 1 where the check finds an error."""
        from incidentbook.intake.report import compose  # noqa: PLC0415

        links = self._links()
        report, known = self._completed(report), None
        # to accept what is proposed is an answer to every question but what is wrong
        answered = self.logging.accept and report.title
        if self.logging.asks and not answered and is_wanting(report, self.session):
            from incidentbook.commands.desk.asking import asked  # noqa: PLC0415

            report, body = asked(self, report, self.logging.body)
        else:
            body = self.logging.body
            report = self._accepted(report) if self.logging.accept else report
            known = self.known(report, body, _KNOWN)
        hints = {} if self.logging.accept else self._hints(report)
        values = compose(report, body, self.session.archive.taxonomy, self.session.now, hints)
        return record(self.session, self.hand, {**values, "links": links}, body, known)

    def proposals(self, report: Report, body: str) -> Proposals:
        """What could be said of it, by rules, services and the past; what is taken where these are silent."""
        from incidentbook.desk.last_resort import with_last_resorts  # noqa: PLC0415
        from incidentbook.desk.proposals import ProposalCase, propose  # noqa: PLC0415
        from incidentbook.intake.report import instant_of  # noqa: PLC0415

        archive: Any = self.session.archive
        case = ProposalCase(
            title=report.title or "",
            summary=report.summary or "",
            symptoms=report.symptoms,
            body=body,
            services=report.services,
            channel=report.channel,
            opened=instant_of(report.opened),
            impact=report.impact,
            urgency=report.urgency,
            team=report.team,
        )
        found = propose(archive, case, self.session.now, archive.cache)
        return with_last_resorts(found, case, archive.taxonomy, self.session.now)

    def known(self, report: Report, body: str, most: int) -> Known:
        """What is known of the like."""
        from incidentbook.similarity import known_for  # noqa: PLC0415

        archive: Any = self.session.archive
        said = (report.title, report.summary, *report.symptoms, body)
        keys = [service.partition("=")[0] for service in report.services]
        return known_for(
            archive,
            text="\n".join(text for text in said if text),
            services=[key for key in keys if archive.taxonomy.service(key)],
            category=report.category,
            cache=archive.cache,
            now=self.session.now,
            most=most,
        )

    def _links(self) -> Mapping[str, Any]:
        from incidentbook.desk.life_links import Ties, link_values  # noqa: PLC0415

        ties = Ties(earlier=self.logging.earlier, parent=self.logging.parent, problem=self.logging.problem)
        return link_values("", {}, ties, self.session.archive)

    def _completed(self, report: Report) -> Report:
        """What follows from who logs it, when, and whom it is given to."""
        from incidentbook.desk.words import known_person, team_of  # noqa: PLC0415
        from incidentbook.source import format_instant  # noqa: PLC0415

        taxonomy = self.session.archive.taxonomy
        if self.hand.by and not report.reporter:
            report = replace(report, reporter=self.hand.who(self.session))
        if self.hand.at is not None and report.opened is None:
            report = replace(report, opened=format_instant(self.hand.time(self.session)))
        if report.owner and taxonomy.person(report.owner) is not None:
            known_person(taxonomy, report.owner, self.hand.time(self.session))
        if report.owner and not report.team:
            report = replace(report, team=team_of(taxonomy, report.owner, self.session.now))
        return report

    def _accepted(self, report: Report) -> Report:
        """What is proposed, where nothing is said; the default channel is no proposal, it counts anyway."""
        for field in _PROPOSED:
            if getattr(report, field) or (field == "channel" and self._default_channel):
                continue
            found = getattr(self.proposals(report, self.logging.body), field)
            if found:
                click.echo(visible_line(f"Accepted {field} {found[0].value}: {found[0].reason}"))
                report = replace(report, **{field: found[0].value})
        return report

    @property
    def _default_channel(self) -> str | None:
        return self.session.archive.taxonomy.settings.defaults.channel

    def _hints(self, report: Report) -> Mapping[str, str]:
        """What is proposed for what is missing, as words beside its flag."""
        if not is_wanting(report, self.session):
            return {}
        proposals = self.proposals(report, self.logging.body)
        best = {field: next(iter(getattr(proposals, field)), None) for field in _PROPOSED}
        return {
            f"--{field}": f"{one.value} ({one.reason}; --accept takes it)"
            for field, one in best.items()
            if one
        }


def is_wanting(report: Report, session: Session) -> bool:
    """Whether something is not said without which no incident is logged."""
    taxonomy = session.archive.taxonomy
    channel = report.channel or taxonomy.settings.defaults.channel or not taxonomy.channels
    needed = [field for field in _REQUIRED if field != "category" or taxonomy.categories]
    return not channel or not all(getattr(report, field) for field in needed)
