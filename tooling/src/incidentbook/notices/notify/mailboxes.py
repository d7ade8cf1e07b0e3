"""Who gets the mails of a channel: the addresses that it lists, stakeholders, and whoever is called."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from incidentbook.archive import Records
from incidentbook.clocks import on_call
from incidentbook.notices.notify.ledger import digest_of
from incidentbook.notices.notify.news import News
from incidentbook.notices.notify.subscriptions import is_of_major
from incidentbook.records import Incident
from incidentbook.taxonomy import Taxonomy, stakeholders_of
from incidentbook.taxonomy.settings.notifications import CALLED, STAKEHOLDERS, Channel, ChannelKind

_Mailbox = tuple[str, str]
"""An address, and what whoever reads there is called."""


def mailboxes(
    channel: Channel, news: tuple[News, ...], records: Records[Any], taxonomy: Taxonomy
) -> tuple[tuple[Channel, tuple[News, ...]], ...]:
    """Part the news of a channel among those who get its mails; of any other channel it stays one.

    Each gets mails of their own, as a channel of its own to the ledger: nobody sees who else is told, or of
    what, and whom the server refuses is tried again without the others. `records` are all that people of
    the organisation may read, for who is told is decided by more than what they are told; `taxonomy` is the
    archive's own.
    """
    if channel.kind is not ChannelKind.MAIL or not channel.to:
        return ((channel, news),)
    groups = [one for one in channel.to if one in _GROUPS]
    listed = _listed(channel)
    known = set(listed)
    found: dict[str, tuple[Channel, list[News]]] = {}
    for one in news:
        for address, name in _found(one, groups, records, taxonomy):
            if _folded(address) not in known:
                own = found.setdefault(_folded(address), (_channel_of(channel, address, name), []))
                own[1].extend([one] if one not in own[1] else [])
    own_mails = ((mailbox, tuple(mine)) for mailbox, mine in found.values())
    return (*((mailbox, news) for mailbox in listed.values()), *own_mails)


_GROUPS = frozenset({STAKEHOLDERS, CALLED})


def is_mailbox(channel: Channel) -> bool:
    """Whether it stands for one of the many who read at a channel; no key in a file has a slash."""
    return "/" in channel.id


def server_of(channel: str) -> str:
    """The key, as the file has it, of the channel that a mailbox is one of: they share its mail server."""
    return channel.partition("/")[0]


def _listed(channel: Channel) -> dict[str, Channel]:
    """The addresses that stand in the file, each with its channel; their place tells them apart."""
    addresses = [one for one in channel.to if one not in _GROUPS]
    name = channel.name or channel.id
    found: dict[str, Channel] = {}
    for place, address in enumerate(addresses, start=1):
        called = f"{name}, address {place}" if len(addresses) > 1 else name
        found.setdefault(_folded(address), _channel_of(channel, address, called))
    return found


def _folded(address: str) -> str:
    return address.strip().casefold()


def _channel_of(channel: Channel, address: str, name: str) -> Channel:
    # the ledger keeps the key and no address
    id_ = f"{channel.id}/{digest_of('mailbox', _folded(address))[:8]}"
    return replace(channel, id=id_, name=name, to=(address,))


def _found(
    news: News, groups: Sequence[str], records: Records[Any], taxonomy: Taxonomy
) -> Iterator[_Mailbox]:
    if STAKEHOLDERS in groups:
        yield from _stakeholders(news, records, taxonomy)
    if CALLED in groups and news.calls is not None:
        yield from _called(news.calls, news.at, taxonomy)


def _stakeholders(news: News, records: Records[Any], taxonomy: Taxonomy) -> Iterator[_Mailbox]:
    entry = records.get(news.subject)
    record = entry.record if entry is not None else None
    if isinstance(record, Incident) and is_of_major(news, record):
        for one in stakeholders_of(record, taxonomy):
            if one.email:
                yield one.email, one.name


def _called(key: str, at: object, taxonomy: Taxonomy) -> Iterator[_Mailbox]:
    """A person; of a team who was on call for it then, else the team.

    By the time of the call, not of the run: a run that is repeated finds the same person.
    """
    team = taxonomy.team(key)
    duty = on_call(taxonomy, team.id, at) if team is not None and isinstance(at, datetime) else None
    person = taxonomy.person(duty.who if duty is not None else key) if team is None or duty else None
    if person is not None and person.emails:
        yield person.emails[0], person.name or person.handle
    elif team is not None and team.email:
        yield team.email, team.name
