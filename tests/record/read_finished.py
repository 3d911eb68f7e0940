"""Opens a finished run file of sample.hpp by every reader that is promised; exit 77: not installed."""
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
groups = {
    "metrics/train": {"loss": ("step",), "seconds": ("step",), "examples": ("step",)},
    "gradients/hidden/layers.0.forward": {"norm": ("step", "time"), "zeros": ("step", "time")},
    "model/parameters": {
        "weight_ih_l0": ("row_12", "column_5"),
        "weight_hh_l0": ("row_12", "column_12"),
        "bias_ih_l0": ("row_12",),
    },
    "/": {"config": (), "outcome": ()},
}
for engine in ("netcdf4", "h5netcdf"):
    for group, variables in groups.items():
        with xr.open_dataset(path, engine=engine, group=group) as data:
            data.load()
            assert {k: v.dims for k, v in data.data_vars.items()} == variables, (engine, data)
            for name, variable in data.variables.items():
                assert variable.attrs["long_name"] and "units" in variable.attrs, (engine, name)
            if group == "/":
                assert data.attrs["outcome"] == "completed", data.attrs["outcome"]
            if group == "gradients/hidden/layers.0.forward":
                assert data["norm"].sel(step=200, time=3).item() == 2003.5
                assert data["zeros"].dtype == np.int64

with h5py.File(path, "r") as file:
    assert file["outcome"].asstr()[()] == "completed"
    assert file["config"].asstr()[()] == "[model]\nname = lstm\n"
    assert file.attrs["cpu"] == "a Ω cpu" and file.attrs["seed"] == 7

    def check(name, item):
        if not isinstance(item, h5py.Dataset):
            return
        assert {"units", "long_name"} <= set(item.attrs), name
        if item.shape == ():
            return
        assert item.chunks and item.fletcher32 and item.compression is None, name
        if not h5py.h5ds.is_scale(item.id):
            assert all(len(dimension) == 1 for dimension in item.dims), name

    file.visititems(check)
    assert set(file["model/parameters"]) == set(groups["model/parameters"])
    assert file["metrics/train/loss"].maxshape == (None,)
    assert file["model/parameters/weight_ih_l0"].dtype == np.float32
    assert np.isnan(file["model/parameters/weight_hh_l0"][:]).all()
