"""Opens the summary file of summary_file_test.cpp by every reader that is promised; exit 77: not
installed."""
import subprocess
import sys

try:
    import h5netcdf  # noqa: F401
    import h5py
    import netCDF4  # noqa: F401
    import numpy as np
    import xarray as xr
except ImportError as error:
    print(f"python3 has no module {error.name}")
    sys.exit(77)

path = sys.argv[1]
ROWS = {"metrics/train": [100, 0, 0, 400, 500, 0, 0], "metrics/valid": [10, 0, 0, 40, 0, 0, 0]}


def expected(run, row):
    """The loss of a run at a row, NaN where it has none."""
    return 1000.0 * run + row if row < ROWS["metrics/train"][run] else np.nan


for engine in ("netcdf4", "h5netcdf"):
    with xr.open_dataset(path, engine=engine) as data:
        data.load()
        assert data.attrs["schema"] == "rnnlab.summary" and data.attrs["schema_version"] == 1
        assert dict(data.sizes) == {"run": 7}, data
        assert list(data["run"].values) == list(range(7))
        assert list(data["id"].values) == ["a", "bΩ", "", "dddd", "e e", "f", "g"], data["id"]
        assert data["seed"].dtype == np.int64 and data["seed"].values[5] == 1 << 60
        assert data["train.lr"].values[5] == 1e300
        assert len(data.to_dataframe()) == 7
    for group, rows in ROWS.items():
        with xr.open_dataset(path, engine=engine, group=group) as data:
            data.load()
            assert dict(data.sizes) == {"run": 7, "row": max(rows)}, data
            assert list(data["rows"].values) == rows
            for name, variable in data.variables.items():
                assert variable.attrs["long_name"] and "units" in variable.attrs, (engine, name)
            for run in range(7):
                steps = data["step"].sel(run=run).values
                assert list(steps[: rows[run]]) == [
                    10 * row * (10 if group.endswith("valid") else 1) for row in range(rows[run])]
                assert np.isnan(steps[rows[run]:]).all()
            if group == "metrics/train":
                assert data["loss"].attrs["units"] == "nats"
                want = [[expected(run, row) for row in range(500)] for run in range(7)]
                np.testing.assert_array_equal(data["loss"].values, want)
                own = data["own"].values
                np.testing.assert_array_equal(own[4], -np.arange(500.0))
                assert np.isnan(own[:4]).all() and np.isnan(own[5:]).all()

with h5py.File(path, "r") as file:
    assert file["id"].asstr()[1] == "bΩ"
    assert file["metrics/train/loss"].fletcher32 and file["train.lr"].fletcher32

    def check(name, item):
        if not isinstance(item, h5py.Dataset):
            return
        assert {"units", "long_name"} <= set(item.attrs), name
        if not h5py.h5ds.is_scale(item.id):
            assert all(len(dimension) == 1 for dimension in item.dims), name

    file.visititems(check)

try:
    subprocess.run(["h5dump", path], check=True, stdout=subprocess.DEVNULL)
except FileNotFoundError:
    print("h5dump is not installed")
