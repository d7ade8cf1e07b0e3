"""The taxonomy of each commit's own tree, loaded once for each state of `schema/`, and only when asked."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from incidentbook.gitrepo import asking_for_names, open_revision, open_working_tree, prefix_in_repository
from incidentbook.taxonomy import Taxonomy, load_taxonomy


class Schemas:
    """Taxonomies by commit. Use it as a context: it keeps a Git process to ask which commits share one."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._stack = ExitStack()
        self._name_of: Callable[[str], str | None] | None = None
        self._prefix = ""
        self._known: dict[str | None, Taxonomy] = {}

    def __enter__(self) -> Schemas:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def at(self, commit: str | None) -> Taxonomy:
        """The taxonomy of a commit, None for that on disk. Raises what `load_taxonomy` raises."""
        state = None if commit is None else self._state(commit)
        if state not in self._known:
            tree = open_revision(self._root, commit, ("schema",)) if commit else open_working_tree(self._root)
            self._known[state] = load_taxonomy(tree)[0]
        return self._known[state]

    def _state(self, commit: str) -> str:
        """The name of the tree of `schema/`; empty where a commit has none."""
        if self._name_of is None:
            self._prefix = prefix_in_repository(self._root)
            self._name_of = self._stack.enter_context(asking_for_names(self._root))
        return self._name_of(f"{commit}:{self._prefix}schema") or ""
