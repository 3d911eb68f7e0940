#!/usr/bin/python3
"""Writes tests/golden/ctc.h5: what PyTorch's ctc_loss makes of logits, the blank being class 0.

    /usr/bin/python3 scripts/make_ctc_goldens.py [FOLDER]          FOLDER: by default tests/golden

Needs what scripts/make_goldens.py needs, and gives the same bytes where that does. The file holds:

    attributes                            the version of PyTorch
    logits                                [T, B, K], zero past an example's end
    length                                [B], their steps
    label                                 [U, B], 0 past a target's end
    target_steps                          [B], their labels
    loss                                  [B], -ln p, summed over the steps
    gradient                              [T, B, K] of the sum of all losses, by the logits

Both in double precision alone: in single, PyTorch's own sums over paths are off by 1e-5.
"""

import sys
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from make_goldens import create, write

T, K = 50, 6  # K is no whole vector
# Steps and labels of each example: repeats that just fit, one label, none, ties of neighbours.
EXAMPLES = [
    (50, [3, 1, 4, 1, 5, 2, 2, 5, 3, 5]),
    (11, [2, 2, 2, 2, 2, 2]),
    (1, [5]),
    (23, []),
    (1, []),
    (40, [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 5, 5, 4, 3, 2]),
    (7, [4, 3, 2, 1, 2, 3, 4]),
    (50, [5]),
]


def make_data():
    rng = np.random.default_rng(70)
    length = np.array([steps for steps, _ in EXAMPLES], np.int32)
    inside = np.arange(T)[:, None] < length
    label = np.zeros((max(len(labels) for _, labels in EXAMPLES), len(EXAMPLES)), np.int32)
    for column, (_, labels) in enumerate(EXAMPLES):
        label[:len(labels), column] = labels
    # Some steps are sure of a class, right or wrong.
    logits = rng.standard_normal((T, len(EXAMPLES), K), np.float32)
    logits *= rng.choice(np.array([0.5, 2, 8], np.float32), (T, len(EXAMPLES), 1))
    return {"logits": logits * inside[:, :, None], "length": length, "label": label,
            "target_steps": np.array([len(labels) for _, labels in EXAMPLES], np.int32)}


def results(data):
    logits = torch.tensor(data["logits"], dtype=torch.float64, requires_grad=True)
    targets = torch.from_numpy(data["label"].T.copy()).long()
    loss = functional.ctc_loss(functional.log_softmax(logits, 2), targets,
                               torch.from_numpy(data["length"]).long(),
                               torch.from_numpy(data["target_steps"]).long(), reduction="none")
    loss.sum().backward()
    return {"loss": loss.detach().numpy(), "gradient": logits.grad.numpy()}


def main():
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[1] / "tests/golden")
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    data = make_data()
    with create(folder / "ctc.h5") as file:
        file.attrs["pytorch"] = str(torch.__version__)
        write(file, {**data, **results(data)})


if __name__ == "__main__":
    main()
