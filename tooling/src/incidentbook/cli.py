"""The command line: `incidentbook [--repo DIR] [--now TIME] COMMAND`."""

from __future__ import annotations

import gc
import importlib
import io
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from incidentbook import __version__
from incidentbook.commands.session import Session, parse_now
from incidentbook.diagnostics import IncidentbookError


@dataclass(frozen=True)
class Section:
    """Verbs that belong together, with their short help, and the package that their modules lie in."""

    title: str
    package: str
    verbs: Mapping[str, str]


SECTIONS = (
    Section(
        "Respond to incidents",
        "incidentbook.commands.desk",
        {
            "ack": "Take an incident.",
            "action": "Add an improvement, or say that it is done or dropped.",
            "article": "Begin, publish and retire knowledge articles.",
            "assign": "Give an incident to a team or a person.",
            "cancel": "It was no incident.",
            "close": "Close a resolved incident.",
            "confirm": "Put down what the user says of the resolution.",
            "draft": "Draft what readers are told, or a review.",
            "edit": "Open a record in an editor, and check it before it is written.",
            "escalate": "Call for more skill or authority.",
            "handover": "Write the shift note, or take over by it.",
            "hold": "Nothing can be done for now.",
            "link": "Say what else one should read beside an incident.",
            "maintenance": "Announce planned work; begin, end or cancel it.",
            "major": "Declare an incident major, or stand it down.",
            "mitigate": "The harm is contained.",
            "new": "Log a new incident.",
            "problem": "Log the cause behind incidents, and how far it is known.",
            "reopen": "A resolution did not hold.",
            "resolve": "Service is back, and the work is done.",
            "resume": "Work goes on.",
            "review": "Begin, hand in and publish the review of an incident.",
            "set": "Change what an incident says of itself.",
            "step": "Put down what was done, or decided.",
            "update": "Tell readers how an incident stands.",
        },
    ),
    Section(
        "Look, measure, report",
        "incidentbook.commands",
        {
            "export": "Write one flat table of the records.",
            "list": "List records by state, service, team, time, words.",
            "log": "Tell what happened to records, from the history in Git.",
            "on-call": "Say who is on call, and how they are reached.",
            "report": "Write the management report of a month, quarter or year.",
            "reviews": "List what must be reviewed, by when, by whom.",
            "search": "Find records by words.",
            "show": "Show one record, how it stands, and what comes next.",
            "similar": "Show what is known of a record or of words.",
            "sla": "Show the clocks of open incidents, and why they stand so.",
            "stats": "Count, and measure times and service levels.",
            "status": "Show what is open now: clocks, owners, who is on call, what is due.",
            "trends": "Say what is more than usual, and what is likely to come.",
        },
    ),
    Section(
        "Keep the repository",
        "incidentbook.commands",
        {
            "check": "Check every record, or those named.",
            "codeowners": "Write or check who must approve which file.",
            "comment": "Say in a pull request what it does to the records.",
            "completion": "Print the script by which a shell completes words.",
            "explain": "Print the documentation of a rule.",
            "fmt": "Put front matter into the house form.",
            "import": "Take in records from another system.",
            "init": "Make a new records repository.",
            "intake": "Take in alerts, reports and answers from outside.",
            "merge-driver": "Merge two versions of a record, for Git.",
            "notify": "Tell people what happened and what is due.",
            "renumber": "Give a record another ID, and rewrite what names it.",
            "schema": "Write or check what is generated from the models.",
            "setup-git": "Let Git merge records in this clone by what they mean.",
            "watch": "Say what wants attention now, and keep an issue about it.",
        },
    ),
)
"""Every verb with its short help: the modules themselves are imported only when they run."""

VERBS: Mapping[str, str] = {verb: said for section in SECTIONS for verb, said in section.verbs.items()}

_PACKAGES = {verb: section.package for section in SECTIONS for verb in section.verbs}

_MODULES = {"import": "import_", "list": "list_", "set": "set_"}


def module_of(verb: str) -> str:
    """The module that has the `command` of a verb."""
    return f"{_PACKAGES.get(verb, 'incidentbook.commands')}.{_MODULES.get(verb, verb.replace('-', '_'))}"


class _Verbs(click.Group):
    """Finds commands by name, and imports only the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Every verb, in alphabetical order."""
        return sorted(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The `command` of the verb's module."""
        if cmd_name not in VERBS:
            return None
        module = importlib.import_module(module_of(cmd_name))
        command = module.command
        assert isinstance(command, click.Command)  # noqa: S101
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Suggest the verb that was probably meant."""
        from difflib import get_close_matches  # noqa: PLC0415

        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            close = get_close_matches(args[0], VERBS, n=1)
            advice = f" Did you mean '{close[0]}'?" if close else ""
            raise click.UsageError(error.message + advice, ctx) from None

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """Complete verbs without importing them; an option as any command does."""
        if incomplete.startswith("-"):
            return super().shell_complete(ctx, incomplete)
        return [
            CompletionItem(verb, help=said)
            for verb, said in sorted(VERBS.items())
            if verb.startswith(incomplete)
        ]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the verbs without importing them."""
        for section in SECTIONS:
            if section.verbs:
                with formatter.section(section.title):
                    formatter.write_dl(sorted(section.verbs.items()))


@click.group(
    cls=_Verbs,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: incidentbook --repo ~/records check incidents/2026/INC-2026-0042.md",
)
@click.option(
    "--repo",
    type=click.Path(path_type=Path, file_okay=False),
    help="The records repository; else the one around.",
)
@click.option(
    "--now",
    "now_text",
    metavar="TIME",
    envvar="INCIDENTBOOK_NOW",
    help="Pin the clock: 2026-11-21T14:05+00:00.",
)
@click.version_option(__version__, prog_name="incidentbook")
@click.pass_context
def app(context: click.Context, repo: Path | None, now_text: str | None) -> None:
    """Incidents and post-incident reviews as Markdown files in Git: checked, measured, published."""
    context.obj = Session(repo, parse_now(now_text) if now_text else None)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the tool: 0 clean, 1 errors found, 2 the tool could not go on."""
    asked_by_a_shell = os.environ.get("_INCIDENTBOOK_COMPLETE")
    if asked_by_a_shell is not None:
        from incidentbook.commands.completing import answer  # noqa: PLC0415

        return answer(app, asked_by_a_shell)
    try:
        outcome: Any = app.main(args=arguments, prog_name="incidentbook", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
    except click.Abort:
        click.echo("Aborted.", err=True)
    except IncidentbookError as error:
        click.echo(f"incidentbook: {error}", err=True)
    except (BrokenPipeError, SystemExit):
        # click and rich exit with 1 where the reader of our output has gone: that would say "errors found"
        _write_no_more()
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        click.echo(f"incidentbook: {place}{error.strerror or error}", err=True)
    except Exception:  # Python would exit with 1
        traceback.print_exc()
        click.echo("incidentbook: this is a defect of the tool; please report it", err=True)
    else:
        return outcome if isinstance(outcome, int) else 0
    return 2


def _write_no_more() -> None:
    """Let Python's own flush at the end go nowhere, or it would complain again."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno() if sys.__stdout__ else 1)


def run() -> None:
    """The console script."""
    # a run is short, and the many small values that it makes live to its end: looking for
    # garbage among them took half the time of loading 10,000 records
    gc.disable()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # a terminal that knows no ship shows its number, rather than nothing of the report
            stream.reconfigure(errors="backslashreplace")
    code = main()
    # at its end Python looks for garbage all the same: a sixth of the time of checking one file
    gc.freeze()
    sys.exit(code)
