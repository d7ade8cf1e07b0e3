"""The yardstick: reads every record with python-frontmatter and validates it with the same models."""

from __future__ import annotations

import sys
from pathlib import Path

import frontmatter
from pydantic import TypeAdapter

from incidentbook.records import KINDS, parse_name


def main(root: Path) -> None:
    """Read and validate the whole repository, one file after the other."""
    adapters = {kind.name: TypeAdapter(kind.model) for kind in KINDS.values()}
    count = 0
    for path in sorted(root.rglob("*.md")):
        name = parse_name(path.relative_to(root).as_posix())
        if name is not None:
            adapters[name.kind].validate_python(frontmatter.load(str(path)).metadata)
            count += 1
    print(count)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
