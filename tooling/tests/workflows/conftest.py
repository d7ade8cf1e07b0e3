"""What each test of a workflow begins with."""

from __future__ import annotations

from pathlib import Path

import pytest

from workflowbed import ForgeBed


@pytest.fixture
def bed(tmp_path: Path) -> ForgeBed:
    """A records repository with its workflows, pushed to a bare remote."""
    return ForgeBed(tmp_path)
