#!/usr/bin/python3
"""How the gradient travels back through time: ‖∂ℓ/∂h_t‖ for every t, while the model learns.

Four figures, each for all groups of runs: `gradient_flow` (the norm against the distance T − t
from the end of the sequence, one line per training step), `gradient_map` (the same as a map:
distance × training step), `gradient_slope` (how fast the norm falls per step back, against
training) and `gradient_phases` (the norm at initialisation, in the last row before the loss leaves
chance, and in the last row of runs that have solved their task). Norms are geometric means over the
batch, exp(log_norm), and medians over the runs of a group; one that is exactly zero is below all
others."""

import sys

import gradient_phases
import runs
import plot_options as options
import plot_style as style
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import PowerNorm
from matplotlib.ticker import FuncFormatter, MaxNLocator

EXAMPLES = """examples:
  scripts/plot_gradient_flow.py results/quickstart
  scripts/plot_gradient_flow.py results/quickstart --signal cell --out /tmp/figures
  scripts/plot_gradient_flow.py results/runs/adding-lstm-* --by train.seed --views slope"""

LINES = 14    # training steps drawn per panel of the flow figure
MARGIN = 10   # the slope is that of t ∈ [MARGIN, T − MARGIN], as in claims
PANEL = 2.0   # inches
DECADES = 24  # the flow and the map show so many decades below the largest norm


class Flow:
    """The gradient norms of a group of runs: natural logs, medians over its runs."""

    def __init__(self, label, members, group):
        series = []
        for run in members:
            series.append(gradient_phases.log_norms(run, group))
        time = members[0].axis(group, "time")
        self.label, self.count = label, len(members)
        self.members, self.group = members, group
        self.lag = len(time) - time                       # [T], 1 at the last step
        self.steps, log_norm = runs.align(series)         # [N], [R, N, T]
        self.log_norm = runs.middle(log_norm)[0]          # [N, T]
        self.slope = runs.middle(slopes(self.lag, log_norm))  # 3 × [N]


def slopes(lag, log_norm):
    """Least squares of log_norm [R, N, T] against lag [T]: nats per step back, [R, N]. NaN where
    fewer than two norms are left."""
    inner = (lag >= MARGIN) & (lag <= len(lag) - MARGIN)
    y = log_norm[..., inner]
    known = np.isfinite(y) & (y > gradient_phases.VANISHED)
    count = np.maximum(known.sum(axis=-1, keepdims=True), 1)
    x = np.where(known, lag[inner], 0)
    x = np.where(known, x - x.sum(axis=-1, keepdims=True) / count, 0)
    variance = (x * x).sum(axis=-1)
    covariance = (x * np.where(known, y, 0)).sum(axis=-1)
    return np.where(variance > 0, covariance / np.where(variance > 0, variance, 1), np.nan)


def flows(found, signal, layer, keys):
    group = f"gradients/{signal}/{layer}"
    result = []
    for label, members in runs.group(found, keys).items():
        members = [run for run in members if gradient_phases.log_norms(run, group)]
        lengths = {len(run.axis(group, "time")) for run in members}
        if len(lengths) > 1:
            raise runs.Failure(f"'{label}' has runs of different lengths",
                               "add task.length to --by, or choose with --select task.length=100")
        if members:
            result.append(Flow(label, members, group))
    if not result:
        layers = sorted({name for run in found for name in run.groups(f"gradients/{signal}")})
        raise runs.Failure(f"no run has rows of {group}",
                           f"there is: --layer {' '.join(layers)}" if layers
                           else "record them with record.instruments = gradient-flow")
    return result


def decades(norms):
    """Lowest and highest log10 norm to show, of arrays of natural logs."""
    values = np.concatenate([array[np.isfinite(array)] for array in norms])
    if not len(values):
        raise runs.Failure("every gradient norm is zero or not finite",
                           "look at the runs' outcome")
    top = values.max() / np.log(10)
    return max(values.min() / np.log(10), top - DECADES) - 0.2, top + 0.2


def power(value, _=None):
    return f"$10^{{{value:.0f}}}$"


