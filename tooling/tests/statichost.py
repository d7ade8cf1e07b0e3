"""A static host on loopback, as sites get them: below a path, with gzip, and with their own `_headers`."""

from __future__ import annotations

import functools
import gzip
import http.server
import posixpath
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

_ZIPPED = ("text/", "application/", "image/svg")


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Answers with the files of several folders, each below a path of its own."""

    protocol_version = "HTTP/1.1"
    mounts: Mapping[str, Path]
    extra: Mapping[str, str]

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_HEAD(self) -> None:
        """Answer as to GET, without the file."""
        self.do_GET()

    def do_GET(self) -> None:
        """Answer with a file, with the folder's page for what is missing, or with the way to a folder."""
        path = unquote(urlsplit(self.path).path)
        mount = next((one for one in self.mounts if path.startswith(one + "/")), None)
        if mount is None:
            self._answer(404, "text/plain", b"no site is here", {})
            return
        folder = self.mounts[mount]
        headers = {**_headers(folder), **self.extra}
        target = folder / posixpath.normpath(path.removeprefix(mount)).lstrip("/")
        if target.is_dir() and not path.endswith("/"):
            self._answer(301, "text/plain", b"", {"Location": path + "/"})
            return
        file = target / "index.html" if target.is_dir() else target
        missing = folder / "404.html"
        if file.is_file() and path.endswith("/") == target.is_dir():
            self._answer(200, self.guess_type(str(file)), file.read_bytes(), headers)
        else:
            body = missing.read_bytes() if missing.is_file() else b"there is no such page"
            self._answer(404, "text/html", body, headers)

    def _answer(self, code: int, kind: str, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(code)
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
        self.send_header("Cache-Control", "max-age=600")
        if body and "gzip" in self.headers.get("Accept-Encoding", "") and kind.startswith(_ZIPPED):
            body = _zipped(body)
            self.send_header("Content-Encoding", "gzip")
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)


@functools.cache
def _headers(folder: Path) -> dict[str, str]:
    """What the site asks hosts to send with every page: its Content-Security-Policy."""
    file = folder / "_headers"
    lines = file.read_text("utf-8").splitlines() if file.is_file() else []
    pairs = (line.split(":", 1) for line in lines if line.startswith(" ") and ":" in line)
    return {name.strip(): value.strip() for name, value in pairs}


@functools.lru_cache(maxsize=512)
def _zipped(body: bytes) -> bytes:
    return gzip.compress(body, 6, mtime=0)


@contextmanager
def served(mounts: Mapping[str, Path], headers: Mapping[str, str] | None = None) -> Iterator[str]:
    """Serve folders, each below its path (`/book`): the address of the host, without a slash at its end.

    `headers` go with every answer, over those of a folder's `_headers`. Ends when the context does.
    """
    handler = type("Handler", (_Handler,), {"mounts": dict(mounts), "extra": dict(headers or {})})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
