"""Credentials are found where the library's detectors find them, and are shown nowhere."""

from __future__ import annotations

import importlib
import random
import re
import string
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rules.material import INCIDENT, CheckFiles, change

from incidentbook.rules import credentials
from incidentbook.rules.credentials import find_credentials, hide

RANDOM = random.Random(20261120)


def made_up(alphabet: str, length: int) -> str:
    return "".join(RANDOM.choice(alphabet) for _ in range(length))


ALNUM = string.ascii_letters + string.digits
LOWER = string.ascii_lowercase + string.digits
UPPER = string.ascii_uppercase + string.digits
HEX = "0123456789abcdef"

# Put together at run time, so that no scanner takes this file for a leak.
SAMPLES = {
    "AWS access key": "AKIA" + made_up(UPPER, 16),
    "AWS secret key": "aws_secret_key = '" + made_up(ALNUM + "/+", 40) + "'",
    "Artifactory credential": " AKC" + made_up(ALNUM, 60) + " ",
    "Azure storage key": "AccountKey=" + made_up(ALNUM + "+/", 86) + "==",
    "password in an address": "https://deploy:" + made_up(ALNUM, 12) + "@host.example/x",
    "Discord bot token": "M" + made_up(ALNUM, 23) + "." + made_up(ALNUM, 6) + "." + made_up(ALNUM, 27),
    "GitHub token": "ghp_" + made_up(ALNUM, 36),
    "GitHub token, fine": "github_pat_" + made_up(ALNUM, 82),
    "GitLab token": "glpat-" + made_up(ALNUM, 20),
    "Mailchimp key": made_up(HEX, 32) + "-us12",
    "npm token": "//registry.example/:_authToken=npm_" + made_up(ALNUM, 36),
    "npm token, bare": "npm_" + made_up(ALNUM, 36),
    "OpenAI token": "sk-" + made_up(ALNUM, 20) + "T3BlbkFJ" + made_up(ALNUM, 20),
    "private key": "-----BEGIN RSA PRIVATE"
    + " KEY-----\n"
    + made_up(ALNUM, 64)
    + "\n-----END RSA PRIVATE KEY-----",
    "private key, encrypted": "-----BEGIN ENCRYPTED PRIVATE" + " KEY-----\n" + made_up(ALNUM, 64),
    "PyPI token": "pypi-AgEIcHlwaS5vcmc" + made_up(ALNUM, 80),
    "SendGrid key": "SG." + made_up(ALNUM, 22) + "." + made_up(ALNUM, 43),
    "Slack token": "xoxb-123456789012-" + made_up(LOWER, 24),
    "Slack token, hook": "https://hooks.slack.com/services/T"
    + made_up(UPPER, 8)
    + "/B"
    + made_up(UPPER, 8)
    + "/"
    + made_up(ALNUM, 24),
    "Slack token, app": "xapp-1-A" + made_up(UPPER, 10) + "-1234567890123-" + made_up(HEX, 40),
    "Square secret": "sq0csp-" + made_up(ALNUM, 43),
    "Stripe key": "sk_live_" + made_up(ALNUM, 24),
    "Telegram bot token": "110201543:" + made_up(ALNUM, 35),
    "Twilio key": "SK" + made_up(HEX, 32),
    "Google API key": "AIza" + made_up(ALNUM, 35),
    "JSON web token": "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiJkZXBsb3kifQ." + made_up(ALNUM, 43),
    "secret": "db_password = 'h4rb0ur-s1de'",
    "secret, in YAML": "password: h4rb0ur-s1de",
    "secret, in a sentence": "we used password: h4rb0ur-s1de, which was wrong",
}

HARMLESS = [
    "The password: see the vault.",
    "Password reset failed for 40 users; the secret is to wait.",
    "password = ${DB_PASSWORD}",
    "password: <your password>",
    "password: ********",
    "api_key: see INC-2026-0042",
    "secret: vault/prod/checkout",
    "token=$GITHUB_TOKEN",
    "https://dashboards.example/d/abc?from=1&to=2 and duty@shop.example",
    "commit 3b18e512dba79e4c8300dd08aeb37f8e728b8dad",
    "request 7f9c24e8-3b12-4a6f-9d1c-0e8b7a6c5d4e",
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "The APPLICATION and its APIs; ACCESS WAS SLOW; ASIAN customers; SKU 12345",
    "https://user:${PASSWORD}@host.example/",
    "ssh -i key.pem user@host.example:2222",
    "at 13:55:02+00:00 and 2026-11-20T13:55:02.123456+00:00",
    "the key: three of the five workers died",
]


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("around", ["{}", "Text before {} and after.", "line\n  {}\nline", "é漢字 {} é"])
def test_finds(name: str, around: str) -> None:
    text = around.format(SAMPLES[name])
    found = find_credentials(text)
    assert [credential.what for credential in found] == [name.partition(",")[0]]


@pytest.mark.parametrize("text", HARMLESS)
def test_leaves_alone(text: str) -> None:
    assert find_credentials(text) == []


