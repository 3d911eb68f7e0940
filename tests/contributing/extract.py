#!/usr/bin/python3
"""Follows CONTRIBUTING.md's example of a new cell: writes its file, and the list of cells with its
two additions, below OUT/nn/cells.

    extract.py CONTRIBUTING.md lib/nn/cells/cells.hpp OUT
"""

import re
import sys
from pathlib import Path


def fail(what):
    sys.exit(f"extract: error: {what}")


def main():
    guide, listed, out = (Path(argument) for argument in sys.argv[1:])
    blocks = re.findall(r"```cpp\n// (lib/nn/cells/\w+\.hpp)\n(.*?)```", guide.read_text(), re.S)
    if len(blocks) != 1:
        fail(f"{guide} has {len(blocks)} cells, not one")
    path, text = blocks[0]
    edits = re.findall(r"```diff\n(.*?)```", guide.read_text(), re.S)
    if len(edits) != 1:
        fail(f"{guide} has {len(edits)} changes of the list, not one")
    cells = listed.read_text()
    lines = edits[0].splitlines()
    for number, line in enumerate(lines):
        if not line.startswith("+"):
            continue
        before = lines[number - 1]
        if before.startswith("-"):
            if cells.count(before[1:]) != 1:
                fail(f"{listed} does not hold {before[1:]!r} once")
            cells = cells.replace(before[1:], line[1:])
        else:
            if cells.count(before[1:] + "\n") != 1:
                fail(f"{listed} does not hold {before[1:]!r} once")
            cells = cells.replace(before[1:] + "\n", before[1:] + "\n" + line[1:] + "\n")
    folder = out / "nn/cells"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / Path(path).name).write_text(text)
    (folder / "cells.hpp").write_text(cells)


if __name__ == "__main__":
    main()
