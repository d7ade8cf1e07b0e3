"""Addresses come in without what lets others in."""

from __future__ import annotations

import pytest

from incidentbook.intake.addresses import bare_address, web_address, without_secrets
from incidentbook.intake.alerts.alert import Alert
from incidentbook.intake.alerts.systems import SYSTEMS
from intakebed import alertmanager, pingdom


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://user:secret@host.example/p?token=abc", "https://host.example/p"),
        ("https://user:se@cret@host.example/p", "https://host.example/p"),
        ("https://host.example/d?orgId=1&apiKey=a&tab=2", "https://host.example/d?orgId=1&tab=2"),
        ("https://host.example/d?access_token=a#/x?X-Amz-Signature=b&y=1", "https://host.example/d#/x?y=1"),
        ("https://host.example/#access_token=a", "https://host.example/"),
        ("https://host.example/?%74oken=a&auth[key]=b;sessionId=c", "https://host.example/"),
        ("http://host.example/graph?g0.expr=tokens%3E1&monkey=1", "http://host.example/graph?g0.expr=tokens%3E1&monkey=1"),
        ("https://host.example/a@b?x=c@d", "https://host.example/a@b?x=c@d"),
        ("javascript:alert(1)", None),
        ("https://a b", None),
        (5, None),
    ],
)  # fmt: skip
def test_an_address_keeps_what_leads_there(given: object, kept: str | None) -> None:
    assert web_address(given) == kept


def test_what_is_watched_keeps_neither_query_nor_fragment() -> None:
    assert bare_address("https://u:p@host.example/path?id=7#part") == "https://host.example/path"
    assert bare_address("nothing") is None


def test_addresses_in_texts_lose_their_users_and_tokens() -> None:
    said = "GET https://u:p@a.example/x?token=t failed; amqp://u:p@b.example:5672 (x@y) too"
    assert without_secrets(said) == "GET https://a.example/x failed; amqp://b.example:5672 (x@y) too"


def _alert(payload: object) -> Alert:
    system = next(system for system in SYSTEMS if system.knows(payload))
    (found,) = system.read(payload)
    assert isinstance(found, Alert)
    return found


def test_no_alert_brings_the_password_of_what_it_watches() -> None:
    watched = "https://user:hunter2@shop.example/path?token=hunter2"
    check = pingdom()
    check["check_params"]["full_url"] = watched
    check["long_description"] = f"GET {watched} answered 503"
    probe = alertmanager(instance=watched, summary=f"Probe of {watched} fails")
    for found in (_alert(check), _alert(probe)):
        assert "hunter2" not in repr(found)
        assert "https://shop.example/path" in repr(found)
