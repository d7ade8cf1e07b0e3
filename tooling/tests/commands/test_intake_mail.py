"""`incidentbook intake mail`: a mail is a report, an answer goes to its record, machines are left alone."""

from __future__ import annotations

import email
import email.policy
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidentbook.intake.errors import IntakeError
from incidentbook.intake.mail import read_mail, reply_to
from incidentbook.intake.mail_text import without_quotes, without_signature
from intakebed import HOSTILE, findings, incident, repository_with_remote
from testbed import MakeRepository, Outcome, RunCli, git

ID = "INC-2026-0001"
PATH = f"incidents/2026/{ID}.md"
PLAIN = """\
From: "Guest, the seventh" <guest-7@example.invalid>
To: help@harbourline.example
Subject: Checkout does nothing
Date: Fri, 20 Nov 2026 11:50:00 +0000
Message-ID: <one@example.invalid>
Content-Type: text/plain; charset=utf-8

The button does nothing since noon.

> is this a quotation? It is a first mail, so it stays.

-- \n\
The seventh guest
"""
ANSWER = """\
From: guest-7@example.invalid
Subject: Re: Checkout does nothing
Message-ID: <two@example.invalid>
In-Reply-To: <one@example.invalid>

Now it is slow, too.

On Fri, 20 Nov 2026 at 12:00, Help <help@harbourline.example>
wrote:
> Thank you.
"""


@pytest.fixture
def root(make_repository: MakeRepository) -> Path:
    return make_repository()


def take_in(run_cli: RunCli, root: Path, mail: str | bytes, *options: str | Path) -> Outcome:
    path = root.parent / "message.eml"
    path.write_bytes(mail.encode() if isinstance(mail, str) else mail)
    outcome = run_cli("intake", "mail", path, *options, repo=root)
    assert outcome.code == 0, outcome
    return outcome


def test_the_whole_record(root: Path, run_cli: RunCli) -> None:
    outcome = take_in(run_cli, root, PLAIN)
    assert (
        (root / PATH).read_text()
        == """\
---
# yaml-language-server: $schema=../../schema/json/incident.schema.json
title: Checkout does nothing
status: new
symptoms:
  - The button does nothing since noon.
services:
  - {service: checkout, state: degraded_performance}
category: application
impact: medium
urgency: medium
opened: 2026-11-20T12:00+00:00
reporter:
  name: Guest, the seventh <guest-7@example.invalid>
origin:
  system: mail
  id: <one@example.invalid>
---
```text
The button does nothing since noon.

> is this a quotation? It is a first mail, so it stays.
```
"""
    )
    assert findings(root) == []
    assert (
        "to be told to guest-7@example.invalid" in outcome.out
        and f"logged as {ID}, priority P3" in outcome.out
    )
    assert "here already" in take_in(run_cli, root, PLAIN).out


def test_an_answer_goes_to_its_record_once(root: Path, run_cli: RunCli) -> None:
    take_in(run_cli, root, PLAIN)
    for _ in range(2):
        take_in(run_cli, root, ANSWER)
    (step,) = incident(root).steps
    assert "Now it is slow, too." in step.text and "Thank you" not in step.text
    take_in(run_cli, root, ANSWER.replace("two@", "three@").replace("In-Reply-To", "References"))
    tagged = ANSWER.replace("two@", "four@").replace("In-Reply-To", "X-Nothing")
    take_in(run_cli, root, tagged.replace("Re: ", f"Re: [{ID}] "))
    assert len(incident(root).steps) == 3 and len(list(root.glob("incidents/*/*.md"))) == 1
    take_in(run_cli, root, tagged.replace("four@", "five@"))
    assert incident(root, "INC-2026-0002").title == "Checkout does nothing"
    assert findings(root) == []


def test_the_tag_reaches_no_record_that_a_mail_did_not_open(root: Path, run_cli: RunCli) -> None:
    outcome = run_cli(
        "new", "--title", "x", "--category", "application", "--impact", "low", "--urgency", "low",
        "--channel", "phone", repo=root,
    )  # fmt: skip
    assert outcome.code == 0
    before = (root / PATH).read_bytes()
    take_in(run_cli, root, PLAIN.replace("Subject: ", f"Subject: [{ID}] "))
    assert (root / PATH).read_bytes() == before and incident(root, "INC-2026-0002")


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Precedence: bulk",
        "Return-Path: <>",
        "List-Unsubscribe: <mailto:x@example.invalid>",
    ],
)
def test_machines_are_left_alone(root: Path, run_cli: RunCli, header: str) -> None:
    assert "no person wrote it" in take_in(run_cli, root, f"{header}\n{PLAIN}").out
    assert not (root / "incidents").exists()


