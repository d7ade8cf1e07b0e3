"""The built sites of the sample, served on loopback: what clients that others wrote are pointed at."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from browserbed import Sites, served


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Sites:
    """The same folder as that of the browser's tests, so that each site is built once."""
    folder = tmp_path_factory.getbasetemp()
    shared = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "sites"
    shared.mkdir(exist_ok=True)
    return Sites(shared)


@pytest.fixture(scope="session")
def address(sites: Sites) -> Iterator[str]:
    """Where the public site is served: below a path, as on a host that it shares."""
    with served(sites) as base:
        yield f"{base}{sites['public'].name}/"
