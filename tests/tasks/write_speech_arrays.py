"""Writes frames with every kind of target for tests/tasks/speech_arrays_test.cpp into the folder
that is named. Exit code 77 where NumPy or h5py is missing."""

import sys
from pathlib import Path

try:
    import h5py
    import numpy as np
except ImportError as missing:
    print(missing)
    sys.exit(77)

folder = Path(sys.argv[1])
N, T, U = 20, 6, 4
n = np.arange(N)
# Frames [n, t] = (100 n + t, 5 alike), 2 + n % 5 of them; what lies beyond is nothing to read.
lengths = 2 + n % 5
frames = np.stack([100 * n[:, None] + np.arange(T)[None, :], np.full((N, T), 5)], axis=2)
frames = np.where(np.arange(T)[None, :, None] < lengths[:, None, None], frames, np.nan)
split = np.where(n < 16, 0, np.where(n < 18, 1, 2))
targets = {"frames": (n[:, None] + np.arange(T)[None, :]) % 3,
           "word": n % 4,
           "characters": 1 + (n[:, None] + np.arange(U)[None, :]) % 2}
spelt = 1 + n % U  # characters of a transcript
for kind, array in targets.items():
    arrays = {"inputs": frames.astype("f4"), "lengths": lengths, "split": split, "targets": array}
    if kind == "characters":
        arrays["target_lengths"] = spelt
        arrays["targets"] = np.where(np.arange(U)[None, :] < spelt[:, None], array, -9)
    np.savez(folder / f"{kind}.npz", **arrays)
    with h5py.File(folder / f"{kind}.h5", "w") as file:
        for key, values in arrays.items():
            file[key] = values

good = dict(np.load(folder / "characters.npz"))


def bad(name, **changes):
    arrays = {**good, **changes}
    np.savez(folder / f"bad-{name}.npz", **{k: v for k, v in arrays.items() if v is not None})


bad("end", targets=np.zeros((N, U), int))
bad("float", targets=np.zeros((N, U)))
bad("axes", targets=np.ones(N, int))
bad("lengths", target_lengths=np.where(n == 7, 9, spelt))
bad("empty", target_lengths=np.where(n == 7, 0, spelt))
bad("count", target_lengths=spelt[:3])
bad("weights", weights=np.ones((N, U)))
np.savez(folder / "bad-word-weights.npz", **{**np.load(folder / "word.npz"), "weights": np.ones(N)})
np.savez(folder / "bad-values.npz", **{**np.load(folder / "word.npz"), "targets": np.ones((N, 1))})
