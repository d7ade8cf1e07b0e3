"""`incidentbook init`: make a new records repository."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from incidentbook.commands.session import Session
from incidentbook.diagnostics import IncidentbookError

if TYPE_CHECKING:
    from datetime import date, datetime

_NAMED = 6


class FilesInTheWayError(IncidentbookError):
    """A new repository would write over files that are there."""

    def __init__(self, folder: Path, paths: Sequence[str]) -> None:
        more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
        super().__init__(
            f"{folder} has {', '.join(paths[:_NAMED])}{more} already; init writes over nothing. "
            "Name another folder, or move them away"
        )


class NotAFolderError(IncidentbookError):
    """A new repository cannot be made where a file is."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(f"no repository can be made in {folder}: {reason}")


class BadAnswerError(IncidentbookError):
    """What the user said of the new repository does not fit."""

    def __init__(self, flag: str, value: str, expected: str) -> None:
        super().__init__(f"{flag} is `{value}`; expected {expected}")


@click.command("init", epilog="Example: incidentbook init records --name Harbourline --zone Europe/Berlin")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--name", help="Whose records these are; the name of the folder if not given.")
@click.option("--zone", default="UTC", show_default=True, help="IANA zone of dates and months.")
@click.option("--url", help="Where the site will be published.")
@click.option(
    "--forge",
    type=click.Choice(["github", "gitlab", "none"]),
    default="github",
    show_default=True,
    help="Whose workflows to write.",
)
@click.option(
    "--tool",
    metavar="REQUIREMENT",
    help="By what pip installs this tool there, such as git+https://host/incidentbook@commit; what this "
    "copy was installed from, if that was Git.",
)
@click.pass_obj
def command(
    session: Session,
    folder: Path,
    name: str | None,
    zone: str,
    url: str | None,
    forge: str,
    tool: str | None,
) -> int:
    """Make a new records repository in DIR.

    It gets folders for records, a starter schema/ to be made your own, a site, and what your forge runs:
    workflows for GitHub, a pipeline for GitLab, and for any other the script ci/gate.sh, which all get.
    It checks clean and builds as it is. Files that are there are never written over. Where DIR is not in
    a Git repository yet, it becomes one; nothing is committed.
    """
    return run(session, folder, name=name, zone=zone, url=url, forge=forge, tool=tool)


def run(
    session: Session,
    folder: Path,
    *,
    name: str | None,
    zone: str,
    url: str | None,
    forge: str = "github",
    tool: str | None = None,
) -> int:
    """Make the repository, whole or not at all."""
    from incidentbook.gitrepo import open_working_tree  # noqa: PLC0415
    from incidentbook.scaffold.issue_form import PATH as ISSUE_FORM  # noqa: PLC0415
    from incidentbook.scaffold.issue_form import issue_form  # noqa: PLC0415
    from incidentbook.scaffold.repository import repository_files  # noqa: PLC0415
    from incidentbook.scaffold.workflows import ForgeName  # noqa: PLC0415
    from incidentbook.taxonomy import load_taxonomy  # noqa: PLC0415

    root, now = folder.resolve(), session.pinned_now or session.wall_clock
    requirement = _requirement(tool) if tool is not None else _installed_from()
    texts = repository_files(
        name=_name(name if name is not None else root.name),
        zone=_zone(zone),
        url=_url(url),
        today=_today(now, zone),
        forge=ForgeName(forge),
        tool=requirement,
    )
    form = (ISSUE_FORM,) if forge == ForgeName.GITHUB else ()
    in_the_way = [path for path in (*texts, *form) if (root / path).exists() or (root / path).is_symlink()]
    if in_the_way:
        raise FilesInTheWayError(folder, in_the_way)
    _write_all(folder, texts)
    if form:
        # its choices are those of the schema/ that now stands there
        taxonomy, _ = load_taxonomy(open_working_tree(root))
        _write_all(folder, {ISSUE_FORM: issue_form(taxonomy, now)})
    git = " and made it a Git repository" if _initialised(root) else ""
    click.echo(f"Wrote {len(texts) + len(form)} files in {folder}{git}; nothing is committed yet.")
    _say_what_is_next(folder, without_tool=requirement is None)
    return 0


