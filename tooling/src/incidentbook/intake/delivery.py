"""A branch sent to where others see it, and the pull request that asks for it: each once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from incidentbook.forge import Forge, ForgeError
from incidentbook.gitrepo.branches import is_on_remote, push_branch
from incidentbook.intake.known import Known
from incidentbook.intake.texts import verbatim
from incidentbook.markdown.literal import plain_title
from incidentbook.records import Audience


@dataclass(frozen=True)
class Asked:
    """What became of asking for a branch: the address of its pull request, and how that stands."""

    url: str
    how: Literal["opened", "is open", "was merged", "was closed by somebody, and is left so"]

    @property
    def is_under_review(self) -> bool:
        """Whether people look at it, or will."""
        return self.how in ("opened", "is open")

    @property
    def is_refused(self) -> bool:
        """Whether people do not want it."""
        return self.how == "was closed by somebody, and is left so"


def send(root: Path, branch: str, remote: str) -> bool:
    """Push a branch; False where the remote has it as it is. Raises PushRejectedError or GitError."""
    if is_on_remote(root, branch, remote):
        return False
    push_branch(root, branch, remote)
    return True


def ask_for(forge: Forge, branch: str, tip: str, known: Known, said: str, notes: tuple[str, ...]) -> Asked:
    """Find or make the pull request of a branch whose commit is `tip`.

    Where one is open, it stays. One that was merged asked for what came before; one that was closed
    without merging says that people did not want it, and no other is made.
    """
    before = forge.pull_requests(branch)
    opened = next((one for one in before if one.is_open), None)
    if opened:
        return Asked(opened.url, "is open")
    if before and before[0].is_refused:
        return Asked(before[0].url, "was closed by somebody, and is left so")
    if before and before[0].tip == tip:
        return Asked(before[0].url, "was merged")
    title, body = pull_request_title(known), pull_request_body(known, said, notes)
    try:
        return Asked(forge.create_pull_request(branch, title, body, forge.default_branch()).url, "opened")
    except ForgeError:
        # another delivery of the same moment may have been quicker
        opened = next((one for one in forge.pull_requests(branch) if one.is_open), None)
        if opened is None:
            raise
        return Asked(opened.url, "is open")


def is_sealed(known: Known) -> bool:
    """Whether nothing of a record may be told but its ID: the forge mails what it is told."""
    return known.record.visibility is Audience.RESTRICTED


def pull_request_title(known: Known) -> str:
    """What a pull request is called; of a restricted record only its ID."""
    return known.id if is_sealed(known) else plain_title(f"{known.id}: {known.record.title}", 180)


def pull_request_body(known: Known, said: str, notes: tuple[str, ...]) -> str:
    """What a pull request says; whatever came from outside stands in a fence."""
    told = () if is_sealed(known) else notes
    parts = [
        f"{said} Record: `{known.path}`.",
        "It is restricted: read it on the branch." if is_sealed(known) else verbatim(known.record.title),
        "Assumed, and worth a look:\n\n" + verbatim("\n".join(told)) if told else "",
        "`incidentbook check` looks at it here. Correct what is wrong on this branch; "
        "what comes in later of the same thing is added to it.",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"
