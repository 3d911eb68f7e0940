"""Opens the repaired log of a killed run by every reader that is promised; exit 77: not installed."""
import shutil
import subprocess
import sys

try:
    import h5netcdf  # noqa: F401
    import h5py
    import netCDF4  # noqa: F401
    import xarray as xr
except ImportError as error:
    print(f"python3 has no module {error.name}")
    sys.exit(77)

path = sys.argv[1]
with h5py.File(path, "r") as file:
    assert file["outcome"].asstr()[()] == "interrupted"

for engine in ("netcdf4", "h5netcdf"):
    for group in ("metrics/train", "gradients/hidden/layers.0.forward"):
        with xr.open_dataset(path, engine=engine, group=group) as data:
            data.load()
            assert data.sizes["step"] > 100, (engine, group, data.sizes)

if shutil.which("h5dump"):
    subprocess.run(["h5dump", path], check=True, stdout=subprocess.DEVNULL)
else:
    print("h5dump is not installed")
    sys.exit(77)
