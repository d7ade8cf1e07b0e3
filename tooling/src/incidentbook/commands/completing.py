"""What a shell may complete: verbs, options, and values of the repository around."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click
from click.shell_completion import CompletionItem, ShellComplete, get_completion_class

from incidentbook.commands.completing_states import TAKES
from incidentbook.commands.completing_values import (
    Value,
    actions,
    articles,
    categories,
    ids,
    levels,
    named,
    people,
    pinned_now,
    services,
    states,
)
from incidentbook.commands.session import Session

VARIABLE = "_INCIDENTBOOK_COMPLETE"
"""Set by the shell's script: `bash_complete`, `zsh_complete` or `fish_complete`."""

Source = Callable[[Path, click.Context, str], Iterable[Value]]

_INCIDENTS = ("incident",)
_KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **dict.fromkeys(
            ("ack", "assign", "cancel", "close", "confirm", "escalate", "hold", "link", "mitigate", "reopen"),
            _INCIDENTS,
        ),
        **dict.fromkeys(("resolve", "resume", "set", "sla", "step", "update", "major", "draft"), _INCIDENTS),
        "action": ("incident", "problem", "review"),
        "article": ("article",),
        "handover": ("handover",),
        "maintenance": ("maintenance",),
        "problem": ("problem",),
        "review": ("review",),
        "review start": ("incident",),
    }
)
"""By verb: the kinds of the records that it is about; every other verb is about any."""


def _records(*kinds: str) -> Source:
    return lambda root, _context, typed: ids(root, kinds, typed)


def _of_the_verb(root: Path, context: click.Context, typed: str) -> Iterable[Value]:
    words = context.command_path.split()
    verb, path = words[1], " ".join(words[1:])
    return ids(root, _KINDS.get(path, _KINDS.get(verb, ())), typed, TAKES.get(path, ()))


def _keys(file: str, key: str) -> Source:
    return lambda root, _context, _typed: named(root, file, key)


def _whom(root: Path, context: click.Context, typed: str) -> Iterable[Value]:
    return [*_keys("teams", "teams")(root, context, typed), *_people(root, context, typed)]


def _people(root: Path, context: click.Context, _typed: str) -> Iterable[Value]:
    """Those who are here today, by the clock that the command itself would go by."""
    said = context.find_root().params.get("now_text") or pinned_now(root)
    try:
        day = date.fromisoformat(str(said)[:10])
    except ValueError:
        day = Session().wall_clock.date()
    return people(root, day)


def _services(root: Path, _context: click.Context, typed: str) -> Iterable[Value]:
    return services(root, typed)


_BY_NAME: Mapping[str, Source] = MappingProxyType(
    {
        "service": _keys("services", "services"),
        "team": _keys("teams", "teams"),
        "category": lambda root, _context, _typed: categories(root),
        "priority": _keys("priority", "priorities"),
        "impact": lambda _root, _context, _typed: levels(),
        "urgency": lambda _root, _context, _typed: levels(),
        "channel": _keys("categories", "channels"),
        "code": _keys("categories", "resolution_codes"),
        "state": lambda _root, _context, _typed: states(),
        "reporter": _people,
        "problem": _records("problem"),
        "known-error": _records("problem"),
        "visibility": lambda _root, _context, _typed: [
            (one, "") for one in ("public", "internal", "restricted")
        ],
    }
)
"""By an option's name."""

_BY_METAVAR: Mapping[str, Source] = MappingProxyType(
    {
        "HANDLE": _people,
        "WHOM": _whom,
        "ID": _of_the_verb,
        "CHILD-ID": _records("incident"),
        "SLUG": lambda root, _context, _typed: articles(root),
        "ID|TEXT": _of_the_verb,
        "[ID]": _of_the_verb,
        "[ID]...": _of_the_verb,
        "[ID|PATH]...": _of_the_verb,
        "[ID] [BASE..HEAD]": _of_the_verb,
        "KEY=STATE": _services,
        "KEY[=STATE]": _services,
    }
)
"""By what an option or argument is called in the help."""

