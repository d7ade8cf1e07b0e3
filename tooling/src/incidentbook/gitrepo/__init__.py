"""The only caller of Git, and the one way to a tree of files, working tree or revision."""

from incidentbook.gitrepo.repository import (
    GitError,
    NotAGitRepositoryError,
    UnknownRevisionError,
    current_revision,
    initialise,
    is_repository,
    names_on_all_branches,
)
from incidentbook.gitrepo.trees import (
    RevisionTree,
    WorkingTree,
    open_revision,
    open_working_tree,
)

__all__ = [
    "GitError",
    "NotAGitRepositoryError",
    "RevisionTree",
    "UnknownRevisionError",
    "WorkingTree",
    "current_revision",
    "initialise",
    "is_repository",
    "names_on_all_branches",
    "open_revision",
    "open_working_tree",
]
