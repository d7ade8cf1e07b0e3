"""`schema`: writes what is generated from the models and from schema/, or checks that it is up to date."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import click

from incidentbook.commands.session import Session


@click.command(epilog="Example: incidentbook schema --check")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 where a file is stale.")
@click.pass_obj
def command(session: Session, *, check: bool) -> int:
    """Write what is generated: the JSON Schemas in schema/json/, by which editors help, and CODEOWNERS.

    CODEOWNERS is written where schema/ names accounts, as `incidentbook codeowners` does. What `init`
    wrote for the forge is written anew as long as it carries the tool's mark. Where there is
    a folder site/docs/reference/, its pages on commands, rules, fields, configuration and measures are
    written too.
    """
    program = click.get_current_context().find_root().command
    assert isinstance(program, click.Group)  # noqa: S101
    return run(session, program, check=check)


def run(session: Session, program: click.Group, *, check: bool) -> int:
    """Write the generated files that differ, or name them under `check`."""
    from incidentbook.source import write_text  # noqa: PLC0415

    wanted = _wanted(session, program)
    stale = [path for path, text in sorted(wanted.items()) if _text(session.root / path) != text]
    left_over = sorted(set(_generated(session.root)) - set(wanted))
    if check:
        for path in stale:
            click.echo(f"{path} is stale; `incidentbook schema` writes it again")
        for path in left_over:
            click.echo(f"{path} is no longer generated; `incidentbook schema` removes it")
        return 1 if stale or left_over else 0
    for path in stale:
        write_text(session.root / path, wanted[path])
        click.echo(f"wrote {path}")
    for path in left_over:
        (session.root / path).unlink()
        click.echo(f"removed {path}")
    if not stale and not left_over:
        click.echo("Everything generated is up to date.")
    return 0


def _json_schemas(session: Session, program: click.Group) -> Mapping[str, str]:  # noqa: ARG001
    from incidentbook.scaffold.json_schemas import json_schemas  # noqa: PLC0415

    return json_schemas()


def _reference(session: Session, program: click.Group) -> Mapping[str, str]:
    from incidentbook.metrics import MEASURES, RATES  # noqa: PLC0415
    from incidentbook.reports.export.tables import TABLES  # noqa: PLC0415
    from incidentbook.rules import RULES  # noqa: PLC0415
    from incidentbook.scaffold.reference import FOLDER, Documented, reference_pages  # noqa: PLC0415

    if not (session.root / FOLDER).is_dir():
        return {}
    rules, tables = tuple(RULES.values()), tuple(TABLES.values())
    documented = Documented(program=program, rules=rules, measures=MEASURES, rates=RATES, tables=tables)
    return reference_pages(documented)


def _codeowners(session: Session, program: click.Group) -> Mapping[str, str]:  # noqa: ARG001
    from incidentbook.commands.codeowners import wanted_files  # noqa: PLC0415

    return wanted_files(session)


def _workflows(session: Session, program: click.Group) -> Mapping[str, str]:  # noqa: ARG001
    from incidentbook.scaffold.workflows import kept_files  # noqa: PLC0415

    return kept_files(session.root, session.archive.taxonomy.intake.form.label)


def _issue_form(session: Session, program: click.Group) -> Mapping[str, str]:  # noqa: ARG001
    from incidentbook.scaffold.issue_form import PATH, issue_form  # noqa: PLC0415

    # the form is GitHub's: where nothing else is for GitHub, it is not wanted. The folder alone does not
    # say so: CODEOWNERS lies there for other forges, too
    if not any((session.root / ".github" / name).is_dir() for name in ("workflows", "ISSUE_TEMPLATE")):
        return {}
    return {PATH: issue_form(session.archive.taxonomy, session.now)}


_SOURCES: tuple[Callable[[Session, click.Group], Mapping[str, str]], ...] = (
    _json_schemas,
    _reference,
    _codeowners,
    _workflows,
    _issue_form,
)
"""What each generates: the text of files by their path from the records."""


def _wanted(session: Session, program: click.Group) -> dict[str, str]:
    return {path: text for source in _SOURCES for path, text in source(session, program).items()}


def _generated(root: Path) -> Iterator[str]:
    """Files that an earlier version of the tool generated: they carry its mark."""
    from incidentbook.scaffold import json_schemas, reference  # noqa: PLC0415

    for folder, pattern, mark in (
        (json_schemas.FOLDER, "*.schema.json", json_schemas.ID_PREFIX),
        (reference.FOLDER, "*.md", reference.MARK),
    ):
        for path in (root / folder).glob(pattern):
            if mark in (_text(path) or ""):
                yield path.relative_to(root).as_posix()


def _text(path: Path) -> str | None:
    try:
        # bytes: a reader of text would take the ends of lines for equal
        return path.read_bytes().decode("utf-8")
    except (FileNotFoundError, UnicodeDecodeError):
        return None