_OF_INCIDENTS = frozenset({"parent", "duplicate-of", "earlier", "from"})


def answer(app: click.Group, instruction: str) -> int:
    """Write what a shell asks for; whatever goes wrong, nothing is written and nothing is said."""
    try:
        shell = instruction.removesuffix("_complete")
        kind = get_completion_class(shell) if shell in ("bash", "zsh", "fish") else None
        if kind is not None:
            lines = _lines(app, kind(app, {}, "incidentbook", VARIABLE))
            click.echo("".join(f"{line}\n" for line in lines), nl=False)
    except Exception:  # noqa: S110 -- a traceback in the middle of somebody's command line helps nobody
        pass
    return 0


def _lines(app: click.Group, shell: ShellComplete) -> Sequence[str]:
    arguments, typed = shell.get_completion_args()
    *arguments, whole = rejoined([*arguments, typed])
    before = whole[: whole.rfind("=") + 1] if whole != typed else ""
    return [
        shell.format_completion(CompletionItem(item.value.removeprefix(before), item.type, item.help))
        for item in completions(app, shell, arguments, whole)
    ]


def rejoined(words: Iterable[str]) -> list[str]:
    """Words as they were typed: bash takes `--team=shop` and `checkout=major_outage` for three each."""
    found: list[str] = []
    joins = False
    for word in words:
        if word == "=" and found and not found[-1].startswith("-"):
            found[-1] += "="
        elif word == "=":
            found.append("")
        elif joins and found:
            found[-1] += word
        else:
            found.append(word)
        joins = word == "="
    return found


def completions(
    app: click.Group, shell: ShellComplete, arguments: Sequence[str], typed: str
) -> Sequence[CompletionItem[str]]:
    """What may stand where somebody types, after the words of a command line."""
    _prepare(app, arguments)
    return shell.get_completions(list(arguments), typed)


def _prepare(app: click.Group, arguments: Sequence[str]) -> None:
    """Give the parameters of the command that is typed a way to complete their values."""
    command: click.Command | None = app
    context = click.Context(app)
    for word in arguments:
        if isinstance(command, click.Group):
            command = command.get_command(context, word) or command
    for parameter in command.params if command is not None else ():
        source = source_of(parameter)
        if source is not None:
            # click takes this by its constructor; verbs need not know of it
            setattr(parameter, "_custom_shell_complete", _completer(source))  # noqa: B010


def source_of(parameter: click.Parameter) -> Source | None:
    """Where the values of a parameter come from; None where it has choices of its own, or any text."""
    if isinstance(parameter.type, click.Choice | click.Path):
        return None
    if isinstance(parameter, click.Argument):
        if parameter.name == "action":
            return _actions
        if parameter.metavar == "SLUG":
            return _of_the_verb
        return _BY_METAVAR.get(parameter.metavar or "")
    name = parameter.opts[-1].lstrip("-")
    if parameter.metavar == "KEY" and name == "reason":
        return _keys("sla", "hold_reasons")
    if name in _OF_INCIDENTS and parameter.metavar == "ID":
        return _records("incident")
    if "=" in (parameter.metavar or ""):
        return _BY_METAVAR.get(parameter.metavar or "")
    return _BY_NAME.get(name) or _BY_METAVAR.get(parameter.metavar or "")


def _actions(root: Path, context: click.Context, _typed: str) -> Iterable[Value]:
    return actions(root, str(context.params.get("id_") or ""))


def _completer(source: Source) -> Callable[[click.Context, click.Parameter, str], list[CompletionItem[str]]]:
    def complete(
        context: click.Context, _parameter: click.Parameter, typed: str
    ) -> list[CompletionItem[str]]:
        repo: Any = context.find_root().params.get("repo")
        root = Session(Path(repo) if repo else None).root
        values = source(root, context, typed)
        start = typed.casefold()
        short = typed.isdigit()
        return [
            CompletionItem(value, help=told or None)
            for value, told in values
            if short or value.casefold().startswith(start)
        ]

    return complete
