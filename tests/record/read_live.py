"""Follows a run file of sample.hpp that another process is writing; exit 77: h5py not installed."""
import sys
import time

try:
    import h5py
    import numpy as np
except ImportError as error:
    print(f"python3 has no module {error.name}")
    sys.exit(77)



def read(dataset, rows):
    """The last chunk may be in the middle of being replaced; its checksum then fails for a moment."""
    for attempt in range(40):
        try:
            dataset.refresh()
            return dataset[:rows]
        except OSError:
            time.sleep(0.001 * attempt)
    raise OSError(f"{dataset.name} cannot be read")


with h5py.File(sys.argv[1], "r", swmr=True, libver="latest") as file:
    step, loss = file["metrics/train/step"], file["metrics/train/loss"]
    lengths = []
    end = time.monotonic() + 20
    while len(lengths) < 5:
        assert time.monotonic() < end, f"the file does not grow: {lengths}"
        step.refresh()
        rows = len(step)  # extended last: so many rows are complete
        assert np.array_equal(read(step, rows), 100 * np.arange(rows))
        assert np.array_equal(read(loss, rows), 1.0 / (1.0 + np.arange(rows)))
        if not lengths or rows > lengths[-1]:
            lengths.append(rows)
        time.sleep(0.01)
    assert file["outcome"][()] == b"running" and file.attrs["outcome"] == b"running"
    assert np.isnan(file["model/parameters/weight_ih_l0"][:]).all()
