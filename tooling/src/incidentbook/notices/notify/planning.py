"""Who is to be told what now: one list of messages, before anything is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from incidentbook.archive import Archive
from incidentbook.history import Event
from incidentbook.notices.notify.ledger import Slot, digest_of, shard_of
from incidentbook.notices.notify.mailboxes import mailboxes
from incidentbook.notices.notify.news import News, news_of_events, news_of_wants
from incidentbook.notices.notify.pagers import is_end_now, is_going_on
from incidentbook.notices.notify.sound import sound_settings
from incidentbook.notices.notify.subscriptions import is_wanted
from incidentbook.notices.watch import wanting_attention
from incidentbook.publication import Published, publish, publish_events
from incidentbook.records import Audience
from incidentbook.taxonomy import Taxonomy
from incidentbook.taxonomy.settings.notifications import Channel, Digest

_AUDIENCES = (Audience.PUBLIC, Audience.INTERNAL)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one channel is to be told, in the order in which it happened; `records` are what it may read.

    `ends` are those of incidents of which a pager is told if it was told of the incident before.
    """

    channel: Channel
    records: Published
    news: tuple[News, ...]
    ends: tuple[News, ...] = ()


def deliveries(archive: Archive, events: Sequence[Event], now: datetime | None) -> tuple[Delivery, ...]:
    """Hold what happened, and with `now` what is due, against the subscriptions of every channel.

    A channel whose audience is neither public nor internal is told nothing. What is due is for people who
    can do something about it: the public is not told of it.
    """
    settings = sound_settings(archive)
    asked = {Audience.INTERNAL, *(channel.audience for channel in settings.channels)}
    published = {audience: publish(archive, audience) for audience in _AUDIENCES if audience in asked}
    found = {audience: _news(records, events, now) for audience, records in published.items()}
    told = []
    for channel in settings.channels:
        wanted = [one for one in settings.subscriptions if channel.id in one.channels]
        if channel.audience in published and wanted:
            inside = published[Audience.INTERNAL]
            records, every = published[channel.audience], found[channel.audience]
            news = _once([one for one in every if is_wanted(one, wanted, inside)])
            if channel.pager:
                news = tuple(one for one in news if is_going_on(one, records))
                ends = _once([one for one in every if is_end_now(one, records)])
                told.append(Delivery(channel, records, news, ends))
                continue
            told += [
                Delivery(mailbox, records, mine)
                for mailbox, mine in mailboxes(channel, news, inside, archive.taxonomy)
            ]
    return tuple(told)


def _news(records: Published, events: Sequence[Event], now: datetime | None) -> tuple[News, ...]:
    happened = news_of_events(publish_events(events, records), records)
    if now is None or records.audience is Audience.PUBLIC:
        return tuple(happened)
    return (*happened, *news_of_wants(wanting_attention(records, now), records))


def _once(news: Sequence[News]) -> tuple[News, ...]:
    return tuple({one.key: one for one in news}.values())


def period_slot(channel: Channel, now: datetime, taxonomy: Taxonomy) -> Slot:
    """The slot of a channel's digest: one for each day or hour of the repository's zone, or each moment."""
    local = now.astimezone(taxonomy.zone)
    period = {
        Digest.DAILY: f"{local:%Y-%m-%d}",
        Digest.HOURLY: f"{local:%Y-%m-%dT%H%z}",
    }.get(channel.digest or Digest.EACH_RUN, now.isoformat())
    return Slot(shard_of(f"digest {channel.id}"), digest_of("digest", channel.id, period), channel.id)


def by_slot(delivery: Delivery) -> Mapping[Slot, News]:
    """The news of a delivery by their slots in the ledger."""
    return {Slot(one.shard, one.key, delivery.channel.id, one.also): one for one in delivery.news}


def slots(found: Sequence[Delivery]) -> Iterator[Slot]:
    """Every slot of some deliveries."""
    for delivery in found:
        yield from by_slot(delivery)
