"""What a channel is sent: news in words, each with what tells it from every other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from incidentbook.archive import Records
from incidentbook.notices.notify.inert import Inert, said
from incidentbook.notices.notify.ledger import Slot, digest_of
from incidentbook.notices.notify.news import News, priority_of
from incidentbook.notices.notify.rendering import Templates
from incidentbook.taxonomy.settings.notifications import Channel, MessageFormat

_MOST_IN_DIGEST = 60
_AGAIN = frozenset({"opened", "reopened", "major_declared", "priority_raised", "escalated"})


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one channel.

    `id` is the same whenever this message is made again: a mail carries it as its Message-ID, a webhook as
    its Idempotency-Key. `thread` is the same for all messages of a record, by which a pager joins them;
    `is_over` says that this one ends it. `urgency` is info, warning, failure or success. `moment` is when it
    is sent; None of one that is not.
    """

    id: str
    channel: str
    subject: str
    body: str
    format: MessageFormat
    slots: tuple[Slot, ...]
    news: tuple[Mapping[str, Any], ...]
    thread: str
    is_over: bool = False
    urgency: str = "info"
    fault: str | None = None
    moment: datetime | None = None


@dataclass(frozen=True)
class Wording:
    """What messages are made with. `address` gives the web address of a record for a channel's audience."""

    templates: Templates
    address: Callable[[News, Channel], str | None]
    home: str | None

    def message(self, news: News, channel: Channel, records: Records[Any]) -> Message:
        """Say one thing."""
        values = self._values(news, channel, records)
        names = (news.topic, "due" if news.is_due else "event")
        rendered = self.templates.render(names, channel.format, values)
        return Message(
            id=_id(channel, news.key),
            channel=channel.id,
            subject=rendered.subject,
            body=rendered.body,
            format=channel.format,
            slots=(Slot(news.shard, news.key, channel.id, news.also),),
            news=(_plain_values(news, channel, records, self.address(news, channel)),),
            thread=digest_of("thread", records.taxonomy.settings.name, news.subject),
            is_over=news.is_end,
            urgency=_urgency(news, records),
            fault=rendered.fault,
        )

    def digest(
        self, every: Sequence[News], channel: Channel, records: Records[Any], period: Slot | None = None
    ) -> Message:
        """Say many things in one message; `period` is the slot of the digest itself, where it has one."""
        settings = records.taxonomy.settings
        values = {
            "repository": settings.name,
            "channel": channel.name or channel.id,
            "count": len(every),
            "items": [self._values(news, channel, records) for news in every[:_MOST_IN_DIGEST]],
            "more": max(0, len(every) - _MOST_IN_DIGEST),
            "address": Inert(self.home) if self.home else "",
        }
        rendered = self.templates.render(("digest",), channel.format, values)
        slots = (
            *((period,) if period else ()),
            *(Slot(news.shard, news.key, channel.id, news.also) for news in every),
        )
        return Message(
            id=_id(channel, *([period.key] if period else []), *(news.key for news in every)),
            channel=channel.id,
            subject=rendered.subject,
            body=rendered.body,
            format=channel.format,
            slots=slots,
            news=tuple(_plain_values(news, channel, records, self.address(news, channel)) for news in every),
            thread=digest_of("thread", settings.name, channel.id),
            fault=rendered.fault,
        )

    def _values(self, news: News, channel: Channel, records: Records[Any]) -> dict[str, Any]:
        address = self.address(news, channel)
        names = ("text", "reason", "owner", "team", "from", "to", "by", "code", "status", "score", "calls")
        values: dict[str, Any] = dict.fromkeys((*names, "subject", "standing", "who"), "")
        values |= news.detail
        return values | {
            "repository": records.taxonomy.settings.name,
            "channel": channel.name or channel.id,
            "topic": Inert(news.topic),
            "what": said(news.what, channel.format),
            "record": Inert(news.record.id),
            "kind": Inert(news.record.kind),
            "title": news.title,
            "at": Inert(_time(news.at, records)),
            "do": said(news.do, channel.format),
            "level": Inert(news.level),
            "path": news.path,
            "priority": priority_of(records, news.subject) or "",
            "services": _services(records, news.subject),
            "address": Inert(address) if address else "",
        }


def _id(channel: Channel, *keys: str) -> str:
    return digest_of("message", channel.id, *keys)


def _services(records: Records[Any], subject: str) -> list[str]:
    entry = records.get(subject)
    named = [getattr(one, "service", one) for one in getattr(entry.record, "services", ())] if entry else []
    found = [(records.taxonomy.service(key), key) for key in named]
    return list(dict.fromkeys(service.name if service else key for service, key in found))


def _time(at: datetime | date | None, records: Records[Any]) -> str:
    if isinstance(at, datetime):
        return f"{at.astimezone(records.taxonomy.zone):%Y-%m-%d %H:%M %Z}"
    return at.isoformat() if at else ""


def _urgency(news: News, records: Records[Any]) -> str:
    if news.is_due:
        return "failure" if news.level == "late" else "warning"
    if news.is_end:
        return "success"
    highest = next((one.id for one in records.taxonomy.priorities), None)
    if news.topic in _AGAIN and priority_of(records, news.subject) == highest:
        return "failure"
    return "warning" if news.topic in _AGAIN else "info"


def _plain_values(news: News, channel: Channel, records: Records[Any], address: str | None) -> dict[str, Any]:
    """What a program gets: the words as they are, for it to escape where it shows them."""
    at = news.at.isoformat() if news.at else None
    return {
        "key": _id(channel, news.key),
        "topic": news.topic,
        "due": news.is_due,
        "level": news.level or None,
        "what": news.what,
        "record": news.record.id,
        "kind": news.record.kind,
        "title": news.title,
        "at": at,
        "priority": priority_of(records, news.subject),
        "services": _services(records, news.subject),
        "detail": dict(sorted(news.detail.items())),
        "url": address,
    }