def _initialised(root: Path) -> bool:
    """Whether the folder was in no Git repository and now is one."""
    from incidentbook.gitrepo import GitError, initialise, is_repository  # noqa: PLC0415

    if is_repository(root):
        return False
    try:
        initialise(root)
    except GitError as error:
        click.echo(f"It is not in a Git repository: {error}.", err=True)
        return False
    return True


def _say_what_is_next(folder: Path, *, without_tool: bool) -> None:
    click.echo(f"Next:\n  cd {folder}")
    if without_tool:
        click.echo("  requirements.txt: say where Incidentbook is; its address is not known here")
    click.echo("""\
  schema/services.yml and schema/people.yml: your services, your people
  incidentbook new --help        log an incident
  incidentbook import --help     take in those of another system
  incidentbook check             see that all is well
  mkdocs serve                   look at the site for your own people
  mkdocs build -f mkdocs.public.yml    make the one for everybody: records with visibility: public""")


def _write_all(folder: Path, texts: Mapping[str, str]) -> None:
    """Write every file, or take back those that were written."""
    from incidentbook.edits import create_text  # noqa: PLC0415

    root = folder.resolve()
    made: list[Path] = []
    try:
        for path, text in texts.items():
            target = root / path
            made += reversed([parent for parent in target.parents if not parent.exists()])
            create_text(target, text)
            made.append(target)
    except OSError as error:
        for path_made in reversed(made):
            _take_back(path_made)
        raise NotAFolderError(folder, error.strerror or str(error)) from None


def _take_back(path: Path) -> None:
    try:
        path.rmdir() if path.is_dir() else path.unlink()
    except OSError:
        return  # somebody else has put something there meanwhile


def _name(name: str) -> str:
    words = " ".join(name.split())
    if not words or not words.isprintable():
        raise BadAnswerError("--name", name, "the name of a company or team")
    return words


def _zone(zone: str) -> str:
    from difflib import get_close_matches  # noqa: PLC0415
    from zoneinfo import ZoneInfo, available_timezones  # noqa: PLC0415

    try:
        return ZoneInfo(zone).key
    except (ValueError, OSError, KeyError):
        close = get_close_matches(zone, available_timezones(), n=1)
        advice = f"; did you mean `{close[0]}`?" if close else ""
        raise BadAnswerError("--zone", zone, f"an IANA zone such as Europe/Berlin{advice}") from None


def _url(url: str | None) -> str | None:
    from urllib.parse import urlsplit  # noqa: PLC0415

    if url is None:
        return None
    try:
        parts = urlsplit(url)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and url.isprintable()
    except ValueError:
        fits = False
    if not fits or " " in url:
        raise BadAnswerError("--url", url, "an address such as https://status.example.com")
    return url


def _today(now: datetime, zone: str) -> date:
    from zoneinfo import ZoneInfo  # noqa: PLC0415

    return now.astimezone(ZoneInfo(zone)).date()


def _requirement(tool: str) -> str:
    """A requirement of pip; a mere address gets the name."""
    from packaging.requirements import InvalidRequirement, Requirement  # noqa: PLC0415

    text = f"incidentbook @ {tool}" if tool.startswith("git+") else tool
    try:
        if Requirement(text).name == "incidentbook" and text.isprintable():
            return text
    except InvalidRequirement:
        pass
    raise BadAnswerError("--tool", tool, "a requirement such as git+https://host/incidentbook@commit")


def _installed_from() -> str | None:
    """The commit that pip installed this tool from, where it was one of a repository (PEP 610)."""
    import json  # noqa: PLC0415
    from importlib.metadata import PackageNotFoundError, distribution  # noqa: PLC0415

    try:
        origin = json.loads(distribution("incidentbook").read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError):
        return None
    commit = origin.get("vcs_info", {}).get("commit_id")
    return f"incidentbook @ git+{origin['url']}@{commit}" if commit else None
