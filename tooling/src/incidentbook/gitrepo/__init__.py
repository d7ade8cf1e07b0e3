"""The only caller of Git, and the one way to a tree of files, working tree or revision."""

from incidentbook.gitrepo.command import (
    GitError,
    GitNotFoundError,
    NoCommitYetError,
    NoMergeBaseError,
    NotAGitRepositoryError,
    UnknownRevisionError,
    run_git,
)
from incidentbook.gitrepo.committing import commit_to_branch, push, remote_of
from incidentbook.gitrepo.comparing import changed_paths, merge_base
from incidentbook.gitrepo.configuration import attribute, configure, configured, forget_section
from incidentbook.gitrepo.log import Commit, CommitChanges, PathChange, Signature, walk
from incidentbook.gitrepo.objects import asking_for_names, read_blobs
from incidentbook.gitrepo.repository import (
    current_revision,
    initialise,
    is_repository,
    is_shallow,
    names_on_all_branches,
    prefix_in_repository,
    resolve_revision,
    shallow_commits,
)
from incidentbook.gitrepo.textual_merge import merge_lines
from incidentbook.gitrepo.trees import (
    RevisionTree,
    WorkingTree,
    blobs_at,
    open_revision,
    open_working_tree,
)
from incidentbook.gitrepo.unfinished import Unfinished, default_branch, is_rebasing, is_tracked, unfinished

__all__ = [
    "Commit",
    "CommitChanges",
    "GitError",
    "GitNotFoundError",
    "NoCommitYetError",
    "NoMergeBaseError",
    "NotAGitRepositoryError",
    "PathChange",
    "RevisionTree",
    "Signature",
    "Unfinished",
    "UnknownRevisionError",
    "WorkingTree",
    "asking_for_names",
    "attribute",
    "blobs_at",
    "changed_paths",
    "commit_to_branch",
    "configure",
    "configured",
    "current_revision",
    "default_branch",
    "forget_section",
    "initialise",
    "is_rebasing",
    "is_repository",
    "is_shallow",
    "is_tracked",
    "merge_base",
    "merge_lines",
    "names_on_all_branches",
    "open_revision",
    "open_working_tree",
    "prefix_in_repository",
    "push",
    "read_blobs",
    "remote_of",
    "resolve_revision",
    "run_git",
    "shallow_commits",
    "unfinished",
    "walk",
]
