"""GitHub's expressions, as far as our workflows use them: `${{ inputs.pushed || 'never' }}`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

_TOKEN = re.compile(r"\s*(\|\||&&|==|!=|[!()\[\].,*]|'(?:[^']|'')*'|\d+|[A-Za-z_][\w-]*)")
_STATUS = re.compile(r"\b(success|failure|cancelled|always)\(\)")

Functions = Mapping[str, Callable[..., Any]]


def interpolate(text: str, contexts: Mapping[str, Any], functions: Functions) -> str:
    """Put the value of each `${{ }}` in its place, as text."""
    return re.sub(r"\$\{\{(.*?)\}\}", lambda found: as_text(evaluate(found[1], contexts, functions)), text)


def condition(text: str | None, contexts: Mapping[str, Any], functions: Functions) -> bool:
    """Whether an `if:` holds; without a function of the status it also asks that nothing failed."""
    if text is None:
        return bool(functions["success"]())
    bare = re.sub(r"^\s*\$\{\{(.*)\}\}\s*$", r"\1", text, flags=re.DOTALL)
    value = truth(evaluate(bare, contexts, functions))
    return value and (bool(_STATUS.search(bare)) or bool(functions["success"]()))


def evaluate(text: str, contexts: Mapping[str, Any], functions: Functions) -> Any:
    """The value of one expression."""
    tokens: list[str] = []
    position = 0
    while position < len(text.rstrip()):
        found = _TOKEN.match(text, position)
        assert found, f"no expression: {text[position:]!r}"
        tokens.append(found[1])
        position = found.end()
    reader = _Reader(tokens, contexts, functions)
    value = reader.either()
    assert reader.done, f"more than an expression: {text!r}"
    return value


def truth(value: Any) -> bool:
    return value not in (None, False, 0, "")


def as_text(value: Any) -> str:
    if value is None or isinstance(value, (dict, list)):
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


class _Reader:
    """Reads tokens by descent; both sides are always evaluated, which changes nothing: none has an effect."""

    def __init__(self, tokens: Sequence[str], contexts: Mapping[str, Any], functions: Functions) -> None:
        self._tokens = list(tokens)
        self._contexts = contexts
        self._functions = functions

    @property
    def done(self) -> bool:
        return not self._tokens

    def either(self) -> Any:
        value = self._both()
        while self._take("||"):
            other = self._both()
            value = value if truth(value) else other
        return value

    def _both(self) -> Any:
        value = self._compared()
        while self._take("&&"):
            other = self._compared()
            value = other if truth(value) else value
        return value

    def _compared(self) -> Any:
        value = self._one()
        for operator, equal in (("==", True), ("!=", False)):
            if self._take(operator):
                return _same(value, self._one()) is equal
        return value

    def _one(self) -> Any:
        if self._take("!"):
            return not truth(self._one())
        if self._take("("):
            value = self.either()
            self._expect(")")
            return value
        token = self._tokens.pop(0)
        if token.startswith("'"):
            return token[1:-1].replace("''", "'")
        if token.isdigit():
            return int(token)
        if self._take("("):
            return self._called(token)
        return self._path({"true": True, "false": False, "null": None}.get(token, self._contexts.get(token)))

    def _called(self, name: str) -> Any:
        arguments = []
        while not self._take(")"):
            arguments.append(self.either())
            self._take(",")
        return self._functions[name](*arguments)

    def _path(self, value: Any) -> Any:
        spread = False
        while self._tokens[:1] in (["."], ["["]):
            if self._take("["):
                key = self.either()
                self._expect("]")
            else:
                self._expect(".")
                key = self._tokens.pop(0)
            if key == "*":
                spread, value = True, value if isinstance(value, list) else []
            elif spread:
                value = [_member(item, key) for item in value]
            else:
                value = _member(value, key)
        return value

    def _take(self, token: str) -> bool:
        if self._tokens[:1] == [token]:
            self._tokens.pop(0)
            return True
        return False

    def _expect(self, token: str) -> None:
        assert self._take(token), f"{token} is missing before {self._tokens}"


def _member(value: Any, key: Any) -> Any:
    if isinstance(value, dict):
        return value.get(key)
    if isinstance(value, list) and isinstance(key, int):
        return value[key] if key < len(value) else None
    return None


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return one.lower() == other.lower()
    return as_text(one) == as_text(other)
