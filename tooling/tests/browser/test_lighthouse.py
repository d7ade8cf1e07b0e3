"""Lighthouse, but for speed, which `make bench` shows: that depends on the machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from browser.conftest import Host
from browserbed import PUBLIC, Sites, chromium, missing, node_package
from testbed import REPOSITORY_ROOT

LIGHTHOUSE = REPOSITORY_ROOT / "tooling" / "benchmarks" / "lighthouse.py"
LEAST = {"accessibility": 100, "best-practices": 95, "seo": 95}


def scores(address: str) -> dict[str, Any]:
    # a phone, as Lighthouse itself has it unless told otherwise; `make bench` shows both
    command = [sys.executable, str(LIGHTHOUSE), "--json", "--quick", "--device", "phone", address]
    for category in LEAST:
        command += ["--only", category]
    paths = os.pathsep.join([str(REPOSITORY_ROOT / "tooling" / "tests"), *sys.path])
    ran = subprocess.run(
        command, check=False, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": paths}
    )
    assert ran.returncode == 0, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)[0]
    return found


@pytest.mark.parametrize("kind", ["status", "incidents", "incident"])
def test_lighthouse_is_content(sites: Sites, host: Host, kind: str) -> None:
    if chromium() is None:
        missing("no Chromium on this machine")
    node_package("lighthouse")
    result = scores(host(PUBLIC) + sites[PUBLIC].fullest(kind))
    assert set(result["scores"]) == set(LEAST)
    low = {name: score for name, score in result["scores"].items() if score < LEAST[name]}
    assert not low, (low, result["lost"])
