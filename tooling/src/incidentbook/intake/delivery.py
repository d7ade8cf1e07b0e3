"""A branch sent to where others see it, and the pull request that asks for it: each once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from incidentbook.forge import Forge
from incidentbook.gitrepo.branches import is_on_remote, push_branch
from incidentbook.intake.known import Known
from incidentbook.intake.texts import verbatim
from incidentbook.markdown.literal import plain_title


@dataclass(frozen=True)
class Asked:
    """A pull request: its address, whether it was made now, and whether somebody closed it before."""

    url: str
    is_new: bool
    is_closed: bool


def send(root: Path, branch: str, remote: str) -> bool:
    """Push a branch; False where the remote has it as it is. Raises PushRejectedError or GitError."""
    if is_on_remote(root, branch, remote):
        return False
    push_branch(root, branch, remote)
    return True


def ask_for(forge: Forge, branch: str, known: Known, said: str, notes: tuple[str, ...]) -> Asked:
    """Find or make the pull request of a branch.

    Where one is open, it stays. One that was closed says that people did not want it: no other is made.
    """
    before = forge.pull_requests(branch)
    opened = next((one for one in before if one.is_open), None)
    if opened or before:
        return Asked((opened or before[0]).url, is_new=False, is_closed=opened is None)
    title = plain_title(f"{known.id}: {known.record.title}", 180)
    made = forge.create_pull_request(
        branch, title, pull_request_body(known, said, notes), forge.default_branch()
    )
    return Asked(made.url, is_new=True, is_closed=False)


def pull_request_body(known: Known, said: str, notes: tuple[str, ...]) -> str:
    """What a pull request says; whatever came from outside stands in a fence."""
    assumed = verbatim("\n".join(notes)) if notes else ""
    parts = [
        f"{said} Record: `{known.path}`.",
        verbatim(known.record.title),
        f"Assumed, and worth a look:\n\n{assumed}" if assumed else "",
        "`incidentbook check` looks at it here. Correct what is wrong on this branch; "
        "what comes in later of the same thing is added to it.",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"
