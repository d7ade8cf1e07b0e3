"""One run: what is to be told is claimed in the ledger, sent, and concluded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from itertools import groupby

from incidentbook.notices.notify.ledger import Claim, Ledger, Slot, UnsharedError
from incidentbook.notices.notify.ledger_lines import Standing
from incidentbook.notices.notify.mailboxes import is_mailbox, server_of
from incidentbook.notices.notify.messages import Message, Wording
from incidentbook.notices.notify.planning import Delivery, by_slot, period_slot
from incidentbook.notices.notify.senders import NotSentError, Sender
from incidentbook.notices.notify.sending import Batch, Outcome, send_all
from incidentbook.taxonomy.settings.notifications import Channel


class State(StrEnum):
    """What became, or would become, of one message."""

    SENT = "sent"
    FAILED = "failed"
    NOT_TRIED = "not tried"
    UNKNOWN = "unknown"
    TAKEN = "another run has it"
    WOULD_SEND = "would send"


TROUBLE = frozenset({State.FAILED, State.NOT_TRIED, State.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Row:
    """One message of the report: what it says in one line, of which records, and why it stands so."""

    channel: str
    state: State
    subject: str
    records: tuple[str, ...]
    reason: str = ""
    message: Message | None = None


@dataclass
class Report:
    """What a run did. `gathered` and `already` count, by channel, what waits and what was sent before.

    `names` says who reads at a mailbox that stands for one of a channel's many, and `unshared` why no
    other clone knows what was sent.
    """

    rows: list[Row] = field(default_factory=list)
    gathered: dict[str, int] = field(default_factory=dict)
    already: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    unshared: str | None = None

    @property
    def has_trouble(self) -> bool:
        """Whether somebody has to look: something failed, or nobody knows whether it arrived."""
        return any(row.state in TROUBLE for row in self.rows)


MOST_AT_ONCE = 30
"""So many messages one run sends to one channel; more, as after an import, are gathered into one.

