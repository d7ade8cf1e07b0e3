"""Finding credentials in text with the detectors of detect-secrets, and hiding them.

The detectors' own patterns decide. What stands before them here is only quick: a text that holds
none of their fixed parts cannot match, and the library, which takes a quarter of a second to
import, is not even loaded. `tests/rules/test_credentials.py` holds the two equal.

Left out on purpose: the high-entropy detectors (commit hashes, request IDs and checksums are
everyday words of an incident record), the detectors of public IP addresses (they are evidence),
and those of Cloudant, SoftLayer and IBM, which take any longer word after `key` for a credential.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import AnyStr, NamedTuple

MASK = "*"
_SHOWN = 4
_LINE_LIMIT = 2_000
"""Some patterns look at each character of a line several times; a longer line is cut there."""

_JWT_TRIES = 200


def _compiled(pattern: AnyStr, flags: int = 0) -> Callable[[], re.Pattern[AnyStr]]:
    """Compile a pattern when it is first asked for: all of them take longer than the check of a file."""
    return cache(lambda: re.compile(pattern, flags))


_KEY_BLOCK = _compiled(r"-----END [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----")
_KEY_BLOCK_LIMIT = 20_000


@dataclass(frozen=True, slots=True, order=True)
class Credential:
    """A stretch of text that is, or looks like, a credential; offsets are half-open.

    `certain` is False where only the word before it says so (`password = ...`). `hidden_end` is
    where what must not be shown ends: a private key reaches beyond the line that names it.
    """

    start: int
    end: int
    what: str
    certain: bool
    hidden_end: int

    def shown(self, text: str) -> str:
        """Write the credential so that its owner knows it and nobody can use it."""
        secret = text[self.start : self.end]
        if not self.certain or len(secret) < 4 * _SHOWN:
            return MASK * 8
        return secret[:_SHOWN] + MASK * 8


class _Text(NamedTuple):
    """A text as UTF-8, and the same in lower case: bytes are searched faster than wide characters."""

    text: bytes
    lowered: bytes


@dataclass(frozen=True, slots=True)
class _Detector:
    """One plugin of the library: what a text must hold at the least, and its patterns.

    `group` is the part of the match that is secret. `by_line` is set where a pattern is only
    safe, or only right, on single lines of bounded length.
    """

    what: str
    possible: Callable[[_Text], bool]
    patterns: Callable[[], tuple[re.Pattern[str], ...]]
    group: int = 0
    by_line: bool = False


def _holds(literal: str) -> Callable[[_Text], bool]:
    sought = literal.encode()
    return lambda text: sought in text.text


def _holds_in_any_case(literal: str) -> Callable[[_Text], bool]:
    sought = literal.encode()
    return lambda text: sought in text.lowered


def _matches(pattern: str) -> Callable[[_Text], bool]:
    # a pattern that begins with a fixed character is an order of magnitude quicker than one that
    # begins with a choice, so alternatives are asked one by one
    compiled = _compiled(pattern.encode())
    return lambda text: compiled().search(text.text) is not None


def _either(*tests: Callable[[_Text], bool]) -> Callable[[_Text], bool]:
    return lambda text: any(test(text) for test in tests)


def _both(one: Callable[[_Text], bool], other: Callable[[_Text], bool]) -> Callable[[_Text], bool]:
    return lambda text: one(text) and other(text)


def _plugin(module: str, name: str) -> Callable[[], tuple[re.Pattern[str], ...]]:
    def patterns() -> tuple[re.Pattern[str], ...]:
        import importlib  # noqa: PLC0415

        plugin = getattr(importlib.import_module(f"detect_secrets.plugins.{module}"), name)
        return tuple(plugin.denylist)

    return cache(patterns)


def _own(*patterns: str) -> Callable[[], tuple[re.Pattern[str], ...]]:
    compiled = [_compiled(pattern) for pattern in patterns]
    return lambda: tuple(pattern() for pattern in compiled)


def _of(
    plugin: Callable[[], tuple[re.Pattern[str], ...]], index: int
) -> Callable[[], tuple[re.Pattern[str], ...]]:
    return lambda: plugin()[index : index + 1]


_AWS = _plugin("aws", "AWSKeyDetector")

_DETECTORS = (
    _Detector("AWS access key", _matches(r"A(?:KIA|SIA|3T[A-Z0-9]|BIA|CCA)[0-9A-Z]{16}"), _of(_AWS, 0)),
    _Detector(
        "AWS secret key",
        _both(_holds_in_any_case("aws"), _matches(r"['\"][0-9a-zA-Z/+]{40}['\"]")),
        _of(_AWS, 1),
        group=1,
        by_line=True,
    ),
    _Detector(
        "Artifactory credential",
        _either(_holds("AKC"), _matches(r"AP[\dA-F][a-zA-Z0-9]{8}")),
        _plugin("artifactory", "ArtifactoryDetector"),
    ),
    _Detector(
        "Azure storage key", _holds("AccountKey="), _plugin("azure_storage_key", "AzureStorageKeyDetector")
    ),
    _Detector(
        "password in an address",
        _matches(r"://[^\s:/@]+:[^\s:/@]+@"),
        _plugin("basic_auth", "BasicAuthDetector"),
        group=1,
    ),
    _Detector(
        "Discord bot token",
        _matches(r"\.[a-zA-Z\d_-]{6}\.[a-zA-Z\d_-]{27}"),
        _plugin("discord", "DiscordBotTokenDetector"),
        by_line=True,
    ),
    _Detector("GitHub token", _matches(r"gh[pousr]_"), _plugin("github_token", "GitHubTokenDetector")),
    _Detector(
        "GitLab token",
        _either(_matches(r"gl(?:pat|dt|ft|soat|rt|cbt|imt|ptt|agent|oas)-"), _holds("GR1348941")),
        _plugin("gitlab_token", "GitLabTokenDetector"),
    ),
    _Detector(
        "Mailchimp key", _matches(r"-us[0-9]"), _plugin("mailchimp", "MailchimpDetector"), by_line=True
    ),
    _Detector("npm token", _holds("_authToken="), _plugin("npm", "NpmDetector"), group=1, by_line=True),
    _Detector("OpenAI token", _holds("T3BlbkFJ"), _plugin("openai", "OpenAIDetector"), by_line=True),
    _Detector(
        "private key",
        _either(_holds("PRIVATE KEY"), _holds("User-Key-File-2")),
        _plugin("private_key", "PrivateKeyDetector"),
    ),
    _Detector("PyPI token", _holds("pypi-Ag"), _plugin("pypi_token", "PypiTokenDetector")),
    _Detector("SendGrid key", _matches(r"SG\.[a-zA-Z0-9_-]{22}\."), _plugin("sendgrid", "SendGridDetector")),
    _Detector(
        "Slack token",
        _either(_holds_in_any_case("xox"), _holds_in_any_case("hooks.slack.com")),
        _plugin("slack", "SlackDetector"),
        by_line=True,
    ),
    _Detector("Square secret", _holds("sq0csp-"), _plugin("square_oauth", "SquareOAuthDetector")),
    _Detector("Stripe key", _holds("k_live_"), _plugin("stripe", "StripeDetector")),
    _Detector(
        "Telegram bot token",
        _matches(r":[0-9A-Za-z_-]{35}"),
        _plugin("telegram_token", "TelegramBotTokenDetector"),
    ),
    _Detector(
        "Twilio key",
        _either(_matches(r"AC[a-z0-9]{32}"), _matches(r"SK[a-z0-9]{32}")),
        _plugin("twilio", "TwilioKeyDetector"),
    ),
    # What the library (1.5) does not know yet, each by its vendor's own description of the form.
    _Detector("GitHub token", _holds("github_pat_"), _own(r"github_pat_[A-Za-z0-9_]{50,}")),
    _Detector("npm token", _holds("npm_"), _own(r"\bnpm_[A-Za-z0-9]{36}\b")),
    _Detector(
        "Slack token",
        _either(_holds("xapp-"), _holds("xoxe")),
        _own(r"\b(?:xapp-\d-|xoxe(?:\.xox[bp])?-\d-)[A-Za-z0-9-]{20,}"),
    ),
    _Detector("Google API key", _holds("AIza"), _own(r"\bAIza[0-9A-Za-z_-]{35}")),
    _Detector(
        "private key",
        _either(_holds("ENCRYPTED PRIVATE KEY"), _holds("User-Key-File-3")),
        _own(r"BEGIN ENCRYPTED PRIVATE KEY", r"PuTTY-User-Key-File-3"),
    ),
)
"""The detectors that are used; each is asked only about a text that holds its fixed part."""

_TOKEN_CHARACTERS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-\\/+")
_TOKENS = bytes(ord("x") if byte in _TOKEN_CHARACTERS else ord(" ") for byte in range(256))
_LONG_TOKEN = b"x" * 25
"""The shortest that any detector below asks for: a GitLab token, its prefix counted."""

_LONG = _compiled(
    rb"A(?:C[a-z0-9]{32}|Iza)|S(?:K[a-z0-9]{32}|G\.)|T3BlbkFJ|GR1348941"
    rb"|_(?:live_|pat_|[A-Za-z0-9_]{36})"
    rb"|-(?:us[0-9]|AgE|[A-Za-z0-9_\-\\]{20})"
    rb"|:[0-9A-Za-z_\-]{35}"
    rb"|\.[a-zA-Z\d_\-]{6}\.[a-zA-Z\d_\-]{27}"
    rb"|'[0-9a-zA-Z/+]{40}['\"]|\"[0-9a-zA-Z/+]{40}['\"]"
)
"""What a text must hold for one of the detectors of long tokens to find something.

