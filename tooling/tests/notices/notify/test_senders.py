"""Senders before real servers on loopback, Apprise's among them."""

from __future__ import annotations

import dataclasses
import socket
from collections.abc import Iterator
from typing import Any

import apprise.plugins.pagerduty as pagerduty
import pytest

from incidentbook.notices.notify.ledger import Slot
from incidentbook.notices.notify.messages import Message
from incidentbook.notices.notify.senders import NotSentError, Sender, UncertainError, open_channel
from incidentbook.notices.notify.sending import Batch, Outcome, send_all
from incidentbook.taxonomy.settings.notifications import Channel, ChannelKind, MessageFormat
from noticebed import Mailbox, Receiver, free_port, mail_server, receiver

MESSAGE = Message(
    id="0123456789",
    channel="chat",
    subject="INC-2026-0001 Opened: <Checkout>",
    body="Carts survive.\nPriority: P1",
    format=MessageFormat.TEXT,
    slots=(Slot("x", "k", "chat"),),
    news=(),
    thread="abcdef",
)
MAIL: Any = {"kind": ChannelKind.MAIL, "to": ("b@c.invalid",), "sender": "a@b.invalid"}


@pytest.fixture
def hook() -> Iterator[Receiver]:
    with receiver() as found:
        yield found


def opened(address: str, timeout: float = 0.4, **more: object) -> Sender:
    channel = Channel(id="chat", url_from="CHAT", **more)  # type: ignore[arg-type]
    return open_channel(channel, {"CHAT": address}, timeout)


def test_apprise_delivers_to_a_chat(hook: Receiver) -> None:
    assert opened(f"mmost://127.0.0.1:{hook.port}/token").send(MESSAGE) == ""
    assert "Carts survive." in hook.got[0].body["text"]
    assert "INC-2026-0001" in hook.got[0].body["text"]


def test_apprise_tells_a_refusal_from_a_stall_from_a_closed_door(hook: Receiver) -> None:
    sender = opened(f"json://127.0.0.1:{hook.port}/token")
    hook.status = 403
    with pytest.raises(NotSentError) as refused:
        sender.send(MESSAGE)
    assert not refused.value.hopeless
    hook.stall = True
    with pytest.raises(UncertainError):
        sender.send(MESSAGE)
    hook.stall, hook.status = False, 200
    assert sender.send(MESSAGE) == ""
    with pytest.raises(NotSentError) as closed:
        opened(f"json://127.0.0.1:{free_port()}/token").send(MESSAGE)
    assert closed.value.hopeless


@pytest.mark.parametrize("status", [500, 502, 504])
def test_an_answer_of_a_machine_on_the_way_is_no_refusal(hook: Receiver, status: int) -> None:
    hook.status = status
    with pytest.raises(UncertainError, match=f"answers {status}, and may have it"):
        opened(f"json://127.0.0.1:{hook.port}/token").send(MESSAGE)
    keyed = opened(hook.url, kind=ChannelKind.WEBHOOK)
    # a program that answers itself knows by the key what it has
    with pytest.raises(NotSentError if status == 500 else UncertainError):
        keyed.send(MESSAGE)


def test_of_several_places_or_parts_nobody_knows_which_have_it(hook: Receiver) -> None:
    two = f"mmost://127.0.0.1:{hook.port}/token?channels=one,two"
    sender = opened(two)
    sender._service.request_rate_per_sec = 0  # type: ignore[attr-defined]
    hook.first = [200, 403]
    with pytest.raises(UncertainError, match="not arrive everywhere"):
        sender.send(MESSAGE)
    assert [one.body["channel"] for one in hook.got] == ["one", "two"]
    with pytest.raises(NotSentError, match="no connection"):
        opened(two.replace(str(hook.port), str(free_port()))).send(MESSAGE)
    long = dataclasses.replace(MESSAGE, body="Down.\n" * 1000)
    parted = opened(f"mmost://127.0.0.1:{hook.port}/token?overflow=split")
    parted._service.request_rate_per_sec = 0  # type: ignore[attr-defined]
    hook.first = [200, 403]
    with pytest.raises(UncertainError, match="not all of it"):
        parted.send(long)