def test_a_mail_of_many_parts(root: Path, run_cli: RunCli) -> None:
    html = (
        "<style>p{}</style><p>Line &amp; one<br>two</p><script>alert(1)</script>"
        "<blockquote>quoted</blockquote><img src=x onerror=alert(1)>"
    )
    mail = f"""\
From: =?utf-8?q?J=C3=B6rg?= <two@example.invalid>
Subject: =?utf-8?b?S2Fzc2Ugc3RlaHQ=?=
Message-ID: <parts@example.invalid>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=B

--B
Content-Type: text/html; charset=iso-8859-1

{html}
--B
Content-Type: application/x-sh; name="../../evil.sh"
Content-Disposition: attachment; filename="../../evil.sh"
Content-Transfer-Encoding: base64

cm0gLXJmIC8=
--B--
"""
    take_in(run_cli, root, mail)
    text = (root / PATH).read_text()
    found = incident(root)
    assert found.title == "Kasse steht"
    assert found.reporter is not None and found.reporter.handle == "duty-two", "the address is in people.yml"
    assert "Line & one\ntwo" in text and "> quoted" in text and "../../evil.sh (8 bytes)" in text
    assert "alert(1)" not in text and "<" not in text.split("---\n", 2)[2]
    assert [path.name for path in root.rglob("*") if "evil" in path.name] == []


@pytest.mark.parametrize(
    "mail",
    [
        b"From: a@example.invalid\nSubject: " + b"x" * 10_000 + b"\n\nText",
        b"From: a@example.invalid\nSubject: "
        + HOSTILE.replace("\n", " ").encode("utf-8", "surrogatepass")
        + b"\n\nx",
        b"From: a@example.invalid\nSubject: one\n two\r\n\tBcc: all@example.invalid\n\n"
        b"---\nstatus: closed\n---\n",
        b"From: <<<@@@>>>\nSubject: =?x-nobody?q?=FF?=\n"
        b"Content-Type: text/plain; charset=x-nobody\n\n\xff\xfe",
        b"From: =?utf-8?q?=0A?= <a@example.invalid\nSubject: a\nContent-Type: multipart/mixed\n\nno boundary",
        b"From: a@example.invalid\nSubject: a\nContent-Transfer-Encoding: base64\n\n!!!!",
        b"From: a@example.invalid\nSubject: \n\n",
        b"From: a@example.invalid\nSubject: a\nMessage-ID: <a`b$(id)>\nReferences: "
        + b"<x@y> " * 5000
        + b"\n\n"
        + b"`" * 50,
    ],
)
def test_hostile_mails_stay_words(root: Path, run_cli: RunCli, mail: bytes, tmp_path: Path) -> None:
    reply = tmp_path / "reply.eml"
    outcome = take_in(run_cli, root, mail, "--reply", reply)
    assert "\x1b" not in outcome.out
    assert findings(root) == []
    assert incident(root).status == "new" and len(incident(root).title) <= 160
    if reply.exists():
        answer = email.message_from_bytes(reply.read_bytes(), policy=email.policy.default)
        assert set(answer.keys()) <= {
            "To", "From", "Subject", "In-Reply-To", "References", "Auto-Submitted", "MIME-Version",
            "Content-Type", "Content-Transfer-Encoding",
        }  # fmt: skip
        assert answer["Auto-Submitted"] == "auto-replied" and f"[{ID}]" in answer["Subject"]


GUEST = '"Guest, the seventh" <guest-7@example.invalid>'


