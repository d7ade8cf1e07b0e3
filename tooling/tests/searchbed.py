"""What tests of the search share: a site's index read back as its format says."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class ReadIndex:
    """An index read whole. `words` has for each word the addresses that it leads to, with their weights."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.manifest: dict[str, Any] = json.loads(files["search/index.json"])
        self.columns = json.loads(zlib.decompress(files[f"search/{self.manifest['columns']}.idx"]))
        self.texts = [row for block in self.manifest["blocks"] for row in self._texts(*block)]
        self.addresses = [row[0] for row in self.texts]
        self.words: dict[str, dict[str, int]] = {}
        for prefix, name in self.manifest["words"].items():
            for word, found in self._shard(name):
                assert word.startswith(prefix.rstrip("$")), (prefix, word)
                assert word not in self.words
                self.words[word] = found

    @classmethod
    def of(cls, site: Path) -> ReadIndex:
        paths = (path for path in (site / "search").rglob("*") if path.is_file())
        return cls({path.relative_to(site).as_posix(): path.read_bytes() for path in paths})

    def _texts(self, name: str, size: int) -> list[list[str]]:
        files = range(-(-size // self.manifest["texts"]))
        packed = (self.files[f"search/texts/{name}-{number}.idx"] for number in files)
        rows = [row for data in packed for row in json.loads(zlib.decompress(data))]
        assert len(rows) == size
        return rows

    def _shard(self, name: str) -> list[tuple[str, dict[str, int]]]:
        data = zlib.decompress(self.files[f"search/words/{name}.idx"])
        (length,) = struct.unpack_from("<I", data)
        assert length % 2 == 0
        starts = [
            sum(size for _, size in self.manifest["blocks"][:n]) for n in range(len(self.manifest["blocks"]))
        ]
        at = 4 + length
        found = []
        for word, *runs in json.loads(data[4:at]):
            entries = {}
            for block, count in zip(runs[::2], runs[1::2], strict=True):
                for posting in struct.unpack_from(f"<{count}H", data, at):
                    entries[self.addresses[starts[block] + (posting >> 4)]] = posting & 15
                at += 2 * count
            found.append((word, entries))
        assert at == len(data)
        return found

    def filed(self, address: str, facet: str) -> set[str]:
        """The values of a facet under which an entry is filed."""
        values = next(one["values"] for one in self.manifest["facets"] if one["name"] == facet)
        cell = self.columns[facet][self.addresses.index(address)]
        numbers = cell if isinstance(cell, list) else [cell] if cell >= 0 else []
        return {values[number][0] for number in numbers}

    def every_word(self) -> str:
        """All that the files say, uncompressed: what must not be public is looked for in it."""
        return "\n".join(
            (data if path.endswith(".json") else zlib.decompress(data)).decode("utf-8", "replace")
            for path, data in sorted(self.files.items())
        )


class MemoryFolder:
    """A site's folder in memory: what a build claims is kept, the rest is gone."""

    def __init__(self) -> None:
        self._before: dict[str, tuple[str, bytes]] = {}
        self._claimed: dict[str, tuple[str, bytes]] = {}
        self.written: list[str] = []

    def keep(self, path: str, stamp: str) -> bool:
        found = self._before.get(path)
        if found is None or found[0] != stamp:
            return False
        self._claimed[path] = found
        return True

    def write(self, path: str, data: bytes, stamp: str) -> None:
        assert path not in self._claimed
        self._claimed[path] = stamp, data
        self.written.append(path)

    def finish(self) -> dict[str, bytes]:
        """End a build; return the files."""
        self._before, self._claimed = self._claimed, {}
        self.written = []
        return {path: data for path, (_, data) in self._before.items()}
