"""Compares summary.h5 of a sweep's folder with its summary.csv and its run files; exit 77: a module is
not installed."""
import csv
import math
import sys
from pathlib import Path

try:
    import h5py
    import numpy as np
except ImportError as error:
    print(f"python3 has no module {error.name}")
    sys.exit(77)

folder = Path(sys.argv[1])
RENAMED = {"index": "run", "train.seed": "seed"}
with open(folder / "summary.csv", newline="", encoding="utf-8") as stream:
    runs = list(csv.DictReader(stream))

with h5py.File(folder / "summary.h5", "r") as summary:
    columns = {name for name, item in summary.items() if isinstance(item, h5py.Dataset)}
    wanted = {RENAMED.get(name, name.replace("/", "_")) for name in runs[0]}
    assert columns == wanted, columns ^ wanted
    assert summary["train.lr"].dtype == np.float64 and summary["seed"].dtype == np.int64
    for name in runs[0]:
        dataset = summary[RENAMED.get(name, name.replace("/", "_"))]
        for run, text in enumerate(row[name] for row in runs):
            if h5py.check_string_dtype(dataset.dtype):
                assert dataset.asstr()[run] == text, (name, run)
            else:
                number = dataset[run]
                assert math.isnan(number) if text == "" else number == float(text), (name, run)
    for group in ("metrics/train", "metrics/valid"):
        longest = 0
        for run, row in enumerate(runs):
            with h5py.File(folder / "runs" / row["id"] / "run.h5", "r") as file:
                assert set(file[group]) | {"run", "row", "rows"} == set(summary[group])
                rows = len(file[group]["step"])
                longest = max(longest, rows)
                assert summary[group]["rows"][run] == rows
                for name, series in file[group].items():
                    curve = summary[group][name][run]
                    np.testing.assert_array_equal(curve[:rows], series[:])
                    assert np.isnan(curve[rows:]).all()
                    assert summary[group][name].attrs["units"] == series.attrs["units"]
        assert len(summary[group]["row"]) == longest
    assert "diverged" in [row["state"] for row in runs]
