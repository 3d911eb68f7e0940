"""Checks a.h5 of `rnnlab translate --input in.txt --attention a.h5 > out.txt`, all in the folder that is
given; exit 77: h5py is not installed."""
import sys
from pathlib import Path

try:
    import h5py
    import numpy as np
except ImportError as error:
    print(f"python3 has no module {error.name}")
    sys.exit(77)

folder = Path(sys.argv[1])
pairs = list(zip((folder / "in.txt").read_text().split(),
                 (folder / "out.txt").read_text().splitlines()))
with h5py.File(folder / "a.h5") as file:
    assert len(file) == len(pairs)
    for number, (source, target) in enumerate(pairs, 1):
        line = file[f"line_{number}"]
        assert list(line["source_symbol"].asstr()) == list(source)
        symbols = list(line["target_symbol"].asstr())
        assert symbols in (list(target) + ["<end>"], list(target)), (symbols, target)
        assert line["weights"].shape == (len(symbols), len(source))
        np.testing.assert_allclose(line["weights"][()].sum(axis=1), 1, atol=1e-5)
        assert line.attrs["log_probability"] < 0