@pytest.mark.parametrize("name", SAMPLES)
def test_hides_all_of_it_and_nothing_else(name: str) -> None:
    text = f"before\n{SAMPLES[name]}\nafter"
    hidden = hide(text)
    (credential,) = find_credentials(text)
    assert text[credential.start : credential.end] not in hidden
    assert len(hidden) == len(text)
    assert [len(line) for line in hidden.split("\n")] == [len(line) for line in text.split("\n")]
    assert hidden.startswith("before\n")
    if credential.what != "private key":
        assert hidden.endswith("\nafter")
    assert find_credentials(hidden) == []


def test_a_private_key_is_hidden_to_its_end() -> None:
    body = "\n".join(made_up(ALNUM, 64) for _ in range(20))
    text = f"see\n-----BEGIN OPENSSH PRIVATE{' '}KEY-----\n{body}\n-----END OPENSSH PRIVATE KEY-----\nthanks"
    hidden = hide(text)
    assert not any(line in hidden for line in body.split("\n"))
    assert hidden.endswith("-----END OPENSSH PRIVATE KEY-----\nthanks")


fragments = st.sampled_from(
    [*SAMPLES.values(), *HARMLESS, "AKIA", "xoxb-1-a", "://a:b@", "ghp_", "eyJ", " ", "\n"]
)
noise = st.text(alphabet=ALNUM + " \n.:/@_-='\"é\u0130\u017f\u212a", max_size=60)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(fragments, noise), max_size=6).map("".join))
def test_what_stands_before_the_detectors_hides_nothing_from_them(text: str) -> None:
    data = text.encode()
    both = credentials._Text(data, data.lower())
    for detector in credentials._DETECTORS:
        if any(pattern.search(line) for pattern in detector.patterns() for line in text.split("\n")):
            assert detector.possible(both), detector.what
            assert credentials._is_suspicious(both), detector.what


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(["password", "Api_Key", "db_pass", "contrase\u00f1a", "'", ": ", "=", "]"]), noise
        )
    )
)
def test_what_stands_before_the_keywords_hides_nothing_from_them(parts: list[str]) -> None:
    text = "".join(parts)
    lowered = text.encode().lower()
    if any(credentials._KEYWORD().search(line) for line in text.split("\n")):
        assert any(literal in lowered for literal in credentials._KEYWORD_LITERALS)
        assert credentials._ASSIGNED().search(lowered)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(fragments, noise), max_size=6).map("".join))
def test_hiding_leaves_nothing_to_find(text: str) -> None:
    hidden = hide(text)
    for credential in find_credentials(text):
        assert text[credential.start : credential.end] not in hidden[credential.start : credential.end]


def test_a_clean_text_never_loads_the_library() -> None:
    text = INCIDENT.encode()
    assert not credentials._is_suspicious(credentials._Text(text, text.lower()))
    for detector in credentials._DETECTORS:
        assert not detector.possible(credentials._Text(text, text.lower())), detector.what


@pytest.mark.parametrize(
    "evil",
    [
        "eyJ" * 100_000,
        "//" * 100_000 + ":_authToken=",
        "password=" * 40_000,
        "://a:" * 80_000,
        "xoxb-" + "1-" * 100_000,
        "a" * 400_000 + "-us1",
        "sk-" + "A" * 300_000 + "T3BlbkFJ",
        "\n".join("key: 'x" for _ in range(40_000)),
        "M" * 300_000 + "." + "a" * 6 + "." + "b" * 27,
        "-----BEGIN RSA PRIVATE" + " KEY-----\n" * 3_000,
    ],
)
def test_no_text_takes_long(evil: str) -> None:
    start = time.perf_counter()
    find_credentials(evil)
    assert time.perf_counter() - start < 10


def test_every_detector_of_the_library_is_used_or_left_out_on_purpose() -> None:
    folder = Path(importlib.import_module("detect_secrets.plugins").__path__[0])
    source = Path(credentials.__file__).read_text(encoding="utf-8")
    used = set(re.findall(r'_plugin\("(\w+)"', source)) | {"jwt", "keyword"}
    present = {path.stem for path in folder.glob("*.py")} - {"__init__", "base"}
    left_out = {"cloudant", "high_entropy_strings", "ibm_cloud_iam", "ibm_cos_hmac", "ip_public", "softlayer"}
    assert present == used | left_out


@pytest.mark.parametrize("place", ["field", "body", "attachment"])
def test_no_message_tells_the_secret(check_files: CheckFiles, place: str) -> None:
    token = SAMPLES["GitHub token"]
    record = INCIDENT
    files = {}
    if place == "field":
        record = change(INCIDENT, f"title: Leaked {token}\nimpact: {token}\nx-{token}: 1\n{token}: 1")
    elif place == "body":
        record = INCIDENT + f"\n{token}\n"
    else:
        files["incidents/2026/INC-2026-0001/app.log"] = f"{token}\n"
    result = check_files({"incidents/2026/INC-2026-0001.md": record, **files})
    assert any(d.code.startswith("credential") for d in result.diagnostics)
    assert not any(token in f"{d.message}{d.help}" for d in result.diagnostics)
    assert not any(token[8:20] in f"{d.message}{d.help}" for d in result.diagnostics)