def test_neither_a_host_nor_a_message_says_that_there_was_no_connection(
    hook: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = socket.getaddrinfo

    def known(host: str, *more: Any, **named: Any) -> Any:
        return found("127.0.0.1" if host == "resolver.example" else host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", known)
    sender = opened(f"json://resolver.example:{hook.port}/resolve")
    told = dataclasses.replace(MESSAGE, body="Socket Exception: (Caused by NewConnectionError(x)")
    hook.stall = True
    with pytest.raises(UncertainError, match="no answer"):
        sender.send(told)
    hook.stall, hook.status = False, 403
    with pytest.raises(NotSentError, match="refuses it"):
        sender.send(told)


@pytest.mark.parametrize("path", ["a b", "\x7f", "ä"])
def test_an_address_with_what_none_may_have_is_told_before_anything_is_sent(
    hook: Receiver, path: str
) -> None:
    with pytest.raises(NotSentError, match="CHAT holds an address with a character") as refused:
        opened(f"{hook.url}/{path}", kind=ChannelKind.WEBHOOK).send(MESSAGE)
    assert refused.value.hopeless
    assert hook.got == []


def test_a_pager_joins_the_messages_of_a_record_and_closes_with_it(
    hook: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not opened(f"json://127.0.0.1:{hook.port}").keeps_alerts
    for region in pagerduty.PAGERDUTY_API_LOOKUP:
        monkeypatch.setitem(pagerduty.PAGERDUTY_API_LOOKUP, region, hook.url)
    sender = opened(f"pagerduty://{'a' * 32}@{'b' * 20}")
    monkeypatch.setattr(sender._service, "request_rate_per_sec", 0)  # type: ignore[attr-defined]
    assert sender.keeps_alerts
    sender.send(MESSAGE)
    sender.send(dataclasses.replace(MESSAGE, is_over=True))
    bodies = [one.body for one in hook.got]
    assert [one["event_action"] for one in bodies] == ["trigger", "resolve"]
    assert {one["dedup_key"] for one in bodies} == {"incidentbook-abcdef"}


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        (ChannelKind.APPRISE, "no address at all"),
        (ChannelKind.APPRISE, "nosuchservice://secret-word"),
        (ChannelKind.WEBHOOK, "ftp://secret-word.example"),
        (ChannelKind.WEBHOOK, "https://host:port-secret-word/"),
        (ChannelKind.MAIL, "https://secret-word.example"),
        (ChannelKind.MAIL, ""),
    ],
)
def test_an_address_that_is_none_is_told_without_being_shown(
    kind: ChannelKind, address: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(NotSentError) as refused:
        opened(address, kind=kind, to=("b@c.invalid",), sender="a@b.invalid")
    assert refused.value.hopeless
    shown = str(refused.value) + caplog.text + "".join(capfd.readouterr())
    assert "secret-word" not in shown
    assert "CHAT" in shown


def test_a_webhook_follows_no_redirect_and_keeps_its_password_out_of_the_address(hook: Receiver) -> None:
    hook.status = 302
    address = f"http://user:p%40ss@127.0.0.1:{hook.port}/x"
    with pytest.raises(NotSentError, match="302"):
        opened(address, kind=ChannelKind.WEBHOOK).send(MESSAGE)
    assert len(hook.got) == 1
    assert hook.got[0].headers["Authorization"] == "Basic dXNlcjpwQHNz"


@pytest.mark.parametrize("to", ["none", "a@b.invalid\nBcc: c@d.invalid", "@", "a@b.invalid, c@d.invalid"])
def test_a_mailbox_is_one_address(to: str) -> None:
    with pytest.raises(NotSentError, match="an address of `to`"):
        opened("smtp://127.0.0.1", **{**MAIL, "to": (to,)})


def test_a_mail_server_that_refuses_is_told_from_one_that_is_not_there() -> None:
    box: Mailbox
    with mail_server() as box:
        box.refused.add("b@c.invalid")
        with pytest.raises(NotSentError, match="refuses the address: 450"):
            opened(box.url, **MAIL).send(MESSAGE)
        with pytest.raises(NotSentError, match="does not let us in"):
            opened(box.url.replace("//", "//user:pw@"), **MAIL).send(MESSAGE)
        with pytest.raises(NotSentError, match="does not let us in"):
            # a server that knows no STARTTLS is not given a mail in the clear
            opened(f"{box.url}?starttls=yes", **MAIL).send(MESSAGE)
        assert box.got == []
    with pytest.raises(NotSentError, match="no connection"):
        opened(f"smtp://127.0.0.1:{free_port()}", **MAIL).send(MESSAGE)


class _Slow:
    """A sender that hangs where no time of its own ends it."""

    pause = 0.0
    keeps_alerts = False

    def __init__(self, ticks: list[float]) -> None:
        self.ticks = ticks
        self.sent: list[str] = []

    def send(self, message: Message) -> str:
        self.sent.append(message.id)
        while len(self.sent) == 1 and self.ticks[0] < 1000:
            pass
        return ""


def test_a_channel_that_hangs_is_given_up_and_sends_nothing_more() -> None:
    ticks = [0.0]

    def clock() -> float:
        ticks[0] += 0.5
        return ticks[0]

    slow = _Slow(ticks)
    messages = tuple(dataclasses.replace(MESSAGE, id=str(number)) for number in range(3))
    results = list(send_all([Batch({"chat": slow}, messages)], 1.0, clock))
    ticks[0] = 2000.0
    assert [one.outcome for one in results] == [Outcome.UNKNOWN, Outcome.NOT_TRIED, Outcome.NOT_TRIED]
    assert slow.sent == ["0"]


def test_a_fault_of_a_library_is_one_channels() -> None:
    class Broken:
        pause = 0.0
        keeps_alerts = False

        def send(self, message: Message) -> str:
            raise ZeroDivisionError("secret-word")

    (result,) = send_all([Batch({"chat": Broken()}, (MESSAGE,))], 1.0)
    assert (result.outcome, result.reason) == (Outcome.UNKNOWN, "it broke down: ZeroDivisionError")
