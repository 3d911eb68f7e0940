#!/usr/bin/python3
"""How long it takes to reach the target. By default the share of runs that have reached it by each
training step (the product-limit curve of Kaplan and Meier): runs that have not got there yet count
as long as they were seen, and have a tick where that ends; runs that diverged never get there. With
--x KEY: a dot for the step at which each run got there, an arrow upwards from where one was last
seen without, and a line through the medians."""

import sys

import runs
import plot_by_key
import plot_options as options
import plot_style as style
import reaching
import numpy as np

EXAMPLES = """examples:
  scripts/plot_steps_to_target.py results/quickstart
  scripts/plot_steps_to_target.py results/lengths --x task.length --target 0.01 --log"""

STEP = "step"


def groups(found, keys, target, metric):
    """[(label, runs, passages)] of the groups that have passages."""
    name = metric.rpartition("/")[2] if metric else None
    result = []
    for label, members in runs.group(found, keys).items():
        passed = reaching.passages(members, target, name)
        if passed:
            result.append((label, members, passed))
    if not result:
        reaching.need(found, target, name)
        raise runs.Failure("no run has a validation", "set train.eval_every above 0")
    return result


def counted(label, passed):
    return f"{label} ({sum(reached for _, reached in passed)} of {len(passed)})"


def draw_curves(axis, shown, labels):
    last = max([step for *_, passed in shown for step, _ in passed if np.isfinite(step)],
               default=1)
    for index, (label, (_, _, passed)) in enumerate(zip(labels, shown)):
        colour, marker = style.colour(index)
        steps, shares = reaching.kaplan_meier(passed)
        seen = max([step for step, _ in passed if np.isfinite(step)], default=last)
        xs, ys = np.r_[0, steps, seen], np.r_[0, shares, shares[-1:] if len(shares) else 0]
        axis.step(xs, ys, where="post", color=colour, label=label, marker=marker, markersize=5,
                  markevery=slice(1, -1))
        ends = [step for step, reached in passed if not reached and np.isfinite(step)]
        at = ys[np.searchsorted(xs[:-1], ends, side="right") - 1] if ends else []
        axis.plot(ends, at, "|", color=colour, markersize=11, markeredgewidth=1.6)
    axis.set_ylim(-0.03, 1.03)
    axis.set_xlabel("training step")
    axis.set_ylabel("share that has reached the target")


def draw_points(axis, shown, labels, key, target, metric):
    name = metric.rpartition("/")[2] if metric else None
    for index, (label, (_, members, _)) in enumerate(zip(labels, shown)):
        colour, marker = style.colour(index)
        by = plot_by_key.by_value(members, key,
                                  lambda run: reaching.passage(run, target, name))
        xs = sorted(by)
        medians = np.array([reaching.median_step(by[x]) for x in xs])
        axis.plot(xs, np.where(np.isfinite(medians), medians, np.nan), color=colour, marker=marker,
                  markersize=7, label=label)
        points = [(x, *passed) for x in xs for passed in by[x]]
        there = [(x, step) for x, step, reached in points if reached]
        missing = [(x, step) for x, step, reached in points if not reached and np.isfinite(step)]
        axis.plot(*zip(*there) if there else ([], []), linestyle="none", color=colour,
                  marker=marker, markersize=4, alpha=0.55)
        axis.plot(*zip(*missing) if missing else ([], []), linestyle="none", color=colour,
                  marker="$\\uparrow$", markersize=11)
    axis.set_xlabel(key.split(".")[-1].replace("_", " "))
    axis.set_ylabel("steps to the target")


def plot(found, stem, x=STEP, keys=("model.name",), log=False, target=None, metric=None):
    """Draws the figure into STEM.png and STEM.svg; returns their paths."""
    shown = groups(found, keys, target, metric)
    labels = [style.wrap(counted(label, passed)) for label, _, passed in shown]
    figure, axis, legend = style.chart(labels)
    if x == STEP:
        draw_curves(axis, shown, labels)
        axis.set_xscale("symlog" if log else "linear")
        axis.set_xlim(left=0)
    else:
        draw_points(axis, shown, labels, x, target, metric)
        axis.set_yscale("log" if log else "linear")
        if not log:
            axis.set_ylim(bottom=0)
    legend()
    return style.save(figure, stem)


def main():
    parser = options.parser(__doc__, EXAMPLES, "figures/steps_to_target")
    parser.add_argument("--metric", default=None, metavar="PATH",
                        help="of the validation, such as valid/loss (default: the task's own)")
    parser.add_argument("--x", default=STEP, metavar="KEY",
                        help="step, or a numeric configuration key (default: %(default)s)")
    options.add_log(parser, "the steps")
    options.add_target(parser)
    arguments, found, stem = options.parse(parser)
    options.written(plot(found, stem, arguments.x, arguments.by, arguments.log, arguments.target,
                         arguments.metric))


if __name__ == "__main__":
    sys.exit(runs.main(main))
