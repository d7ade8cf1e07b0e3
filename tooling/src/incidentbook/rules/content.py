"""What must not stand in a record, whoever may read it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from incidentbook.diagnostics import Severity
from incidentbook.rules.cases import RecordCase, RepositoryCase, text_span
from incidentbook.rules.credentials import Credential
from incidentbook.rules.registry import EVERY_KIND, Finding, record_rule, repository_rule

_REVOKE = "revoke it now (whoever can read the repository has it, and so has its history), then remove it"

# Direction overrides and isolates reorder what one sees (CVE-2021-42574); the rest moves a terminal's
# cursor or hides in a word.
_HIDDEN = re.compile(
    "[\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f]"
)
_VISIBLE = bytes((*range(0x20, 0x7F), *b"\t\r\n"))
_CONFLICT = re.compile(r"^(?:(<{7}) |(={7})\r?$|(>{7}) )", re.MULTILINE)
_MARKUP = re.compile(r"<\s*[/!]?[a-zA-Z][^>]*>?")


@record_rule(Severity.ERROR, kinds=EVERY_KIND, unreadable=True)
def credential(case: RecordCase[Any]) -> Iterator[Finding]:
    """A record holds a key, token or password.

    ## What it does

    Searches every field and the body with the detectors of detect-secrets: private keys; access
    keys and tokens of AWS, Artifactory, Azure, Discord, GitHub, GitLab, Google, Mailchimp, npm,
    OpenAI, PyPI, SendGrid, Slack, Square, Stripe, Telegram and Twilio; JSON web tokens; passwords
    in addresses. What was found is never printed whole.

    The detectors of high entropy are left out: commit hashes, request IDs and checksums are
    everyday words of an incident record.

    ## Why it matters

    Whoever can read the repository can read its files, in every old revision too. Removing the line
    does not help; only revoking the key does.

    ## Example

    ```markdown
    The job ran as https://deploy:h4rb0ur-s1de@repo.example/shop.git all the time.
    ```

    ## Use instead

    ```markdown
    The job ran with the deploy account's password in its address all the time; it is revoked.
    ```
    """
    for found in case.credentials:
        if found.certain:
            yield Finding(case.text_span(found.start, found.end), _message(found, case.text), _REVOKE)


@record_rule(Severity.WARNING, kinds=EVERY_KIND, unreadable=True)
def possible_credential(case: RecordCase[Any]) -> Iterator[Finding]:
    """Something that is called a password or key is given a value.

    ## What it does

    Finds values behind names such as `password`, `secret` or `api_key`, with the keyword detector of
    detect-secrets. In running text only a single word counts, and only if it looks like no word of
    a language; placeholders such as `<password>` or `${TOKEN}` do not count.

    ## Why it matters

    It is mostly a real one, copied from a terminal. It is a warning, because a name proves nothing.

    ## Example

    ```markdown
    Sign in with password: h4rb0ur-s1de and restart the job.
    ```

    ## Use instead

    ```markdown
    Sign in with the password from the vault and restart the job.
    ```
    """
    for found in case.credentials:
        if not found.certain:
            yield Finding(case.text_span(found.start, found.end), _message(found, case.text), _REVOKE)


@record_rule(Severity.ERROR, kinds=EVERY_KIND, unreadable=True)
def conflict_marker(case: RecordCase[Any]) -> Iterator[Finding]:
    """A conflict of a merge was committed as it stood.

    ## What it does

    Finds the lines by which Git and our merge driver set apart what two sides say: `<<<<<<<`, `=======`
    and `>>>>>>>`, each at the beginning of a line.

    ## Why it matters

    Readers see both versions and the markers between them, and in front matter the record can no longer
    be read at all. Git does not keep anybody from committing them.

    ## Example

    ```markdown
    <<<<<<< ours: body
    The pool of connections was too small.
    =======
    The pool of connections was never given back.
    >>>>>>> theirs: body
    ```

    ## Use instead

    ```markdown
    The pool of connections was never given back, and so seemed too small.
    ```
    """
    seen: list[re.Match[str]] = []
    for marker in _CONFLICT.finditer(case.text):
        seen = [marker] if marker[1] else [*seen[:2], marker] if seen else []
        if len(seen) == 3 and seen[1][2] and marker[3]:
            span = case.text_span(*seen[0].span(1))
            yield Finding(
                span, "two versions stand here, with the markers of a merge", "keep what is right of both"
            )
            seen = []


@repository_rule(Severity.ERROR)
def credential_in_file(case: RepositoryCase) -> Iterator[Finding]:
    """An attachment, or another file beside the records, holds a key, token or password.

    ## What it does

    Searches attachments, files that belong to no record, and the files of schema/, where they are
    text of up to 5 MB, like records. Binary files are not looked into.

    ## Why it matters

    Logs and configuration files are attached whole, and that is where credentials stand.

    ## Example

    ```text incidents/2026/INC-2026-0001/job.log
    13:55 cloning https://deploy:h4rb0ur-s1de@repo.example/shop.git
    ```

    ## Use instead

    ```text incidents/2026/INC-2026-0001/job.log
    13:55 cloning https://deploy@repo.example/shop.git
    ```
    """
    for path, text, found in case.file_credentials:
        if found.certain:
            yield Finding(text_span(path, text, found.start, found.end), _message(found, text), _REVOKE, path)


@repository_rule(Severity.WARNING)
def possible_credential_in_file(case: RepositoryCase) -> Iterator[Finding]:
    """In an attachment, or another file, something that is called a password or key is given a value.

    ## What it does

    Searches the files that `credential-in-file` searches for what `possible-credential` finds.

    ## Why it matters

    Logs and configuration files are attached whole, and that is where passwords stand.

    ## Example

    ```text incidents/2026/INC-2026-0001/settings.txt
    db_password = "h4rb0ur-s1de"
    ```

    ## Use instead

    ```text incidents/2026/INC-2026-0001/settings.txt
    db_password = "${DB_PASSWORD}"
    ```
    """
    for path, text, found in case.file_credentials:
        if not found.certain:
            yield Finding(text_span(path, text, found.start, found.end), _message(found, text), _REVOKE, path)


@record_rule(Severity.WARNING, kinds=EVERY_KIND)
def markup_in_title(case: RecordCase[Any]) -> Iterator[Finding]:
    """A title holds HTML.

    ## What it does

    Finds titles with something that looks like an HTML tag.

    ## Why it matters

    Titles are shown as plain text everywhere, so the reader sees the tag; where a title goes on to
    chat or mail, another program might not be as careful.

    ## Example

    ```yaml
    title: Checkout <b>down</b>  # <- here
    ```

    ## Use instead

    ```yaml
    title: Checkout down
    ```
    """
    title = case.record.title
    match = _MARKUP.search(title) if title else None
    if match:
        yield Finding(
            case.span("title"),
            f"the title holds HTML: `{match.group()[:40]}`",
            "write the title as plain text",
        )


@record_rule(Severity.WARNING, kinds=EVERY_KIND, unreadable=True)
def hidden_character(case: RecordCase[Any]) -> Iterator[Finding]:
    """A record holds characters that nobody sees.

    ## What it does

    Finds control characters, characters that turn the direction of writing, and characters without
    width.

    ## Why it matters

    They make a text read differently from what it says, hide a word from the search, or move a
    terminal's cursor. They come in with what is copied from terminals and web pages.

    ## Example

    ```yaml
    symptoms: ["check\u200bout answers 502"]  # <- here
    ```

    ## Use instead

    ```yaml
    symptoms: ["checkout answers 502"]
    ```
    """
    text = case.text
    if text.isascii() and not text.encode().translate(None, _VISIBLE):
        return  # by far the most; a tenth of the time of the search
    for match in _HIDDEN.finditer(text):
        yield Finding(
            case.text_span(match.start(), match.end()),
            f"the character U+{ord(match.group()):04X} is invisible",
            "delete it",
        )


def _message(found: Credential, text: str) -> str:
    if found.certain:
        return f"this is a credential ({found.what}): `{found.shown(text)}`"
    return f"this looks like a credential: `{found.shown(text)}`"
