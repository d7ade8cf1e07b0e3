"""Templates compiled, in the cache: compiling them takes longer than rendering a few pages."""

from __future__ import annotations

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from incidentbook.cache import Cache

_SPACE = "template"


class Bytecode(BytecodeCache):
    """Jinja's bytecode cache over ours; Jinja itself tells by a checksum whether what is kept still fits."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a bucket with what was kept of its template."""
        found = self._cache.get(_SPACE, bucket.key)
        if found is not None:
            bucket.bytecode_from_string(found)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template that was just compiled."""
        self._cache.put_many(_SPACE, {bucket.key: bucket.bytecode_to_string()})
