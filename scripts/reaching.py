"""When runs reached their target: passages, the share of runs by step, intervals of shares.

The same rules as the program's: a run has reached its target at the first validation that is as good
as that; one that diverged never will; any other has been seen until its last validation."""

import numpy as np

import runs

LOWER_IS_BETTER = {"mse", "loss", "nll", "bits_per_character", "perplexity",
                   "label_error_rate"}
Z = 1.959963984540054  # 95 %


def quality(run):
    """The name of the metric that the run's task is told in."""
    with run.open() as file:
        names = set(file.get("metrics/valid", {})) - {"step", "seconds", "sequence_accuracy"}
    return next(iter(sorted(names - {"loss"})), "loss")


def target_of(run, target=None, metric=None):
    """The value to reach: the one given, else the run's own `train.target`, else where its task is
    solved; None if there is none. Those of a run are of its task's quality, of no other metric."""
    if target is None:
        if metric not in (None, quality(run)):
            return None
        target = float(run.config.get("train.target", 0)) or run.attributes.get("solved", 0)
    return float(target) or None


def passage(run, target=None, metric=None):
    """(step, reached): when the run was as good as its target, or, not reached, until when it was
    seen not to be; infinite if it never will. None without a target or a validation."""
    target = target_of(run, target, metric)
    name = metric or quality(run)
    rows = run.read("metrics/valid", "step", name)
    if target is None or rows is None:
        return None
    if run.state == "diverged":
        return np.inf, False
    step, values = rows
    there = values <= target if name in LOWER_IS_BETTER else values >= target
    return (float(step[there][0]), True) if there.any() else (float(step[-1]), False)


def passages(found, target=None, metric=None):
    """The passages of those runs that have one."""
    return [p for run in found if (p := passage(run, target, metric)) is not None]


def need(found, target=None, metric=None):
    """A failure if no run has a target."""
    if all(target_of(run, target, metric) is None for run in found):
        what = f" for {metric}" if metric else ""
        raise runs.Failure(f"no run has a target{what}", "give one, such as --target 0.01")


def kaplan_meier(passed):
    """(steps [N], share [N] that has reached it by then): the product-limit curve."""
    steps, shares, left = [], [], 1.0
    for step in sorted({step for step, reached in passed if reached}):
        at_risk = sum(s >= step for s, _ in passed)
        left *= 1 - sum(reached and s == step for s, reached in passed) / at_risk
        steps.append(step)
        shares.append(1 - left)
    return np.array(steps), np.array(shares)


def median_step(passed):
    """The first step by which half of the runs have got there, by the product-limit curve; infinite
    if they never have."""
    steps, shares = kaplan_meier(passed)
    there = shares >= 0.5 - 1e-12
    return steps[there][0] if there.any() else np.inf


def wilson(count, n):
    """(share, low, high): the share count / n with Wilson's 95 % interval."""
    share = count / n
    middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * np.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    return share, max(0.0, middle - half), min(1.0, middle + half)
