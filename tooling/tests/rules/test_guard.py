"""The guards of the automatic merge: whatever is not a new update, or not an answer, is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from rules.material import ARTICLE, INCIDENT, SCHEMA, change

from incidentbook.commands.check import command
from incidentbook.rules.guards.guard import GUARDS, beyond
from incidentbook.taxonomy.settings import Intake
from testbed import CommitAll, git, write_files

ONE = "incidents/2026/INC-2026-0001.md"
FIRST = "  - {id: a, at: 2026-03-02T08:30+00:00, status: investigating, text: We look into it.}"
SECOND = "  - {at: 2026-03-02T08:40+00:00, status: identified, text: It is the roll-out.}"
OPEN = change(
    INCIDENT,
    f"status: in_progress\n# no resolved\n# no closed\n# no closed_by\nupdates:\n{FIRST}\nx-mine: 1",
)
POSTED = change(OPEN, f"updates:\n{FIRST}\n{SECOND}")


BOT = Intake(bot="harbour-bot")


def guarded(root: Path, only: str = "updates", intake: Intake = BOT) -> list[str]:
    return [finding.message for finding in beyond(GUARDS[only], root, "HEAD~1", intake)]


@pytest.fixture
def changed(tmp_path: Path, commit_all: CommitAll) -> Callable[..., list[str]]:
    def judge(
        after: dict[str, str],
        *,
        before: str = OPEN,
        prefix: str = "",
        only: str = "updates",
        intake: Intake = BOT,
    ) -> list[str]:
        files = {**SCHEMA, ONE: before, "knowledge/articles/drain.md": ARTICLE}
        write_files(tmp_path, {prefix + path: text for path, text in files.items()} | {"Makefile": "all:\n"})
        commit_all(tmp_path, "Before")
        write_files(tmp_path, after)
        commit_all(tmp_path, "After")
        return guarded(tmp_path / prefix, only, intake)

    return judge


def test_an_update_passes(changed: Callable[..., list[str]]) -> None:
    assert changed({ONE: POSTED}) == []


def test_the_first_update_passes(changed: Callable[..., list[str]]) -> None:
    assert changed({ONE: change(OPEN, f"updates:\n{FIRST}")}, before=change(OPEN, "# no updates")) == []


def test_an_update_in_a_subfolder_passes(changed: Callable[..., list[str]]) -> None:
    assert changed({f"ops/{ONE}": POSTED}, prefix="ops/") == []


THIRD = """  - at: 2026-03-02T08:50+00:00
    status: monitoring
    text: |
      # no comment, but text
      It holds."""
WROTE = "the change writes `{}` anew, or puts a comment below it"
UNREAD = "the change touches comments, anchors or tags in `updates`"
AROUND = "the change touches lines above or below the fields"


@pytest.mark.parametrize(
    ("was", "is_", "said"),
    [
        ("impact: low", 'impact: "low"', [WROTE.format("impact")]),
        ("impact: low", "impact: low # see https://example.invalid", [WROTE.format("impact")]),
        ("impact: low\n", "impact: low\n\n", [WROTE.format("impact")]),
        ("impact: low\n", "impact: low\n# a remark\n", [WROTE.format("impact")]),
        ("impact: low\nurgency: low\n", "urgency: low\nimpact: low\n", None),
        ("---\n", "---\n# a remark\n", [AROUND]),
        ("---\n", "--- \n", ["the incident cannot be read"]),
        ("x-mine: 1\n", "x-mine: 1\n...\n", None),
        ("impact: low", '"impact": low', None),
        (SECOND, SECOND + " # a remark", [UNREAD]),
        (SECOND, f"  # a remark\n{SECOND}", [UNREAD]),
        (SECOND, f"{SECOND}\n# a remark", [UNREAD]),
        (SECOND, f"{SECOND}\n  - # a remark{THIRD.removeprefix('  -')}", None),
        (SECOND, f"{SECOND}\n{THIRD.replace('|', '| # a remark')}", [UNREAD]),
        (SECOND, f"{SECOND}\n{THIRD.replace('|', '&remark |')}", [UNREAD]),
        (SECOND, f"{SECOND}\n{THIRD.replace('|', '!remark |')}", None),
        (FIRST, FIRST.replace("investigating", '"investigating"'), None),
        (FIRST, FIRST.replace("{id", "{ id"), ["the change writes updates anew that were there"]),
        (SECOND, f"{SECOND}\n{THIRD}", []),
    ],
)
def test_what_no_value_shows_is_refused(
    was: str, is_: str, said: list[str] | None, changed: Callable[..., list[str]]
) -> None:
    assert was in POSTED
    found = changed({ONE: POSTED.replace(was, is_, 1)})
    assert found == said if said is not None else found


def test_other_line_ends_are_refused(changed: Callable[..., list[str]]) -> None:
    assert changed({ONE: POSTED.replace("\n", "\r\n")})


def test_an_update_between_remarks_that_were_there_passes(changed: Callable[..., list[str]]) -> None:
    before = OPEN.replace("updates:\n", "updates: # newest last\n").replace(FIRST, f"{FIRST}\n  # the end")
    after = before.replace(FIRST, f"{FIRST}\n{THIRD}")
    assert changed({ONE: after}, before=before) == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ("impact: high", "the change touches `impact`"),
        ("x-mine: 1.0", "the change touches `x-mine`"),
        ("x-mine: true", "the change touches `x-mine`"),
        ("x-more: 1", "the change touches `x-more`"),
        ("# no x-mine", "the change touches `x-mine`"),
        ("visibility: public", "the change touches `visibility`"),
        ("services: []", "the change touches `services`"),
        ("waivers: [{rule: missing-category, reason: no}]", "the change touches `waivers`"),
        ("status: resolved", "the incident is not open, but `resolved`"),
        ("status: on_hold", "the change touches `status`"),
        (f"updates:\n{SECOND}", "the change touches an update that was there, or puts one before it"),
        (
            f"updates:\n{SECOND}\n{FIRST}",
            "the change touches an update that was there, or puts one before it",
        ),
        (
            f"updates:\n{FIRST.replace('}', ', visibility: public}')}\n{SECOND}",
            "the change touches an update that was there, or puts one before it",
        ),
        ("updates: []", "the change removes an update"),
        ("# no updates", "the change removes an update"),
        ("updates: {a: b}", "`updates` is no list"),
    ],
)
def test_anything_else_is_refused(fields: str, said: str, changed: Callable[..., list[str]]) -> None:
    assert said in changed({ONE: change(POSTED, fields)})


def test_a_key_that_stands_twice_is_refused(changed: Callable[..., list[str]]) -> None:
    assert changed({ONE: POSTED.replace("---\n", "---\nimpact: high\n", 1)}) == [
        "the incident cannot be read"
    ]


def test_the_text_below_is_refused(changed: Callable[..., list[str]]) -> None:
    assert changed({ONE: POSTED + "More.\n"}) == ["the change touches the text below the fields"]


def test_an_incident_that_is_over_is_refused(changed: Callable[..., list[str]]) -> None:
    before = change(INCIDENT, f"updates:\n{FIRST}")
    found = changed({ONE: change(before, f"updates:\n{FIRST}\n{SECOND}")}, before=before)
    assert found == ["the incident is not open, but `closed`"]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("Makefile", "the change is not to an incident"),
        (".github/workflows/own.yml", "the change adds a file"),
        ("schema/incidentbook.yml", "the change is not to an incident"),
        ("schema/json/own.json", "the change adds a file"),
        ("knowledge/articles/drain.md", "the change is not to an incident"),
        ("incidents/2026/INC-2026-0001/graph.png", "the change adds a file"),
        ("incidents/2025/INC-2026-0001.md", "the change adds a file"),
        ("incidents/2026/.INC-2026-0001.md", "the change adds a file"),
        (".gitattributes", "the change adds a file"),
        (".gitmodules", "the change adds a file"),
    ],
)
def test_any_other_file_is_refused(path: str, said: str, changed: Callable[..., list[str]]) -> None:
    assert changed({ONE: POSTED, path: "x: 1\n"}) == [said]


def test_a_file_above_the_records_is_refused(changed: Callable[..., list[str]]) -> None:
    assert changed({f"ops/{ONE}": POSTED, "Makefile": "evil:\n"}, prefix="ops/") == [
        "the change is not to an incident"
    ]


def test_a_file_that_goes_is_refused(
    tmp_path: Path, changed: Callable[..., list[str]], commit_all: CommitAll
) -> None:
    changed({ONE: POSTED})
    (tmp_path / "Makefile").unlink()
    git(tmp_path, "commit", "--quiet", "--all", "--amend", "--no-edit")
    assert guarded(tmp_path) == ["the change removes a file"]


def test_a_mode_and_a_link_are_refused(tmp_path: Path, changed: Callable[..., list[str]]) -> None:
    changed({ONE: POSTED})
    (tmp_path / ONE).chmod(0o755)
    git(tmp_path, "config", "core.fileMode", "false")
    assert guarded(tmp_path) == ["the change turns the file into another sort of file"]
    (tmp_path / ONE).unlink()
    (tmp_path / ONE).symlink_to("../../Makefile")
    assert "the change turns the file into another sort of file" in guarded(tmp_path)


def test_what_is_committed_counts_though_the_disk_is_clean(
    tmp_path: Path, changed: Callable[..., list[str]], commit_all: CommitAll
) -> None:
    changed({ONE: POSTED, "Makefile": "evil:\n"})
    write_files(tmp_path, {"Makefile": "all:\n"})
    assert guarded(tmp_path) == ["the change is not to an incident"]


def test_what_is_on_disk_counts_though_nothing_is_committed(
    tmp_path: Path, changed: Callable[..., list[str]]
) -> None:
    changed({ONE: POSTED})
    write_files(tmp_path, {"notes.txt": "new\n"})
    assert guarded(tmp_path) == ["the change adds a file"]


def test_a_submodule_is_refused(
    tmp_path: Path, changed: Callable[..., list[str]], commit_all: CommitAll
) -> None:
    other = tmp_path.parent / "other"
    write_files(other, {"a": "b"})
    commit_all(other)
    changed({ONE: POSTED})
    git(
        tmp_path,
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "add",
        "--quiet",
        str(other),
        "incidents/other",
    )
    git(tmp_path, "config", "diff.ignoreSubmodules", "all")
    git(tmp_path, "commit", "--quiet", "--amend", "--no-edit")
    assert guarded(tmp_path) == ["the change adds a file", "the change adds a file"]


RESOLVED = change(INCIDENT, "status: resolved\n# no closed\n# no closed_by\n# no confirmation")
CLOSED = change(INCIDENT, "# no satisfaction")
YES = "confirmation: {confirmed: true, at: 2026-03-03T12:00+00:00, by: guest}"
RATED = "satisfaction: {score: 5, comment: Quick.}"
SILENCE = """\
status: closed
closed: 2026-03-13T05:27+00:00
closed_by: harbour-bot
confirmation: {confirmed: false, at: 2026-03-13T05:27+00:00}"""

AGREED = change(RESOLVED, YES)
AFTER_YES = "status: closed\nclosed: 2026-03-03T12:00+00:00\nclosed_by: harbour-bot"


def merged(*fields: str) -> str:
    """Fields of which a later one takes the place of an earlier one."""
    return change("---\n" + fields[0] + "\n---\n", "\n".join(fields[1:]))[4:-5]


def test_the_command_takes_each_guard_by_its_name() -> None:
    only = next(option for option in command.params if option.name == "only")
    assert sorted(only.type.choices) == sorted(GUARDS)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("before", "fields"),
    [
        (RESOLVED, YES),
        (RESOLVED, RATED),
        (RESOLVED, f"{YES}\n{RATED}"),
        (change(RESOLVED, "confirmation: {confirmed: false, at: 2026-03-03T11:00+00:00}"), YES),
        (change(RESOLVED, "confirmation:"), YES),
        (change(RESOLVED, "satisfaction: {score: 1, comment: Slow.}"), "satisfaction: {score: 4}"),
        (CLOSED, RATED),
        (RESOLVED, SILENCE),
        (RESOLVED, f"{SILENCE}\n{RATED}"),
        (AGREED, AFTER_YES),
    ],
    ids=[
        "yes",
        "rated",
        "both",
        "yes after all",
        "yes for null",
        "rated anew",
        "closed",
        "silence",
        "late",
        "agreed",
    ],
)
def test_an_answer_passes(before: str, fields: str, changed: Callable[..., list[str]]) -> None:
    assert changed({ONE: change(before, fields)}, before=before, only="answers") == []


@pytest.mark.parametrize(
    ("before", "fields", "said"),
    [
        (RESOLVED, f"{YES}\nimpact: high", "the change touches `impact`"),
        (RESOLVED, f"{YES}\nresolved: 2026-03-02T09:20+00:00", "the change touches `resolved`"),
        (RESOLVED, "x-more: 1", "the change touches `x-more`"),
        (RESOLVED, f"updates:\n{FIRST}", "the change touches `updates`"),
        (RESOLVED, "reopenings: []", "the change touches `reopenings`"),
        (RESOLVED, "steps: []", "the change touches `steps`"),
        (
            RESOLVED,
            "status: in_progress\n# no resolved",
            "the incident is not resolved or closed, but `in_progress`",
        ),
        (OPEN, RATED, "the incident is not resolved or closed, but `in_progress`"),
        (CLOSED, "status: resolved", "the change touches `status`"),
        (CLOSED, "closed: 2026-03-05T10:00+00:00", "the change touches `closed`"),
        (CLOSED, "closed_by: harbour-bot", "the change touches `closed_by`"),
        (RESOLVED, "closed_by: harbour-bot", "the change touches `closed_by`"),
        (CLOSED, YES, "the change touches `confirmation` of an incident that is `closed`"),
        (change(RESOLVED, YES), f"{YES[:-6]}other}}", "the change touches a `confirmation` that was there"),
        (change(RESOLVED, YES), "# no confirmation", "the change touches a `confirmation` that was there"),
        (change(RESOLVED, RATED), "# no satisfaction", "the change takes the score out of `satisfaction`"),
        (RESOLVED, "satisfaction: good", "the change takes the score out of `satisfaction`"),
        (
            RESOLVED,
            "satisfaction: {score: 5, x-more: 1}",
            "the change touches more of `satisfaction` than score and comment",
        ),
        (
            change(RESOLVED, "satisfaction: {score: 5, x-more: 1}"),
            RATED,
            "the change touches more of `satisfaction` than score and comment",
        ),
    ],
)
def test_more_than_an_answer_is_refused(
    before: str, fields: str, said: str, changed: Callable[..., list[str]]
) -> None:
    assert said in changed({ONE: change(before, fields)}, before=before, only="answers")


@pytest.mark.parametrize(
    "confirmation",
    [
        "{confirmed: false, at: 2026-03-03T12:00+00:00, by: guest}",
        "{confirmed: false, at: 2026-03-03T12:00+00:00}",
        '{confirmed: "true", at: 2026-03-03T12:00+00:00, by: guest}',
        "{confirmed: 1, at: 2026-03-03T12:00+00:00, by: guest}",
        "{confirmed: true}",
        "{confirmed: true, at: 2026-03-03T12:00+00:00, by: guest, x-more: 1}",
        "true",
    ],
)
def test_what_is_no_plain_yes_is_refused(confirmation: str, changed: Callable[..., list[str]]) -> None:
    after = change(RESOLVED, f"confirmation: {confirmation}")
    assert changed({ONE: after}, before=RESOLVED, only="answers") == [
        "the change makes `confirmation` something else than a yes, with its time and its author"
    ]


def test_an_answer_brings_no_remark(changed: Callable[..., list[str]]) -> None:
    found = changed({ONE: change(RESOLVED, f"{YES} # a remark")}, before=RESOLVED, only="answers")
    assert found == ["the change touches comments, anchors or tags in `confirmation`"]


def test_an_answer_writes_nothing_else_anew(changed: Callable[..., list[str]]) -> None:
    found = changed({ONE: change(RESOLVED, f'{YES}\nimpact: "low"')}, before=RESOLVED, only="answers")
    assert found == [WROTE.format("impact")]


NO_SILENCE = "the change closes without `confirmation: {confirmed: false}` of that time"
TOO_EARLY = "the change closes before 10 days went by after the resolution"
SOMEBODY = "the change closes as somebody else than the `bot` of schema/intake.yml"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ("closed_by: front-desk", [SOMEBODY]),
        ("# no closed_by", [SOMEBODY]),
        ("# no confirmation", [NO_SILENCE]),
        (YES, [NO_SILENCE]),
        ("confirmation: {confirmed: false, at: 2026-03-13T05:26+00:00}", [NO_SILENCE]),
        ("closed: 2026-03-13T05:28+00:00", [NO_SILENCE]),
        ("# no closed", [NO_SILENCE, TOO_EARLY]),
        (SILENCE.replace("-13T", "-12T"), [TOO_EARLY]),
        (SILENCE.replace("2026-03-13T05:27+00:00", "soon"), [TOO_EARLY]),
        ("resolved: 2026-03-02T09:31+00:00", ["the change touches `resolved`"]),
    ],
)
def test_a_closing_that_no_silence_made_is_refused(
    fields: str, said: list[str], changed: Callable[..., list[str]]
) -> None:
    after = change(RESOLVED, merged(SILENCE, fields))
    assert changed({ONE: after}, before=RESOLVED, only="answers") == said


@pytest.mark.parametrize("before", ["closed", "closed_by", "confirmation"])
def test_a_closing_over_what_was_there_is_refused(before: str, changed: Callable[..., list[str]]) -> None:
    had = change(RESOLVED, f"{before}: something")
    assert changed({ONE: change(had, SILENCE)}, before=had, only="answers") == [
        f"the change closes an incident that had `{before}` before"
    ]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ("closed: 2026-03-03T11:59+00:00", "the change closes before the reporter said yes"),
        ("closed_by: duty-one", "the change closes as somebody else than the `bot` of schema/intake.yml"),
        (YES.replace("guest", "host"), "the change touches a `confirmation` that was there"),
        ("# no confirmation", "the change touches a `confirmation` that was there"),
    ],
)
def test_a_closing_that_is_not_of_the_yes_that_stands_there_is_refused(
    fields: str, said: str, changed: Callable[..., list[str]]
) -> None:
    after = change(change(AGREED, AFTER_YES), fields)
    assert changed({ONE: after}, before=AGREED, only="answers") == [said]


def test_nobody_closes_where_there_is_no_bot(changed: Callable[..., list[str]]) -> None:
    after = change(RESOLVED, merged(SILENCE, "# no closed_by"))
    assert changed({ONE: after}, before=RESOLVED, only="answers", intake=Intake()) == [SOMEBODY]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("Makefile", "the change is not to an incident"),
        ("schema/intake.yml", "the change adds a file"),
        ("schema/people.yml", "the change is not to an incident"),
    ],
)
def test_an_answer_takes_no_other_file_along(path: str, said: str, changed: Callable[..., list[str]]) -> None:
    found = changed({ONE: change(RESOLVED, YES), path: "x: 1\n"}, before=RESOLVED, only="answers")
    assert found == [said]


def test_the_text_below_is_no_answer(changed: Callable[..., list[str]]) -> None:
    found = changed({ONE: change(RESOLVED, YES) + "More.\n"}, before=RESOLVED, only="answers")
    assert found == ["the change touches the text below the fields"]


def test_an_update_is_no_answer_nor_an_answer_an_update(changed: Callable[..., list[str]]) -> None:
    assert changed({ONE: change(RESOLVED, YES)}, before=RESOLVED) == [
        "the incident is not open, but `resolved`"
    ]