@pytest.mark.parametrize(
    ("sender", "reporter", "to"),
    [
        ('"two@example.invalid via Support" <evil@example.test>', "via Support <evil@", "evil@example.test"),
        ("=?utf-8?q?two=40example.invalid?= <evil@example.test>", "<evil@", "evil@example.test"),
        (
            "=?utf-8?q?=22x=22_=3Ctwo=40example.invalid=3E?= <evil@example.test>",
            "<evil@",
            "evil@example.test",
        ),
        ("Guest (two@example.invalid) <evil@example.test>", "<evil@example.test>", "evil@example.test"),
        ("two@example.invalid <evil@example.test>", "two@example.invalid <evil@example.test>", None),
        ("two@example.invalid, evil@example.test", "two@example.invalid, evil@", None),
        ("two@example.invalid\nFrom: evil@example.test", "two@example.invalid", None),
        ("=?utf-8?q?Evil=0D=0ABcc:_x@y?=", "Evil", None),
        ("=?utf-8?q?two=40example.invalid?=", "=?utf-8?q?two=40", None),
        ("Team: two@example.invalid, evil@example.test;", "Team", None),
    ],
)
def test_the_sender_is_who_the_grammar_of_the_header_names(
    root: Path, run_cli: RunCli, sender: str, reporter: str, to: str | None
) -> None:
    """Names hold addresses too: of another, for whom the answer and the handle would be taken."""
    reply = root.parent / "reply.eml"
    outcome = take_in(run_cli, root, PLAIN.replace(GUEST, sender), "--reply", reply)
    found = incident(root).reporter
    assert found is not None and found.handle is None and reporter in (found.name or "")
    assert "\n" not in (found.name or "")
    if to is None:
        assert "nobody to answer" in outcome.out and not reply.exists()
    else:
        answer = email.message_from_bytes(reply.read_bytes(), policy=email.policy.default)
        assert (answer["To"], answer["Bcc"]) == (to, None)


def test_reply_to_says_where_the_answer_goes_and_not_who_wrote(root: Path, run_cli: RunCli) -> None:
    outcome = take_in(run_cli, root, f"Reply-To: <two@example.invalid>\n{PLAIN}")
    found = incident(root).reporter
    assert found is not None and (found.handle, found.name) == (None, GUEST.replace('"', ""))
    assert "to be told to two@example.invalid" in outcome.out


@pytest.mark.parametrize("data", [b"", b"no mail at all", b"\x00\x01\x02", b"x: y\n\ntext"])
def test_what_is_no_mail_is_refused(root: Path, run_cli: RunCli, data: bytes) -> None:
    path = root.parent / "message.eml"
    path.write_bytes(data)
    outcome = run_cli("intake", "mail", path, repo=root)
    assert outcome.code == 2 and outcome.err.count("\n") == 1 and "From and Subject" in outcome.err


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_mail_is_read_or_refused(data: st.DataObject) -> None:
    whole = bytearray((PLAIN + ANSWER).encode() if data.draw(st.booleans()) else PLAIN.encode())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(whole)))
        whole[at : at + data.draw(st.integers(0, 20))] = data.draw(
            st.binary(max_size=12)
            | st.sampled_from(
                [
                    b"\nFrom: ",
                    b"=?utf-8?q?=0a?=",
                    b"\n\n",
                    b";charset=\xff",
                    b'"<@:;,[]>"',
                    b"\r\n ",
                    b"\n--B\n",
                ]
            )
        )
    try:
        mail = read_mail(bytes(whole), "message.eml")
    except IntakeError as error:
        assert "\n" not in str(error)
        return
    for text in (mail.title, mail.text, mail.name, mail.address, mail.id, *mail.answers, *mail.attachments):
        text.encode()
    assert "\n" not in mail.title + mail.id + mail.address
    message = reply_to(mail, ID, "help@harbourline.example", None, is_new=True)
    if message is not None:
        message.as_bytes(policy=email.policy.SMTP)


def test_signatures_and_quotations() -> None:
    assert without_signature("Text\n-- \nMe") == "Text"
    assert without_signature("a\n-- \n" + "line\n" * 40) == "a\n-- \n" + "line\n" * 40, "too long for one"
    assert without_signature("-- \nall") == "-- \nall"
    assert without_quotes("Yes.\n\nAm 20.11.2026 um 12:00 schrieb Hilfe:\n> a\nrest") == "Yes."
    assert without_quotes("Yes.\n\nFrom: Help\nSent: today\nTo: me\n\nold") == "Yes."
    assert without_quotes("> a\nIn between.\n> b\nAnd below.") == "In between.\nAnd below."
    assert without_quotes("> all\n> quoted") == "> all\n> quoted"
    assert without_quotes("On the whole it is bad:\nvery") == "On the whole it is bad:\nvery"


def test_a_mail_on_a_branch_is_found_again(tmp_path: Path, run_cli: RunCli) -> None:
    root = repository_with_remote(tmp_path)
    take_in(run_cli, root, PLAIN, "--push")
    take_in(run_cli, root, ANSWER, "--push")
    (branch,) = git(root, "for-each-ref", "--format=%(refname:short)", "refs/remotes/origin/intake").split()
    assert git(root, "rev-list", "--count", f"main..{branch}").strip() == "2"
    assert not (root / "incidents").exists()
