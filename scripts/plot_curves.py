#!/usr/bin/python3
"""Learning curves: a metric against training, one line per group of runs: the median over its
seeds, and a band from the lower to the upper quartile, or from the lowest to the highest."""

import sys

import runs
import plot_options as options
import plot_style as style
import numpy as np

EXAMPLES = """examples:
  scripts/plot_curves.py results/quickstart
  scripts/plot_curves.py results/quickstart --metric train/loss --x seconds
  scripts/plot_curves.py results/runs/adding-* --by model.name,task.length --log --out /tmp/all"""

X_LABELS = {"step": "training step", "examples": "examples seen", "seconds": "seconds of training"}

# What a metric is called on an axis, where its name alone says too little.
UNITS = {"mse": "mean squared error", "loss": "loss", "accuracy": "accuracy",
         "nll": "nats per frame", "grad_norm": "gradient norm before clipping"}
SPLITS = {"train": "training", "valid": "validation", "test": "test"}


EXPLODED = 5  # a line that ends so many times above chance takes a logarithmic axis
CHANCE = "best without the input"
CHANCE_METRICS = ("mse", "nll", "loss")  # those in the unit of the loss


def metric_label(metric):
    split, name = metric.split("/", 1)
    return f"{SPLITS.get(split, split)} {UNITS.get(name, name.replace('_', ' '))}"


def x_of(run, group, x):
    """The x values [N] of a group's rows, in the unit asked for."""
    step = run.read(group, "step")[0]
    if x == "examples":
        return step * float(runs.value_of(run, "train.batch"))
    if x == "seconds":
        clock = run.read("metrics/train", "step", "seconds")
        return step * np.nan if clock is None else np.interp(step, *clock)
    return step


BANDS = {"quartiles": (0.25, 0.75), "range": (0, 1)}  # quantiles


def curves(found, metric, x, keys, band="quartiles"):
    """One (label, n, x [N], median [N], low [N], high [N]) per group that has the metric."""
    group, _, name = ("metrics/" + metric).rpartition("/")
    result = []
    for label, members in runs.group(found, keys).items():
        members = [(run, run.read(group, "step", name)) for run in members]
        members = [(run, series) for run, series in members if series is not None]
        if not members:
            continue
        steps, values = runs.align([series for _, series in members])
        _, positions = runs.align([(series[0], x_of(run, group, x)) for run, series in members])
        result.append((label, len(members), runs.middle(positions)[0], *runs.middle(values, BANDS[band])))
    return result


def plot(found, stem, metric="valid/mse", x="step", keys=("model.name",), log=False,
         band="quartiles"):
    """Draws the figure into STEM.png and STEM.svg; returns their paths."""
    lines = curves(found, metric, x, keys, band)
    if not lines:
        raise runs.Failure(f"no run has rows of '{metric}'", "name one that the run files have "
                           "below /metrics, such as train/loss")
    chance = runs.chance_loss(found) if metric.rpartition("/")[2] in CHANCE_METRICS else None
    labels = [style.wrap(f"{label} ({runs.seeds(count)})") for label, count, *_ in lines]
    figure, axis, legend = style.chart(labels + [CHANCE] * (chance is not None))
    for index, (label, (_, _, xs, median, low, high)) in enumerate(zip(labels, lines)):
        colour, marker = style.colour(index)
        axis.fill_between(xs, low, high, color=colour, alpha=0.18, linewidth=0)
        axis.plot(xs, median, color=colour, marker=marker, markersize=5,
                  markevery=style.mark_every(len(xs)), label=label)
    if chance is not None:
        axis.axhline(chance, color=style.QUIET, linestyle=(0, (5, 3)), linewidth=1.4,
                     label=CHANCE)
    ends = [median[np.isfinite(median)][-1] for *_, median, _, _ in lines
            if np.isfinite(median).any()]
    if log or chance is not None and max(ends, default=0) > EXPLODED * chance > 0:
        axis.set_yscale("log")
    elif chance is not None and chance > 0:
        # What lies far above chance are the first steps and single jumps: they would hide the rest.
        axis.set_ylim(-0.05 * chance, min(axis.get_ylim()[1], 1.6 * chance))
    axis.set_xlim(left=0)
    axis.set_xlabel(X_LABELS[x])
    axis.set_ylabel(metric_label(metric))
    legend()
    return style.save(figure, stem)


def main():
    parser = options.parser(__doc__, EXAMPLES, "figures/curves", metric="valid/mse")
    parser.add_argument("--x", choices=X_LABELS, default="step", help="default: %(default)s")
    parser.add_argument("--band", choices=BANDS, default="quartiles",
                        help="what is shaded around the median (default: %(default)s)")
    options.add_log(parser, "the metric")
    arguments, found, stem = options.parse(parser)
    options.written(plot(found, stem, arguments.metric, arguments.x, arguments.by, arguments.log,
                         arguments.band))


if __name__ == "__main__":
    sys.exit(runs.main(main))