Every alternative begins with a character that is rare in prose, so that the search skips from one to
the next. Few texts are asked at all: those without a long word are told by a translation and one
search of fixed text, which takes a sixth of the time.
"""

_KEY_FILES = (b"PRIVATE KEY", b"User-Key-File")
_SHORT_IN_ANY_CASE = (b"xox", b"hooks.slack.com")
_SHORT_WITH_A = _compiled(rb"A(?:KIA|SIA|3T|BIA|CCA|KC|P[\dA-F][a-zA-Z0-9]{8}|ccountKey=)")
_ADDRESS = _compiled(rb"://[^\s:/@]+:[^\s:/@]+@")

_JWT_START = "eyJ"
_JWT_TAIL = _compiled(r"[A-Za-z0-9_=-]*")
_KEYWORD = _compiled(
    r"(?:(?:api|auth|service|account|db|database|priv|private|client)_?key"
    r"|(?:db|database|key)_?pass|password|passwd|pwd|secret|contrase[ñn]a)"
    r"\w*[\]'\"]{0,2}\s*(?::|=|!=)",
    re.IGNORECASE,
)
_ASSIGNED = _compiled(rb"(?:key|pass|pwd|secret|contrase)[\w\x80-\xff]*[\]'\"]{0,2}\s*[:=!]")
_KEYWORD_LITERALS = (b"key", b"pass", b"pwd", b"secret", b"contrase")
_UNLIKELY = _compiled(
    r"(?:https?://|/|\./|\d{4}-\d\d-\d\d|(?:INC|PRB|MNT|HND)-\d)"
    r"|.*(?:\*{3}|x{4}|redacted|removed|example|changeme)",
    re.IGNORECASE,
)


def find_credentials(text: str) -> list[Credential]:
    """Return every credential of a text, in order; nested ones once."""
    found: list[Credential] = []
    data = text.encode("utf-8", errors="replace")
    both = _Text(data, data.lower())
    for detector in _DETECTORS if _is_suspicious(both) else ():
        if detector.possible(both):
            found += _asked(detector, text)
    if _JWT_START.encode() in data:
        found += _json_web_tokens(text)
    if any(map(both.lowered.__contains__, _KEYWORD_LITERALS)) and _ASSIGNED().search(both.lowered):
        found += _after_keywords(text)
    return _without_nested(found)


def _is_suspicious(text: _Text) -> bool:
    """Tell whether any detector can find something; False for nearly every record."""
    data, lowered = text
    return (
        (_LONG_TOKEN in data.translate(_TOKENS) and _LONG().search(data) is not None)
        or _SHORT_WITH_A().search(data) is not None
        # a single character is found several times as fast as a word
        or (b"@" in data and _ADDRESS().search(data) is not None)
        or (b"K" in data and any(map(data.__contains__, _KEY_FILES)))
        or b"_authToken=" in data
        or any(map(lowered.__contains__, _SHORT_IN_ANY_CASE))
    )


def hide(text: str) -> str:
    """Return the text with every credential written over, length and lines kept."""
    for credential in find_credentials(text):
        secret = text[credential.start : credential.hidden_end]
        masked = "".join("\n" if character == "\n" else MASK for character in secret)
        text = text[: credential.start] + masked + text[credential.hidden_end :]
    return text


def _asked(detector: _Detector, text: str) -> Iterator[Credential]:
    for pattern in detector.patterns():
        for offset, part in _parts(text) if detector.by_line else ((0, text),):
            for match in pattern.finditer(part):
                group = detector.group if match.re.groups >= detector.group else 0
                start, end = match.span(group)
                if start >= 0 and not _harmless(match.group(group)):
                    yield _credential(text, offset + start, offset + end, detector.what)


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """Lines with their offsets, none longer than the limit; what is longer is cut with an overlap."""
    offset = 0
    for line in text.splitlines(keepends=True):
        for start in range(0, max(len(line), 1), _LINE_LIMIT):
            yield offset + start, line[start : start + _LINE_LIMIT + 300]
        offset += len(line)


def _harmless(secret: str) -> bool:
    """Ask the library's own heuristics: placeholders, counting-up strings and references."""
    from detect_secrets.filters import heuristic  # noqa: PLC0415

    return (
        heuristic.is_templated_secret(secret)
        or heuristic.is_prefixed_with_dollar_sign(secret)
        or heuristic.is_sequential_string(secret)
        or heuristic.is_not_alphanumeric_string(secret)
    )


