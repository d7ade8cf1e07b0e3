"""The Content-Security-Policy under which a built site works."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable
from enum import StrEnum
from hashlib import sha256
from html import escape, unescape
from pathlib import Path

HEADERS = "_headers"
"""What Netlify, Cloudflare Pages and others read a site's headers from."""

_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script\s*>", re.DOTALL | re.IGNORECASE)
_TYPE = re.compile(r"""\btype\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_SOURCE = re.compile(r"\bsrc\s*=", re.IGNORECASE)
_RUNS = frozenset({"", "module", "text/javascript", "application/javascript", "importmap"})
_HEAD = re.compile(r"<head[^>]*>(?:\s*<meta charset=[^>]*>)?", re.IGNORECASE)

_ONLY_AS_HEADER = "frame-ancestors 'none'"


class Csp(StrEnum):
    """Where a site states its policy."""

    HEADERS = "headers"
    META = "meta"
    NONE = "none"


def inline_scripts(html: str) -> frozenset[str]:
    """Hashes of the scripts that stand in a page; what is only data is none."""
    found = set()
    for attributes, text in _SCRIPT.findall(html):
        kind = _TYPE.search(attributes)
        if not _SOURCE.search(attributes) and (unescape(kind[1]).lower() if kind else "") in _RUNS:
            # the parser of HTML makes one line end of two characters
            data = text.replace("\r\n", "\n").replace("\r", "\n").encode()
            found.add(f"'sha256-{b64encode(sha256(data).digest()).decode()}'")
    return frozenset(found)


def policy(hashes: Iterable[str]) -> str:
    """The policy: nothing but what the site itself serves, and the scripts that have one of the hashes."""
    # inline styles are Material's, and what diagrams are drawn with
    scripts = " ".join(("'self'", *sorted(hashes)))
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {scripts}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "worker-src 'self'",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
        )
    )


def with_meta(html: str) -> str:
    """State in a page itself the policy under which it works, for hosts that send no headers of ours.

    What only a header can say is missing: who may show the page in a frame.
    """
    words = escape(policy(inline_scripts(html)), quote=False)
    meta = f'<meta http-equiv="Content-Security-Policy" content="{words}">'
    return _HEAD.sub(lambda head: f"{head[0]}{meta}", html, count=1)


def headers(pages: Iterable[str], *, public: bool) -> str:
    """The headers for a whole site, as Netlify, Cloudflare Pages and others read them from a file."""
    hashes = frozenset[str]().union(*map(inline_scripts, pages))
    lines = [
        "/*",
        f"  Content-Security-Policy: {policy(hashes)}; {_ONLY_AS_HEADER}",
        "  X-Content-Type-Options: nosniff",
        "  Referrer-Policy: same-origin",
    ]
    if public:
        # a status widget on another site asks the API from there
        lines += ["/api/*", "  Access-Control-Allow-Origin: *"]
    return "\n".join((*lines, ""))


def write_headers(folder: Path, *, public: bool) -> None:
    """Write the headers beside the pages that MkDocs built, of which all others have their scripts.

    A file of that name that somebody wrote by hand stays.
    """
    target = folder / HEADERS
    if not target.exists():
        pages = (path.read_text("utf-8") for path in sorted(folder.rglob("*.html")))
        target.write_text(headers(pages, public=public), "utf-8")
