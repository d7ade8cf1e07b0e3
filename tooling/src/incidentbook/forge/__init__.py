"""The only caller of the forge: issues, comments and pull requests, through GitHub's own `gh`."""

from incidentbook.forge.github import (
    Comment,
    Forge,
    ForgeError,
    ForgeNotFoundError,
    Issue,
    PullRequest,
)

__all__ = ["Comment", "Forge", "ForgeError", "ForgeNotFoundError", "Issue", "PullRequest"]
