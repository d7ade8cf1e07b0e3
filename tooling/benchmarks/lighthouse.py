"""Scores pages with Lighthouse, as on a slow phone and on a desktop: lighthouse.py [--json] [ADDRESS...].

Without addresses it builds the public site of this repository, serves it below a path on loopback, and
takes its status page, its list of incidents and an incident. Needs Node, Chromium, and what `make test`
installs with npm.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from statichost import served

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "tooling" / "tests" / "browser" / "node_modules" / "lighthouse" / "cli" / "index.js"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless=new --no-sandbox --disable-background-networking --disable-component-update --disable-sync"
)
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
DEVICES = ("phone", "desktop")
MOUNT = "/book"
AIM = 95

Report = dict[str, Any]


def run(address: str, device: str, categories: list[str], *, quick: bool) -> Report:
    """Lighthouse's report on a page. `quick` does without the slow network that performance is judged on."""
    chromium = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if chromium is None or shutil.which("node") is None or not PROGRAM.is_file():
        raise SystemExit("lighthouse.py: needs Chromium, Node and `npm ci --prefix tooling/tests/browser`")
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command: list[str | Path] = [
            "node",
            PROGRAM,
            address,
            "--output=json",
            f"--output-path={report}",
            "--quiet",
        ]
        command += [f"--chrome-flags={FLAGS} --user-data-dir={folder}/profile"]
        command += [f"--only-categories={','.join(categories)}"]
        command += ["--preset=desktop"] if device == "desktop" else []
        command += ["--throttling-method=provided"] if quick else []
        environment = {**os.environ, "CHROME_PATH": chromium}
        with subprocess.Popen(
            command,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        ) as process:
            try:
                said, _ = process.communicate(timeout=180)
            finally:
                # the browser that it started outlives it when it is cut short
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
        if process.returncode or not report.is_file():
            raise SystemExit(f"lighthouse.py: Lighthouse failed on {address}:\n{said}")
        whole: Report = json.loads(report.read_bytes())
        return whole


def summary(report: Report) -> dict[str, Any]:
    """Scores from 0 to 100 by category, and what cost any of them, in words."""
    scores = {name: round(100 * (one["score"] or 0)) for name, one in report["categories"].items()}
    lost = []
    for name, category in report["categories"].items():
        for reference in category["auditRefs"]:
            audit = report["audits"][reference["id"]]
            judged = reference["weight"] and audit["scoreDisplayMode"] in {
                "binary",
                "numeric",
                "metricSavings",
            }
            if judged and (audit["score"] or 0) < 0.9:
                lost.append(f"{name}: {audit['title']} {_where(audit)}".strip())
    return {"scores": scores, "lost": lost}


def _where(audit: Report) -> str:
    items = audit.get("details", {}).get("items", [])
    selectors = [item["node"]["selector"] for item in items if isinstance(item.get("node"), dict)]
    said = [*selectors[:3], *(str(item["description"]) for item in items[:3] if "description" in item)]
    return f"({audit.get('displayValue') or '; '.join(said)})" if said or audit.get("displayValue") else ""


def sample(stack: ExitStack) -> list[str]:
    """Build the public site of this repository and serve it: the addresses of three pages."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "site"
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "--quiet", "build", "-f", ROOT / "mkdocs.public.yml", "-d", folder],
        check=True,
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )
    incidents = sorted(
        folder.glob("incidents/INC-*/index.html"), key=lambda page: (page.stat().st_size, page)
    )
    host = stack.enter_context(served({MOUNT: folder}))
    return [f"{host}{MOUNT}/{path}" for path in ("", "incidents/", f"incidents/{incidents[-1].parent.name}/")]


def main() -> None:
    """Print the scores."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("addresses", nargs="*")
    parser.add_argument("--device", choices=DEVICES, action="append")
    parser.add_argument("--only", choices=CATEGORIES, action="append")
    parser.add_argument(
        "--quick", action="store_true", help="no slow network: performance means nothing then"
    )
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    results = []
    with ExitStack() as stack:
        for address in options.addresses or sample(stack):
            for device in options.device or DEVICES:
                report = run(address, device, options.only or list(CATEGORIES), quick=options.quick)
                results.append({"address": address, "device": device, **summary(report)})
    if options.json:
        print(json.dumps(results, indent=1))
    else:
        show(results)


def show(results: list[dict[str, Any]]) -> None:
    """A table, and what points were lost on."""
    table = Table(
        title=f"Lighthouse, out of 100 (aim: {AIM} or more, accessibility 100)", title_justify="left"
    )
    table.add_column("page", no_wrap=True)
    table.add_column("on")
    names = list(results[0]["scores"])
    for name in names:
        table.add_column(name.replace("-", "\n"), justify="right")
    for result in results:
        page = result["address"].partition(MOUNT)[2] or result["address"]
        table.add_row(page, result["device"], *(str(result["scores"][name]) for name in names))
    console = Console()
    console.print(table)
    for line in sorted({line for result in results for line in result["lost"]}):
        console.print("  lost on", line, markup=False, highlight=False)


if __name__ == "__main__":
    main()