def panels(shown, each):
    figure, axes = style.figure(rows=len(shown), height=0.9 + each * len(shown), sharex=True,
                                sharey=True)
    for flow, axis in zip(shown, axes[:, 0]):
        axis.set_title(style.wrap(f"{flow.label} ({runs.seeds(flow.count)})", 24))
    axes[-1, 0].set_xlabel("steps back from the end of the sequence, T − t")
    return figure, axes[:, 0]


def plot_flow(shown, symbol, stem):
    """One panel per group: a line per training step, from the initialisation to the end."""
    figure, axes = panels(shown, PANEL)
    low, high = decades([flow.log_norm for flow in shown])
    last = max(flow.steps[-1] for flow in shown)
    scale = PowerNorm(0.5, 0, max(last, 1))  # most happens early
    for flow, axis in zip(shown, axes):
        rows = np.unique((np.linspace(0, (len(flow.steps) - 1) ** 0.5, LINES) ** 2).astype(int))
        for row in rows:
            axis.plot(flow.lag, flow.log_norm[row] / np.log(10), linewidth=1.3,
                      color=style.PROGRESS(scale(flow.steps[row])))
        axis.plot(flow.lag, flow.log_norm[0] / np.log(10), color=style.INK, linewidth=2,
                  linestyle=(0, (4, 2)), label="before training")
        axis.set_ylim(low, high)
        axis.yaxis.set_major_locator(MaxNLocator(5, integer=True))
        axis.yaxis.set_major_formatter(FuncFormatter(power))
    axes[0].set_xlim(0, shown[0].lag.max())
    axes[0].legend(loc="lower right", bbox_to_anchor=(1, 1), borderaxespad=0, handlelength=1.6)
    figure.supylabel(f"gradient norm {symbol}", fontsize=11)
    figure.colorbar(plt.cm.ScalarMappable(scale, style.PROGRESS), ax=list(axes), aspect=50,
                    pad=0.02, label="training step")
    return style.save(figure, stem)


def plot_map(shown, symbol, stem):
    """One panel per group: distance from the end × training step, the norm as colour."""
    figure, axes = panels(shown, PANEL)
    low, high = decades([flow.log_norm for flow in shown])
    for flow, axis in zip(shown, axes):
        image = axis.pcolormesh(edges(flow.lag), edges(flow.steps), flow.log_norm / np.log(10),
                                cmap=style.HEAT, vmin=low, vmax=high, rasterized=True)
        axis.grid(False)
    axes[0].set_xlim(0, shown[0].lag.max())
    figure.supylabel("training step", fontsize=11)
    bar = figure.colorbar(image, ax=list(axes), aspect=50, pad=0.02, extend="min")
    bar.ax.yaxis.set_major_locator(MaxNLocator(7, integer=True))
    bar.ax.yaxis.set_major_formatter(FuncFormatter(power))
    bar.set_label(f"gradient norm {symbol}")
    return style.save(figure, stem)


def edges(centres):
    """The N+1 borders of cells around N sorted centres."""
    centres = np.asarray(centres, dtype=float)
    if len(centres) == 1:
        return centres[0] + np.array([-0.5, 0.5])
    between = (centres[1:] + centres[:-1]) / 2
    return np.concatenate([[2 * centres[0] - between[0]], between, [2 * centres[-1] - between[-1]]])


def plot_slope(shown, symbol, stem):
    """The slope of the log norm against T − t while training goes on: median and quartiles."""
    if not any(np.isfinite(flow.slope[0]).any() for flow in shown):
        raise runs.Failure("sequences too short for a slope", f"train on more than {2 * MARGIN} "
                           "steps, or leave it out with --views flow,map")
    labels = [style.wrap(f"{flow.label} ({runs.seeds(flow.count)})") for flow in shown]
    unchanged = "carried unchanged"
    figure, axis, legend = style.chart(labels + [unchanged])
    for index, (label, flow) in enumerate(zip(labels, shown)):
        colour, marker = style.colour(index)
        median, low, high = flow.slope
        axis.fill_between(flow.steps, low, high, color=colour, alpha=0.18, linewidth=0)
        axis.plot(flow.steps, median, color=colour, marker=marker, markersize=5,
                  markevery=style.mark_every(len(flow.steps)), label=label)
    axis.axhline(0, color=style.QUIET, linestyle=(0, (5, 3)), linewidth=1.4,
                 label=unchanged)
    axis.set_xlim(left=0)
    axis.set_xlabel("training step")
    axis.set_ylabel(f"slope of ln {symbol}, per step back")
    legend()
    return style.save(figure, stem)


