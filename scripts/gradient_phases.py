"""The gradient's way back through time at three moments of each run: at initialisation, while it is
stuck at chance, and once it has solved its task."""

import numpy as np

import reaching
import runs

LEFT = 0.9  # of the chance level: below that, a run has left it
VANISHED = np.log(1e-300)  # stands for ln 0 in medians, below all that is shown

PHASES = {"first": "at initialisation", "stuck": "while stuck at chance",
          "solved": "once solved"}


def log_norms(run, group):
    """(training steps [N], ln ‖∂ℓ/∂h_t‖ [N, T]): VANISHED where it is exactly zero for every
    example, NaN past every example's end."""
    rows = run.read(group, "step", "log_norm", "norm")
    if rows is None:
        return None
    step, log_norm, norm = rows
    return step, np.where(norm == 0, VANISHED, np.where(np.isfinite(log_norm), log_norm, np.nan))


def moments(run, step, metric, target=None):
    """{phase: row of the gradient's rows at `step`} for the phases that the run has. Stuck: the last
    row before the validation at which `metric` has left chance; solved: the last row of a run that
    reached its target."""
    rows = {"first": 0}
    valid = run.read("metrics/" + metric.rpartition("/")[0], "step", metric.rpartition("/")[2])
    chance = run.attributes.get("chance_loss")
    if valid is not None and chance:
        at, values = valid
        left = np.flatnonzero(values < LEFT * chance)
        until = at[-1] if not len(left) else at[left[0] - 1] if left[0] > 0 else -1
        before = np.flatnonzero(step <= until)
        if len(before) and before[-1] > 0:
            rows["stuck"] = before[-1]
    passed = reaching.passage(run, target)
    if passed is not None and passed[1]:
        rows["solved"] = len(step) - 1
    return rows


def profiles(members, group, metric, target=None):
    """{phase: (number of runs, lag [T], median, low and high [T] of ln ‖∂ℓ/∂h_t‖)}."""
    found = {}
    for run in members:
        step, log_norm = log_norms(run, group)
        for phase, row in moments(run, step, metric, target).items():
            found.setdefault(phase, []).append(log_norm[row])
    time = members[0].axis(group, "time")
    return {phase: (len(rows), len(time) - time, *runs.middle(np.array(rows)))
            for phase, rows in found.items()}
