#!/usr/bin/python3
"""What slope of ln ‖∂ℓ/∂h_t‖ against T − t an untrained tanh RNN has on the adding problem, over
random initialisations: plain NumPy, so that the study's claim has something independent to be held
against.

Prints mean, standard deviation and median over the networks. A few seconds."""

import numpy as np

HIDDEN, LENGTH, BATCH, NETWORKS = 64, 100, 32, 200


def slope(seed):
    random = np.random.default_rng(seed)

    def glorot(rows, columns):
        bound = np.sqrt(6 / (rows + columns))
        return random.uniform(-bound, bound, (rows, columns))

    recurrent, inputs, output = glorot(HIDDEN, HIDDEN), glorot(HIDDEN, 2), glorot(1, HIDDEN)
    x = np.zeros((LENGTH, 2, BATCH))
    x[:, 0] = random.random((LENGTH, BATCH))
    for b in range(BATCH):
        x[random.integers(LENGTH // 2), 1, b] = 1
        x[random.integers(LENGTH // 2, LENGTH), 1, b] = 1
    hidden = [np.zeros((HIDDEN, BATCH))]
    for step in x:
        hidden.append(np.tanh(recurrent @ hidden[-1] + inputs @ step))
    # The error scales a whole example's gradient and leaves its slope alone. The norm is divided
    # out at every step, so that nothing underflows.
    gradient, log_norm = np.tile(output.T, (1, BATCH)), np.zeros(BATCH)
    by_time = np.zeros(LENGTH)
    for t in reversed(range(LENGTH)):
        norm = np.linalg.norm(gradient, axis=0)
        log_norm = log_norm + np.log(norm)
        by_time[t] = log_norm.mean()
        gradient = recurrent.T @ ((1 - hidden[t + 1] ** 2) * gradient / norm)
    t = np.arange(LENGTH)
    inner = (t >= 10) & (t <= LENGTH - 10)
    return np.polyfit((LENGTH - t)[inner], by_time[inner], 1)[0]


if __name__ == "__main__":
    slopes = np.array([slope(seed) for seed in range(NETWORKS)])
    print(f"mean {slopes.mean():.3f}  sd {slopes.std():.3f}  median {np.median(slopes):.3f}  "
          f"networks {NETWORKS}")
