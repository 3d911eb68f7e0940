"""Writes the folders of tests/tasks/file_captions_test.cpp below the one that is named. Exit code 77
where NumPy or h5py is missing."""

import sys
from pathlib import Path

try:
    import h5py
    import numpy as np
except ImportError as missing:
    print(missing)
    sys.exit(77)

root = Path(sys.argv[1])


def features(count, first=0):
    """features[n, f] = 10 n + f."""
    return (10.0 * (first + np.arange(count))[:, None] + np.arange(3)[None, :]).astype("f4")


def lines(count, first=0):
    """Caption n is `n times A dog` (or cat), n in words of one letter each."""
    return "".join(f"{'x ' * ((first + n) % 4)}A {'cat' if n % 2 else 'dog'}, {first + n}.\n"
                   for n in range(count))


def folder(name, files=(), texts=(), ending=".npz", key="features"):
    path = root / name
    path.mkdir()
    for part, values in dict(files).items():
        if ending == ".npz":
            np.savez(path / f"{part}.npz", **{key: values})
        else:
            with h5py.File(path / f"{part}{ending}", "w") as file:
                file.create_dataset(key, data=values)
    for part, text in dict(texts).items():
        (path / f"{part}.txt").write_bytes(text if isinstance(text, bytes) else text.encode())


parts = {"train": (8, 0), "valid": (3, 8), "test": (2, 11)}
for kind, ending in (("npz", ".npz"), ("h5", ".h5"), ("hdf5", ".hdf5")):
    folder(kind, {p: features(*at) for p, at in parts.items()},
           {p: lines(*at) for p, at in parts.items()}, ending)
folder("one-part", {"train": features(20)}, {"train": lines(20)})
folder("two-parts", {"train": features(10), "test": features(5, 10)},
       {"train": lines(10), "test": lines(5, 10)})
folder("chinese", {"train": features(10)}, {"train": "一只 狗。\n一只猫。\n" * 5})

few = {"train": features(4)}
bad = features(4)
bad[2, 1] = np.nan
folder("nan", {"train": bad}, {"train": lines(4)})
folder("rank", {"train": np.zeros((4, 3, 2))}, {"train": lines(4)})
folder("vector", {"train": np.zeros(4)}, {"train": lines(4)})
folder("empty-array", {"train": np.zeros((0, 3))}, {"train": lines(4)})
folder("key", few, {"train": lines(4)}, key="vectors")
folder("more-lines", few, {"train": lines(5)})
folder("fewer-lines", few, {"train": lines(3)})
folder("no-lines", few, {"train": ""})
folder("empty-line", few, {"train": "a b\n\nc d\ne f\n"})
folder("blank-line", few, {"train": "a b\nc d\n \t\ne f\n"})
folder("not-utf8", few, {"train": b"a b\nc \xff\nd e\nf g\n"})
folder("no-array", {}, {"train": lines(4)})
folder("no-text", few)
folder("no-valid-text", {"train": features(4), "valid": features(2)}, {"train": lines(4)})
folder("other-width", {"train": features(4), "test": features(4)[:, :2]},
       {"train": lines(4), "test": lines(4)})
folder("too-few", {"train": features(2)}, {"train": lines(2)})
folder("nothing")
folder("no-npz", {}, {"train": lines(4)})
(root / "no-npz" / "train.npz").write_text("no zip archive")