def plot_phases(shown, symbol, stem, metric="valid/loss", target=None):
    """Three panels, one line per group: the norm at three moments of training."""
    phases = {flow.label: gradient_phases.profiles(flow.members, flow.group, metric, target)
              for flow in shown}
    labels = [style.wrap(flow.label, 24) for flow in shown]
    legend = 0.1 + 0.2 * sum(label.count("\n") + 1 for label in labels[::2])  # inches
    height = 0.9 + legend + PANEL * len(gradient_phases.PHASES)
    figure, axes = style.figure(len(gradient_phases.PHASES), height, sharex=True, sharey=True)
    low, high = decades([line for profile in phases.values() for _, _, *lines in profile.values()
                         for line in lines])
    runs_in_all = sum(flow.count for flow in shown)
    for axis, (phase, title) in zip(axes[:, 0], gradient_phases.PHASES.items()):
        counted = 0
        for index, flow in enumerate(shown):
            colour, marker = style.colour(index)
            count, lag, *norms = phases[flow.label].get(phase, (0, [np.nan], *[[np.nan]] * 3))
            median, below, above = (np.array(line) / np.log(10) for line in norms)
            axis.fill_between(lag, below, above, color=colour, alpha=0.18, linewidth=0)
            axis.plot(lag, median, color=colour, marker=marker, markersize=5,
                      markevery=style.mark_every(len(lag)), label=labels[index])
            counted += count
        axis.set_title(f"{title} ({counted} of {runs_in_all} runs)")
        axis.set_ylim(low, high)
        axis.yaxis.set_major_locator(MaxNLocator(5, integer=True))
        axis.yaxis.set_major_formatter(FuncFormatter(power))
    axes[0, 0].set_xlim(0, shown[0].lag.max())
    axes[-1, 0].set_xlabel("steps back from the end of the sequence, T − t")
    figure.supylabel(f"gradient norm {symbol}", fontsize=11)
    figure.get_layout_engine().set(rect=(0, 0, 1, 1 - legend / height))
    figure.legend(handles=axes[0, 0].lines, loc="upper left", ncol=2)
    return style.save(figure, stem)


VIEWS = {"flow": plot_flow, "map": plot_map, "slope": plot_slope, "phases": plot_phases}


def plot(found, folder, views=tuple(VIEWS), signal="hidden", layer="layers.0.forward",
         keys=("model.name",), prefix="", metric="valid/loss", target=None):
    """Draws FOLDER/<prefix>gradient_<view>.png and .svg for each view; returns
    {view: (png, svg)}."""
    shown = flows(found, signal, layer, keys)
    symbol = "‖∂ℓ/∂h$_t$‖" if signal == "hidden" else "‖∂ℓ/∂c$_t$‖"
    phases = {"phases": {"metric": metric, "target": target}}
    return {view: VIEWS[view](shown, symbol, folder / f"{prefix}gradient_{view}",
                              **phases.get(view, {}))
            for view in views}


def main():
    parser = options.parser(__doc__, EXAMPLES, "figures", each="panel", metric="valid/loss",
                            out_help="folder of the figures")
    parser.add_argument("--views", default=",".join(VIEWS), metavar="LIST",
                        help="which figures, with commas (default: %(default)s)")
    parser.add_argument("--signal", choices=["hidden", "cell"], default="hidden",
                        help="hidden: h_t; cell: an LSTM's c_t (default: %(default)s)")
    parser.add_argument("--layer", default="layers.0.forward", help="default: %(default)s")
    parser.add_argument("--prefix", default="", help="what the files' names begin with")
    options.add_target(parser)
    arguments, found, folder = options.parse(parser)
    views = arguments.views.split(",")
    for view in views:
        if view not in VIEWS:
            raise runs.Failure(f"no view '{view}'", f"there are: {' '.join(VIEWS)}")
    figures = plot(found, folder, views, arguments.signal, arguments.layer, arguments.by,
                   arguments.prefix, arguments.metric, arguments.target)
    for paths in figures.values():
        options.written(paths)


if __name__ == "__main__":
    sys.exit(runs.main(main))
