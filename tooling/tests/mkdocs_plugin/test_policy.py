"""The policy that a site states, and diagrams in hand-written pages."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest
from mkdocs.config.defaults import MkDocsConfig

from incidentbook.mkdocs_plugin import diagrams, policy
from incidentbook.pages import assets
from sitebed import CONFIGURATION, RECORDS, build_site
from testbed import REPOSITORY_ROOT, SCHEMA, MakeRepository


def hash_of(script: str) -> str:
    return f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"


def test_hashes_of_what_runs_and_of_nothing_else() -> None:
    html = """<script>a()</script><SCRIPT type="module">b()</SCRIPT><script src="c.js"></script>
    <script type="application/json">{}</script><script id=x type=text/javascript>d()\r\n</script >"""
    assert policy.inline_scripts(html) == {hash_of("a()"), hash_of("b()"), hash_of("d()\n")}


def test_the_policy_names_no_other_host() -> None:
    words = policy.policy([hash_of("x")])
    assert "default-src 'none'" in words
    assert hash_of("x") in words
    assert "http" not in words
    assert "script-src 'self' 'sha256-" in words
    assert "'unsafe-inline'" not in words.split("style-src")[0]
    assert "'unsafe-eval'" not in words


def test_a_page_states_its_own_policy_before_its_scripts() -> None:
    html = policy.with_meta('<html><head><meta charset="utf-8"><script>a()</script></head></html>')
    assert html.index("Content-Security-Policy") < html.index("<script>")
    assert hash_of("a()") in html
    assert "frame-ancestors" not in html


@pytest.mark.parametrize("stated", ["headers", "meta", "none"])
def test_where_a_site_states_it(make_repository: MakeRepository, stated: str) -> None:
    root = make_repository({**SCHEMA, **RECORDS})
    configuration = CONFIGURATION.replace("audience: internal", f"audience: internal\n      csp: {stated}")
    site = build_site(root, configuration=configuration)
    pages = {path: path.read_text("utf-8") for path in site.rglob("*.html")}
    assert len(pages) > 10
    for html in pages.values():
        assert html.count('http-equiv="Content-Security-Policy"') == (stated == "meta")
    headers = site / policy.HEADERS
    assert headers.is_file() == (stated != "none")
    if headers.is_file():
        said = headers.read_text("utf-8")
        for html in pages.values():
            assert all(one in said for one in policy.inline_scripts(html))
        assert "frame-ancestors 'none'" in said
        assert "Access-Control-Allow-Origin" not in said, "an internal API is for the site alone"


def test_a_file_of_headers_that_somebody_wrote_stays(make_repository: MakeRepository) -> None:
    root = make_repository({**SCHEMA, **RECORDS, "site/_headers": "/*\n  X-Own: 1\n"})
    configuration = CONFIGURATION + "\nexclude_docs: ''\n"
    site = build_site(root, configuration=configuration)
    assert (site / policy.HEADERS).read_text("utf-8") == "/*\n  X-Own: 1\n"


def test_the_library_for_diagrams_is_the_one_that_was_looked_at() -> None:
    """Its name, its hash in DEPENDENCIES.md and the script that loads it agree."""
    (name,) = (name for name in assets() if "/mermaid-" in name)
    digest = sha256(assets()[name]).hexdigest()
    file = name.rpartition("/")[2]
    noted = (REPOSITORY_ROOT / "tooling/DEPENDENCIES.md").read_text("utf-8")
    assert file in noted
    assert digest in noted
    loader = REPOSITORY_ROOT / "tooling/src/incidentbook/pages/static/js/mermaid.js"
    assert f'new URL("{file}"' in loader.read_text("utf-8")


@pytest.mark.parametrize(
    "written",
    [
        '<pre class="mermaid"><code>graph TD; A--&gt;B</code></pre>',
        '<pre><code class="language-mermaid">graph TD; A--&gt;B</code></pre>',
    ],
)
def test_a_diagram_by_hand_is_marked_like_one_in_a_record(written: str) -> None:
    config = MkDocsConfig()
    config.extra_javascript = []
    html = diagrams.mark(f"<p>x</p>{written}", config)
    assert html == '<p>x</p><pre class="ib-mermaid" tabindex="0"><code>graph TD; A--&gt;B</code></pre>'


def test_a_site_with_a_library_of_its_own_keeps_its_diagrams() -> None:
    config = MkDocsConfig()
    config.extra_javascript = ["js/mermaid.min.js"]
    html = '<pre class="mermaid"><code>x</code></pre>'
    assert diagrams.mark(html, config) == html


def test_fenced_diagrams_pass_through_superfences(make_repository: MakeRepository) -> None:
    root = make_repository(
        {**SCHEMA, **RECORDS, "site/guide.md": "# G\n\n```mermaid\ngraph TD; A-->B\n```\n"}
    )
    configuration = CONFIGURATION + "\nmarkdown_extensions: [pymdownx.superfences]\n"
    html = (build_site(root, configuration=configuration) / "guide/index.html").read_text("utf-8")
    assert '<pre class="ib-mermaid"' in html
    assert 'class="mermaid"' not in html


LOADED = re.compile(
    r"""<(?:script|img|iframe|source|video|audio|embed)\b[^>]*\bsrc=["']?([^"'\s>]+)""", re.IGNORECASE
)
LINKED = re.compile(
    r"""<link\b(?=[^>]*\brel=["']?(?:[^"'>]*\s)?(?:stylesheet|icon|preload|prefetch|preconnect|modulepreload|manifest|dns-prefetch|search)\b)[^>]*\bhref=["']?([^"'\s>]+)""",
    re.IGNORECASE,
)
IN_STYLES = re.compile(r"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""")


def elsewhere(folder: Path) -> list[str]:
    """What the pages and styles of a site would load from another host."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.suffix not in {".html", ".css"}:
            continue
        text = path.read_text("utf-8")
        patterns = (IN_STYLES,) if path.suffix == ".css" else (LOADED, LINKED)
        addresses = [
            one for pattern in patterns for match in pattern.finditer(text) for one in match.groups() if one
        ]
        found += [f"{path.name}: {one}" for one in addresses if re.match(r"(?:https?:)?//", one)]
    return found


def test_a_site_loads_nothing_from_another_host(make_repository: MakeRepository) -> None:
    root = make_repository({**SCHEMA, **RECORDS})
    own = "https://status.example.invalid/book/"
    assert [one for one in elsewhere(build_site(root)) if own not in one] == []


def test_the_search_for_other_hosts_finds_them(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '<script src="https://x.invalid/a.js"></script><link rel="stylesheet" href=//x.invalid/b.css>'
        '<link href="https://x.invalid" rel="preconnect"><a href="https://x.invalid">fine</a>'
        '<link rel="canonical" href="https://x.invalid">'
    )
    (tmp_path / "b.css").write_text(
        "@import 'https://x.invalid/c.css'; a { background: url(//x.invalid/d.png) }"
    )
    assert len(elsewhere(tmp_path)) == 5
