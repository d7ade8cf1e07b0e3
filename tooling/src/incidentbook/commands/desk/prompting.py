"""One line from a terminal, with completion by the Tab key."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager


@contextmanager
def completing() -> Iterator[Callable[[str, Sequence[str]], str]]:
    """Give a prompt that completes words, and leave the terminal's habits as they were.

    Where Python has no readline, as on Windows, it asks all the same and completes nothing.
    """
    try:
        import readline  # noqa: PLC0415
    except ImportError:
        yield lambda words, choices: input(words)  # noqa: ARG005
        return
    completer, delimiters = readline.get_completer(), readline.get_completer_delims()
    # libedit, which stands in for readline on some systems, has a language of its own
    editline = "libedit" in (readline.__doc__ or "")
    readline.parse_and_bind("bind ^I rl_complete" if editline else "tab: complete")
    readline.set_completer_delims(" ,;\t\n")

    def prompt(words: str, choices: Sequence[str]) -> str:
        readline.set_completer(_completer(choices))
        return input(words)

    try:
        yield prompt
    finally:
        readline.set_completer(completer)
        readline.set_completer_delims(delimiters)


def _completer(choices: Sequence[str]) -> Callable[[str, int], str | None]:
    """What readline asks again and again: the next word that begins so; states only behind `=`."""

    def complete(begun: str, state: int) -> str | None:
        # `checkout=` and its states would hide the other services
        fitting = [word for word in choices if word.startswith(begun) and ("=" in begun or "=" not in word)]
        return fitting[state] if state < len(fitting) else None

    return complete