def _credential(text: str, start: int, end: int, what: str) -> Credential:
    hidden_end = end
    if what == "private key":
        closing = _KEY_BLOCK().search(text, end, end + _KEY_BLOCK_LIMIT)
        hidden_end = closing.start() if closing else text.find("\n\n", end, end + _KEY_BLOCK_LIMIT)
        hidden_end = hidden_end if hidden_end > 0 else min(len(text), end + _KEY_BLOCK_LIMIT)
    return Credential(start, end, what, certain=True, hidden_end=hidden_end)


def _json_web_tokens(text: str) -> Iterator[Credential]:
    from detect_secrets.plugins.jwt import JwtTokenDetector  # noqa: PLC0415

    position = text.find(_JWT_START)
    for _ in range(_JWT_TRIES):
        if position < 0:
            return
        end = position + 1
        for pattern in JwtTokenDetector.denylist:
            match = pattern.match(text, position)
            if match and JwtTokenDetector.is_formally_valid(match.group()):
                # the library's pattern ends before the signature
                tail = _JWT_TAIL().match(text, match.end())
                end = tail.end() if tail else match.end()
                yield Credential(position, end, "JSON web token", certain=True, hidden_end=end)
        position = text.find(_JWT_START, end)


def _after_keywords(text: str) -> Iterator[Credential]:
    """Ask the library's keyword detector about the lines that give a secret-sounding name a value.

    Its patterns take the rest of the line; in a sentence that is prose. So an unquoted value is
    only its first word, and only if that looks like no word of a language.
    """
    for start, line in _parts(text):
        if not _KEYWORD().search(line):
            continue
        from detect_secrets.filters import heuristic  # noqa: PLC0415
        from detect_secrets.plugins import keyword as library  # noqa: PLC0415

        for pattern, group in (
            (library.FOLLOWED_BY_COLON_REGEX, 4),
            (library.FOLLOWED_BY_EQUAL_SIGNS_REGEX, 5),
        ):
            match = pattern.search(line)
            if match is None:
                continue
            quoted = bool(match.group(group - 1))
            value = match.group(group).rstrip() if quoted else (match.group(group).split() or [""])[0]
            value = value if quoted else value.rstrip(".,;:)}]")
            if _is_plausible(value, quoted=quoted) and not heuristic.is_indirect_reference(line[:1000]):
                at = start + match.start(group)
                yield Credential(at, at + len(value), "secret", certain=False, hidden_end=at + len(value))
                break


def _is_plausible(value: str, *, quoted: bool) -> bool:
    if len(value) < 6 or " " in value or _harmless(value) or _UNLIKELY().match(value):
        return False
    return quoted or any(character.isdigit() or character in "!#$%&*+=?@^~" for character in value)


def _without_nested(found: list[Credential]) -> list[Credential]:
    kept: list[Credential] = []
    for credential in sorted(found, key=lambda c: (c.start, -c.hidden_end, not c.certain)):
        if kept and credential.start < max(kept[-1].end, kept[-1].hidden_end):
            continue
        kept.append(credential)
    return kept
