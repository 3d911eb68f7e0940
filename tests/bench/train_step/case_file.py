"""Reads case files (case_file.hpp says what is in them) and compares answers with them, as
answers.hpp does."""

from pathlib import Path

import numpy as np

TOLERANCE = 1e-4
ROUNDING_DECIDES = 1e-3


class Case:
    """`cell`, `B`, `T`, `H`, `layers`, and `arrays`: {name: float32 array}; `offsets`: where in the
    file each begins."""

    def __init__(self, path):
        data = Path(path).read_bytes()
        header, end, _ = data.partition(b"\nend\n")
        lines = [line.split() for line in header.decode().splitlines()]
        if not end or not lines or lines[0] != ["rnnlab-case", "1"]:
            raise ValueError(f"{path}: is no case file")
        self.arrays, self.offsets = {}, {}
        offset = len(header) + len(end)
        for key, *values in lines[1:]:
            if key == "array":
                name, *shape = values
                shape = [int(length) for length in shape]
                count = int(np.prod(shape))
                self.offsets[name] = offset
                self.arrays[name] = np.frombuffer(data, "<f4", count, offset).reshape(shape)
                offset += 4 * count
            else:
                setattr(self, key, values[0] if key == "cell" else int(values[0]))

    def group(self, group):
        """{name: array} of the arrays `group/name`."""
        return {name.partition("/")[2]: array for name, array in self.arrays.items()
                if name.startswith(group + "/")}


def distance(theirs, ours):
    """‖theirs − ours‖ / ‖ours‖; 0 where both are zero."""
    ours = np.asarray(ours, np.float64)
    difference = np.linalg.norm(np.asarray(theirs, np.float64) - ours)
    return 0.0 if difference == 0 else difference / np.linalg.norm(ours)


def first_difference(case, losses, gradient, updated):
    """The first difference beyond the tolerance in one line, or None."""
    def sentence(what, by):
        return f"{what} differs from ours by a relative {by:.1e} (at most {TOLERANCE:.0e})"

    def loss_differs(step):
        by = distance([losses[step]], [case.arrays["loss"][step]])
        return None if by <= TOLERANCE else sentence(f"the loss of step {step}", by)

    if differs := loss_differs(0):
        return differs
    ours_gradient, ours_updated = case.group("gradient"), case.group("updated")
    for name, before in case.group("parameter").items():
        g = ours_gradient[name].astype(np.float64)
        by = distance(gradient[name], g)
        if not by <= TOLERANCE:
            return sentence(f"the gradient of {name}", by)
        counts = np.abs(g) >= ROUNDING_DECIDES * np.sqrt(np.mean(g * g))
        before = before.astype(np.float64)
        by = distance((updated[name] - before)[counts], (ours_updated[name] - before)[counts])
        if not by <= TOLERANCE:
            return sentence(f"the update of {name}", by)
    return next(filter(None, map(loss_differs, range(1, len(case.arrays["loss"])))), None)
