#!/usr/bin/python3
"""A result against a setting: what runs ended with (the last row of a metric) over a numeric key of
their configuration, such as the length of the sequences. One line per group of runs: the median over
its seeds, and a bar from the lowest to the highest."""

import sys
from pathlib import Path

import runs
import plot_curves
import plot_style as style
import numpy as np

EXAMPLES = """examples:
  scripts/plot_by_key.py results/attention --by task.name,model.attention
  scripts/plot_by_key.py results/lengths --metric test/mse --key task.length --out /tmp/by_length"""


def numeric(run, key):
    try:
        return float(runs.value_of(run, key))
    except ValueError:
        raise runs.Failure(f"{key} = {run.config[key]} is no number",
                           "choose a numeric --key") from None


def lines(found, metric, key, keys):
    """One (label, x [N], median [N], low [N], high [N]) per group that has the metric, for groups
    in which `key` takes several values."""
    group, _, name = ("metrics/" + metric).rpartition("/")
    result = []
    for label, members in runs.group(found, keys).items():
        ends = {}
        for run in members:
            if (series := run.read(group, name)) is not None:
                ends.setdefault(numeric(run, key), []).append(series[0][-1])
        if len(ends) < 2:
            continue
        xs = sorted(ends)
        median, low, high = (np.array([f(ends[x]) for x in xs]) for f in (np.median, min, max))
        result.append((label, np.array(xs), median, low, high))
    return result


def plot(found, stem, metric="test/accuracy", key="task.length", keys=("model.name",)):
    """Draws the figure into STEM.png and STEM.svg; returns their paths."""
    shown = lines(found, metric, key, keys)
    if not shown:
        raise runs.Failure(f"no group of runs has '{metric}' at several values of {key}",
                           "name another --metric or --key")
    labels = [style.wrap(label) for label, *_ in shown]
    figure, axis, legend = style.chart(labels)
    for index, (label, (_, xs, median, low, high)) in enumerate(zip(labels, shown)):
        colour, marker = style.colour(index)
        axis.errorbar(xs, median, [median - low, high - median], color=colour, marker=marker,
                      markersize=5, capsize=2.5, elinewidth=1.2, label=label)
    axis.set_xlabel(key.split(".")[-1].replace("_", " "))
    axis.set_ylabel(plot_curves.metric_label(metric))
    legend()
    return style.save(figure, stem)


def main():
    parser = runs.Parser(__doc__, EXAMPLES)
    parser.add_argument("folders", nargs="+", metavar="DIR", help="run, sweep or study folders")
    parser.add_argument("--metric", default="test/accuracy", metavar="PATH",
                        help="below /metrics of the run files (default: %(default)s)")
    parser.add_argument("--key", default="task.length", help="default: %(default)s")
    parser.add_argument("--by", default="model.name", metavar="KEYS",
                        help="configuration keys, with commas; a line for each of their values "
                             "(default: %(default)s)")
    parser.add_argument("--select", default="", metavar="CONDITIONS",
                        help="only runs with these settings: \"task.name=reverse\"")
    parser.add_argument("--out", type=Path, metavar="STEM",
                        help="writes STEM.png and STEM.svg (default: DIR/figures/by_key)")
    arguments = parser.parse_args()
    if "/" not in arguments.metric:
        raise runs.Failure(f"'{arguments.metric}' names no split", "write it as test/accuracy")
    style.apply()
    stem = arguments.out or Path(arguments.folders[0]) / "figures" / "by_key"
    for path in plot(runs.find(arguments.folders, arguments.select), stem, arguments.metric,
                     arguments.key, arguments.by.split(",")):
        print(path)


if __name__ == "__main__":
    sys.exit(runs.main(main))
