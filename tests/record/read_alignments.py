"""Opens the file of alignment_file_test.cpp by every reader that is promised; exit 77: not
installed."""
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
LINES = {"line_1": (["b", "<end>"], ["a", "床"], [[0.25, 0.75], [1, 0]]),
         "line_2": (["10", "11", "<end>"], ["10"], [[1], [1], [1]])}

with h5py.File(path) as file:
    assert file.attrs["schema"] == "rnnlab.alignment" and file.attrs["schema_version"] == 1
    assert list(file) == list(LINES)
    assert file["line_1"].attrs["log_probability"] == -0.5
    for name, (target, source, weights) in LINES.items():
        group = file[name]
        assert list(group["target_symbol"].asstr()) == target
        assert list(group["source_symbol"].asstr()) == source
        assert group["weights"].dtype == np.float32 and group["weights"].fletcher32
        np.testing.assert_array_equal(group["weights"], weights)
        for dataset in group.values():
            assert dataset.attrs["units"] and dataset.attrs["long_name"]

for engine in ("netcdf4", "h5netcdf"):
    for name, (target, source, weights) in LINES.items():
        with xr.open_dataset(path, group=name, engine=engine) as data:
            assert data["weights"].dims == ("target", "source")
            np.testing.assert_array_equal(data["weights"].values, weights)
            assert list(data["target_symbol"].values) == target
            assert list(data["source_symbol"].values) == source
