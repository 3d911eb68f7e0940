#!/usr/bin/python3
"""Checks over the #include lines of lib/ and tasks/ that every layer stays below its users.

    scripts/check_layers.py [ROOT]        ROOT: the checkout, by default the one this script is in

Prints `FILE:LINE: what is wrong` for every line that breaks a rule and exits 1; without one, 0.
The two tables below are the rules.
"""

import re
import sys
from pathlib import Path

# Who may include whom: a folder, or one header of it. Every layer may include itself and base.
#
#   cli ──► study  tasks  decode  corpora  data   study ──► train  record  nn  data  corpora
#   decode ──► nn  data                           corpora ──► data
#   train ──► nn  data  exec  decode  record/sink.hpp  math/ordered_sum.hpp
#   nn ──► math  data/batch.hpp
#   tasks ──► data  corpora/cache.hpp  record/array_file.hpp
LAYERS = {
    "base": [],
    "math": [],
    "data": [],
    "corpora": ["data"],
    "exec": [],
    "record": [],
    "nn": ["math", "data/batch.hpp"],
    "tasks": ["data", "corpora/cache.hpp", "record/array_file.hpp"],
    "train": ["nn", "data", "exec", "decode", "record/sink.hpp", "math/ordered_sum.hpp"],
    "decode": ["nn", "data"],
    "study": ["train", "record", "nn", "data", "corpora"],
    "cli": ["study", "tasks", "decode", "corpora", "data"],
}

# One door per dependency: the name in the report, what its headers look like, and who may include
# them: a layer, or files by the start of their path below lib/. Empty: nobody here, only tests/.
DOORS = [
    ("HDF5", r"(hdf5|H5\w+)\.h(pp)?", ["record/"]),
    ("libxsmm", r"libxsmm\w*\.h", ["math/"]),
    ("Eigen", r"(unsupported/)?Eigen/.*", ["math/", "nn/", "data/log_mel"]),  # a DFT
    ("Boost.Program_options", r"boost/program_options.*", ["study/config", "cli/"]),
    ("Boost.Process", r"boost/process.*", ["study/"]),
    ("nlohmann JSON", r"nlohmann/.*", ["study/", "data/json", "data/piano_roll"]),
    ("OpenSSL", r"openssl/.*", ["base/"]),
    ("libcurl", r"curl/.*", ["corpora/download"]),
    ("libzip", r"zip\.h", ["data/npz", "data/zip_archive"]),
    ("zlib", r"zlib\.h", ["data/gzip"]),
    ("libarchive", r"archive(_entry)?\.h", ["data/tar_archive"]),
    ("libcsv", r"csv\.h", ["data/csv"]),
    ("libsndfile", r"sndfile\.h", ["data/wav"]),
    ("utf8proc", r"utf8proc\.h", ["data/utf8"]),
    ("threads", r"thread|(shared_)?mutex|condition_variable|future|barrier|latch|semaphore",
     ["exec/"]),
    ("atomics", r"atomic", ["exec/", "train/", "study/", "cli/"]),  # beyond exec: the stop flag
    ("Catch2", r"catch2/.*", []),
    ("Google Benchmark", r"benchmark/.*", []),
]

SOURCES = {".hpp", ".cpp", ".h", ".c", ".inc"}
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')


def layer_of(path):
    """The layer of a path below lib/ (`nn/cells/lstm.hpp` → `nn`), or None."""
    first = path.split("/")[0]
    return first if first in LAYERS else None


def may_include(layer, header):
    """Whether a file of `layer` may include `header`, a path below lib/ or tasks/."""
    allowed = [layer, "base", *LAYERS[layer]]
    return any(header == a or header.startswith(a + "/") for a in allowed)


def header_path(name, including, root):
    """The path below lib/, or `tasks/…`, that a quoted include means; None if it is neither."""
    if layer_of(name):
        return name
    for folder in (root / "tasks", including.parent):
        file = (folder / name).resolve()
        for top, prefix in ((root / "lib", ""), (root / "tasks", "tasks/")):
            if file.is_file() and file.is_relative_to(top):
                return prefix + file.relative_to(top).as_posix()
    return None


def violations_of(file, path, root):
    """Yields (line, sentence) for every include of `file` that breaks a rule."""
    layer = layer_of(path)
    if layer is None:
        yield 1, f"'{path}' is in no layer: give its folder a row in LAYERS of check_layers.py"
        return
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        quoted, angled = match.groups()
        name = quoted or angled
        header = header_path(quoted, file, root) if quoted else None
        if header is not None:
            if not may_include(layer, header):
                yield number, f"{layer} may not include '{header}'"
            continue
        for door, pattern, doors in DOORS:
            if re.fullmatch(pattern, name) and not any(path.startswith(d) for d in doors):
                where = " and ".join(doors) if doors else "tests/"
                yield number, f"{door} ('{name}') may be included in {where} only"


def main(arguments):
    if len(arguments) > 1 or any(a.startswith("-") for a in arguments):
        print(__doc__.strip(), file=sys.stdout if "--help" in arguments else sys.stderr)
        return 0 if "--help" in arguments else 2
    root = Path(arguments[0] if arguments else Path(__file__).resolve().parent.parent).resolve()
    if not (root / "lib").is_dir():
        print(f"check_layers.py: error: no lib/ in '{root}'; name the checkout", file=sys.stderr)
        return 2

    files = found = 0
    for top, prefix in ((root / "lib", ""), (root / "tasks", "tasks/")):
        for file in sorted(f for f in top.rglob("*") if f.suffix in SOURCES):
            files += 1
            path = prefix + file.relative_to(top).as_posix()
            for line, sentence in violations_of(file, path, root):
                found += 1
                print(f"{file.relative_to(root)}:{line}: {sentence}")
    if files == 0:
        print(f"check_layers.py: error: no sources in '{root}'; name the checkout", file=sys.stderr)
        return 2
    print(f"{files} files, {found} violations")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