A pager is sent each: of many things in one alert nobody could say when it is over.
"""

Open = Callable[[Channel], Sender]


@dataclass(frozen=True)
class Telling:
    """What a run is to do: which deliveries, in whose words, by which ledger.

    `moment` is when the run is, for the periods of digests; `again` says that what is unknown is sent again.
    """

    wording: Wording
    ledger: Ledger
    moment: datetime
    timeout: float
    digest: bool = False
    again: bool = False

    def preview(self, found: Sequence[Delivery]) -> Report:
        """Say what would be sent, by what the ledger here knows. Nothing is opened, sent or written."""
        report = Report()
        for delivery in self._chosen(self._with_ends(found), report):
            known = self.ledger.standings(by_slot(delivery))
            claim = Claim(tuple(slot for slot in known if self._is_free(known[slot])), (), known)
            self._note(delivery, claim, report)
            for message in self._messages(delivery, claim, report):
                report.rows.append(_row(message, State.WOULD_SEND))
        return report

    def run(self, found: Sequence[Delivery], open_channel: Open) -> Report:
        """Send what is new, and write down what became of it, also where the run is stopped half way."""
        report = Report()
        found = self._with_ends(found)
        senders = dict(self._opened(self._chosen(found, report), open_channel, report))
        ready = [delivery for delivery in found if delivery.channel.id in senders]
        claimed: list[Slot] = []
        try:
            batches = _batches(self._claimed(ready, report, claimed), senders)
        except BaseException:
            # nothing was sent yet, and none of it is unknown
            with suppress(UnsharedError):
                self.ledger.conclude(dict.fromkeys(claimed, False))
            raise
        in_messages = {slot for batch in batches for one in batch.messages for slot in one.slots}
        outcomes = dict.fromkeys((slot for slot in claimed if slot not in in_messages), False)
        try:
            for result in send_all(batches, self.timeout):
                report.rows.append(_row(result.message, _STATES[result.outcome], result.reason))
                if result.outcome is not Outcome.UNKNOWN:
                    outcomes |= dict.fromkeys(result.message.slots, result.outcome is Outcome.SENT)
        finally:
            try:
                self.ledger.conclude(outcomes)
            except UnsharedError as error:
                report.unshared = str(error)
        return report

    def _with_ends(self, found: Sequence[Delivery]) -> tuple[Delivery, ...]:
        """Add the ends of what pagers were told of; the ledger knows, whatever they would be told of now."""
        ends = [by_slot(replace(one, news=one.ends)) for one in found]
        every = [slot for by in ends for slot in by]
        told = self.ledger.told(every) if every else frozenset()
        return tuple(
            replace(one, news=(*one.news, *(news for slot, news in by.items() if slot in told)))
            for one, by in zip(found, ends, strict=True)
        )

    def _chosen(self, found: Sequence[Delivery], report: Report) -> Iterator[Delivery]:
        """Those that this run is for: channels with a digest are told by `--digest`, and no other is."""
        for delivery in found:
            channel = delivery.channel
            if not delivery.news:
                continue
            if is_mailbox(channel) and channel.name:
                report.names[channel.id] = channel.name
            if (bool(channel.digest) and not channel.pager) is self.digest:
                yield delivery
            elif not self.digest:
                report.gathered[channel.id] = len(delivery.news)

    def _opened(
        self, found: Iterator[Delivery], open_channel: Open, report: Report
    ) -> Iterator[tuple[str, Sender]]:
        for delivery in found:
            try:
                sender = open_channel(delivery.channel)
                if sender.keeps_alerts and not delivery.channel.pager:
                    report.faults.append(
                        f"channel `{delivery.channel.id}` leads to a pager and lacks `pager: true` in "
                        "schema/notifications.yml; nobody closes its alerts"
                    )
                yield delivery.channel.id, sender
            except NotSentError as error:
                records = tuple(sorted({news.record.id for news in delivery.news}))
                report.rows.append(
                    Row(delivery.channel.id, State.FAILED, "the whole channel", records, str(error))
                )

    def _claimed(
        self, ready: Sequence[Delivery], report: Report, claimed: list[Slot]
    ) -> Iterator[tuple[Delivery, tuple[Message, ...]]]:
        """What is ours to send, by channel; one claim for all that is sent at once."""
        if not ready:
            return
        if self.digest:
            ready = [delivery for delivery in ready if self._has_period(delivery, report, claimed)]
        every = [slot for delivery in ready for slot in by_slot(delivery)]
        claim = self.ledger.claim(every, again=self.again) if every else Claim((), (), {})
        claimed += claim.mine
        for delivery in ready:
            mine = _of(claim, delivery.channel.id)
            self._note(delivery, mine, report)
            yield delivery, tuple(self._messages(delivery, mine, report))

    def _has_period(self, delivery: Delivery, report: Report, claimed: list[Slot]) -> bool:
        """Claim the digest of the period, unless there is nothing new to say in it."""
        known = self.ledger.standings(by_slot(delivery))
        if not any(self._is_free(standing) for standing in known.values()):
            self._note(delivery, Claim((), (), known), report)
            return False
        period = period_slot(delivery.channel, self.moment, delivery.records.taxonomy)
        claim = self.ledger.claim([period], again=self.again)
        if claim.mine:
            claimed += claim.mine
            return True
        if claim.known[period] is Standing.UNKNOWN:
            report.rows.append(Row(delivery.channel.id, State.UNKNOWN, "the digest", (), _INTERRUPTED))
        else:
            report.gathered[delivery.channel.id] = len(delivery.news)
        return False

    def _is_free(self, standing: Standing) -> bool:
        return standing in (Standing.NEW, Standing.FAILED) or (self.again and standing is Standing.UNKNOWN)

    def _note(self, delivery: Delivery, claim: Claim, report: Report) -> None:
        """Report what is not sent: what was before, what another run has, what is unknown."""
        news = by_slot(delivery)
        sent = sum(claim.known[slot] is Standing.SENT for slot in news)
        if sent:
            report.already[delivery.channel.id] = sent
        for slot, one in news.items():
            line = f"{one.record.id} {one.what}"
            if slot in claim.taken:
                report.rows.append(Row(slot.channel, State.TAKEN, line, (one.record.id,)))
            elif claim.known[slot] is Standing.UNKNOWN and not self.again:
                report.rows.append(Row(slot.channel, State.UNKNOWN, line, (one.record.id,), _INTERRUPTED))

    def _messages(self, delivery: Delivery, claim: Claim, report: Report) -> Iterator[Message]:
        channel, records = delivery.channel, delivery.records
        mine = set(claim.mine)
        news = [one for slot, one in by_slot(delivery).items() if slot in mine]
        if self.digest and news:
            period = period_slot(channel, self.moment, records.taxonomy)
            messages = [self.wording.digest(news, channel, records, period)]
        elif len(news) > MOST_AT_ONCE and not channel.pager:
            messages = [self.wording.digest(news, channel, records)]
        else:
            messages = [self.wording.message(one, channel, records) for one in news]
        for message in messages:
            if message.fault and message.fault not in report.faults:
                report.faults.append(message.fault)
            yield replace(message, moment=self.moment)


_INTERRUPTED = (
    "a run did not learn whether this arrived, or is sending it now; `--resend-unknown` sends it again"
)
_STATES = {
    Outcome.SENT: State.SENT,
    Outcome.FAILED: State.FAILED,
    Outcome.NOT_TRIED: State.NOT_TRIED,
    Outcome.UNKNOWN: State.UNKNOWN,
}


def _row(message: Message, state: State, reason: str = "") -> Row:
    records = tuple(dict.fromkeys(str(one["record"]) for one in message.news))
    return Row(message.channel, state, message.subject, records, reason, message)


def _batches(
    claimed: Iterable[tuple[Delivery, tuple[Message, ...]]], senders: Mapping[str, Sender]
) -> list[Batch]:
    """Each channel by itself; the mailboxes of one share a server, which few let in many times at once."""
    shared: dict[str, list[Message]] = {}
    for delivery, messages in claimed:
        shared.setdefault(server_of(delivery.channel.id), []).extend(messages)
    return [
        Batch({one.channel: senders[one.channel] for one in messages}, tuple(messages))
        for messages in shared.values()
        if messages
    ]


def _of(claim: Claim, channel: str) -> Claim:
    return Claim(
        tuple(slot for slot in claim.mine if slot.channel == channel),
        tuple(slot for slot in claim.taken if slot.channel == channel),
        {slot: standing for slot, standing in claim.known.items() if slot.channel == channel},
    )


def by_channel(rows: Sequence[Row]) -> Mapping[str, tuple[Row, ...]]:
    """The rows of a report by channel."""
    ordered = sorted(rows, key=lambda row: row.channel)
    return {key: tuple(group) for key, group in groupby(ordered, key=lambda row: row.channel)}
