"""The figures of a report: a study's runs cut into parts that can be drawn together, and for each
figure what stands beside it. A figure that cannot be made is left out with a sentence."""

import shlex
import traceback

import plot_alignment
import plot_by_key
import plot_curves
import plot_gradient_flow
import plot_steps_to_target
import plot_theory
import reaching
import runs
import numpy as np
from report_html import by_label, escape, figure, number

LENGTH = "task.length"
LENGTHS = 3       # a result by length takes so many
CURVE_STEPS = 10  # runs of no more steps have no curve to draw
PANELS = 6        # gradient figures of more groups than that say nothing at a glance


class Part:
    """The runs of a study that belong into one figure, and how its figures are called and made."""

    def __init__(self, part, members, study, place, alone):
        self.members, self.study, self.steps = members, study, int(part["train.steps"] or 0)
        keys, self.groups = runs.configurations(members)
        self.keys = keys or ["model.name"]
        task, length = part["task.name"], part["task.length"]
        steps = "1 step" if self.steps == 1 else f"{self.steps} steps"
        self.title = f"{task}, length {length}, {steps} of training"
        self.heading = "" if alone else f": {escape(self.title)}"
        self.prefix = "" if alone else f"{task}-{length}-steps-{self.steps}-"
        select = " ".join(f"{key}={value}" for key, value in part.items())
        self.options = f"{place} --by {','.join(self.keys)}" + (
            "" if alone else f" --select {shlex.quote(select)}")


def curves_figure(part):
    """The learning curves of the first metric that the runs have."""
    if part.steps <= CURVE_STEPS:
        raise runs.Failure("too few steps for a curve", f"it takes more than {CURVE_STEPS}")
    found, keys = part.members, part.keys
    metric = next((m for m in ("valid/mse", "valid/nll", "valid/accuracy",
                               "valid/label_error_rate", "train/loss")
                   if plot_curves.curves(found, m, "step", keys)), "train/loss")
    stem = part.study / "figures" / f"{part.prefix}curves"
    paths = plot_curves.plot(found, stem, metric, keys=keys)
    lines = plot_curves.curves(found, metric, "step", keys)
    ends = by_label((label, median[np.isfinite(median)][-1]) for label, _, _, median, *_ in lines
                    if np.isfinite(median).any())
    what = plot_curves.metric_label(metric)
    caption = (f"The {escape(what)} while training goes on: median (line) and quartiles (band) "
               f"over the seeds. At the end: {escape(ends)}.")
    diverged = ", ".join(f"{label} ({count} of {len(members)} runs)" for label, members
                         in part.groups.items() if (count := runs.states(members)["diverged"]))
    if diverged:
        caption += f" Diverged, so that the line ends early: {escape(diverged)}."
    chance = runs.chance_loss(found)
    if chance is not None and metric.rpartition("/")[2] in plot_curves.CHANCE_METRICS:
        caption += (f" The dashed line, {number(chance)}, is the loss of the best predictor that "
                    "never looks at its input: a curve that stays there has learnt nothing.")
    out = f" --out {shlex.quote(str(stem))}" if part.prefix else ""
    return [figure(paths, "Who learns" + part.heading,
                   f"Line chart of {what} against training step; at the end: {ends}", caption,
                   f"scripts/plot_curves.py {part.options} --metric {metric}{out}")]


def target_figure(part):
    """How long it took to reach the target, if any run got there."""
    if part.steps <= CURVE_STEPS or not any(there for _, there in reaching.passages(part.members)):
        return []
    stem = part.study / "figures" / f"{part.prefix}steps_to_target"
    paths = plot_steps_to_target.plot(part.members, stem, keys=part.keys)
    shown = plot_steps_to_target.groups(part.members, part.keys, None, None)
    counts = "; ".join(plot_steps_to_target.counted(label, passed) for label, _, passed in shown)
    medians = [(label, reaching.median_step(passed)) for label, _, passed in shown]
    half = by_label((label, step) for label, step in medians if np.isfinite(step)) or "none"
    out = f" --out {shlex.quote(str(stem))}" if part.prefix else ""
    return [figure(paths, "Who reaches the target, and when" + part.heading,
                   f"Line chart of the share of runs that have reached their target against "
                   f"training step; in all: {counts}",
                   "The share of seeds whose validation has reached the target, the run's own or "
                   "that of its task, by each training step (Kaplan and Meier's curve; a tick: a "
                   f"run was seen so long without). In all: {escape(counts)}. Step by which half "
                   f"had: {escape(half)}.",
                   f"scripts/plot_steps_to_target.py {part.options}{out}")]


def gradient_figures(part):
    """The views of the gradient's way back through time."""
    layer = "layers.0.forward"
    if part.steps <= CURVE_STEPS:
        raise runs.Failure("too few steps to see it change", f"it takes more than {CURVE_STEPS}")
    flows = plot_gradient_flow.flows(part.members, "hidden", layer, part.keys)
    if len(flows) > PANELS:
        raise runs.Failure(f"{len(flows)} groups of runs are too many for one figure",
                           "choose some with scripts/plot_gradient_flow.py --select")
    sloped = any(np.isfinite(flow.slope[0]).any() for flow in flows)
    views = ["phases", "slope", "flow", "map"] if sloped else ["phases", "flow", "map"]
    paths = plot_gradient_flow.plot(part.members, part.study / "figures", views, keys=part.keys,
                                    prefix=part.prefix)
    prefix = f" --prefix {part.prefix}" if part.prefix else ""
    command = f"scripts/plot_gradient_flow.py {part.options}{prefix} --views "
    first = by_label((f.label, f.slope[0][0]) for f in flows if np.isfinite(f.slope[0][0]))
    last = by_label((f.label, f.slope[0][np.isfinite(f.slope[0])][-1]) for f in flows
                    if np.isfinite(f.slope[0]).any())
    texts = {
        "phases": ("Before, during and after",
                   "Three panels, a line per model: gradient norm on a logarithmic axis against "
                   "steps back from the end, at initialisation, while stuck at chance, once solved",
                   "The same norms at three moments: untrained; in the last row before the "
                   "validation loss falls below nine tenths of the chance level (of runs that stay "
                   "there, their last row); and at the end of the runs that reached their target. "
                   "Median and quartiles over those of the seeds that have such a moment."),
        "slope": ("How fast the gradient vanishes",
                  f"Line chart of the slope of the log gradient norm against training step; before "
                  f"training: {first}; at the end: {last}",
                  "One number per line of the next figure: the least-squares slope of "
                  "<span class=\"whole\">ln ‖∂ℓ/∂h<sub>t</sub>‖</span> against T − t, the ten "
                  "steps at either end left out; median and quartiles over the seeds. Before "
                  f"training: {escape(first)}; at the end: {escape(last)}. Zero carries a gradient "
                  "unchanged, below zero it vanishes."),
        "flow": ("The gradient on its way back through time",
                 "One panel per model: gradient norm on a logarithmic axis against steps back from "
                 f"the end, a line per training step; slopes at the end: {last}",
                 "Each line is one moment of training, from dark (early) to light (late); the "
                 "dashed one is the untrained network. The norms are geometric means over a batch "
                 "and medians over the seeds."),
        "map": ("The same, as a map",
                "One heat map per model: steps back from the end against training step, coloured "
                "by the gradient norm",
                "Training runs upwards, the sequence's end is on the left. Where the map is black, "
                "learning has next to nothing to go by."),
    }
    return [figure(paths[view], title + part.heading, alt, caption, command + view)
            for view, (title, alt, caption) in texts.items() if view in paths]


def theory_figure(verdict, study, place):
    """Theory against measurement, if a claim of the verdict has points."""
    claims = plot_theory.claims_with_points(verdict)
    if not claims:
        return []
    paths = plot_theory.plot(verdict, study / "figures" / "theory")
    names = ", ".join(claim["name"] for claim in claims)
    return [figure(paths, "Theory and measurement",
                   f"One panel per claim, theory and measured values with intervals: {names}",
                   "A panel for each claim that names a theory or a trend. Hollow markers joined "
                   "by lines: what the theory gives for exactly those settings; filled ones: what "
                   "the runs have, with the 95 % interval over the seeds, often narrower than the "
                   "marker. A gap between the two, not the shape, decides the claim.",
                   f"scripts/plot_theory.py {place}")]


def by_length(found):
    """(runs of which there are three lengths or more, keys that tell their groups apart, select)."""
    keys = [k for k in runs.configurations(found)[0] if k != LENGTH] or ["model.name"]
    groups = {}
    for run in found:
        groups.setdefault(tuple(run.config.get(k) for k in keys), []).append(run)
    several = [run for members in groups.values()
               if len({run.config.get(LENGTH) for run in members}) >= LENGTHS for run in members]
    same = {k: several[0].config[k] for k in keys if several and k in several[0].config
            and all(run.config.get(k) == several[0].config[k] for run in several)}
    keys = [k for k in keys if k not in same and all(k in run.config for run in several)]
    select = " ".join(f"{k}={value}" for k, value in same.items())
    return several, keys or ["model.name"], f" --select {shlex.quote(select)}" if select else ""


def length_figures(found, study, place):
    """What runs ended with, and how many solved it, by the length of their sequences."""
    several, keys, select = by_length(found)
    if not several:
        return []
    metric = next(m for m in ("test/accuracy", "test/mse", "test/nll", "test/label_error_rate",
                              "test/loss")
                  if any(run.read("metrics/test", m.split("/")[1]) for run in several))
    texts = {metric: ("By length", "by_key", "median over the seeds, and a bar from the lowest to "
                      "the highest")}
    if any(there for _, there in reaching.passages(several)):
        texts[plot_by_key.SOLVED] = ("Solved, by length", "solved_by_key", "of the seeds, with "
                                     "Wilson's 95 % interval")
    result = []
    for shown, (title, name, how) in texts.items():
        stem = study / "figures" / name
        lines = plot_by_key.lines(several, shown, LENGTH, keys)
        paths = plot_by_key.plot(several, stem, shown, LENGTH, keys)
        what = plot_by_key.metric_label(shown)
        ends = by_label((label, middle[-1]) for label, _, middle, *_ in lines)
        out = "" if name == "by_key" else f" --out {shlex.quote(str(stem))}"
        result.append(figure(
            paths, title,
            f"Line chart of the {what} against the length of the sequences; at the longest: {ends}",
            f"The {escape(what)} by the length of the sequences: {how}. At the longest: "
            f"{escape(ends)}.",
            f"scripts/plot_by_key.py {place} --metric {shown} --by {','.join(keys)}{select}{out}"))
    return result


def alignment_figure(found, study, place):
    """What attention looked at, if runs have recorded it."""
    keys = ["task.name"]
    shown = plot_alignment.maps(found, keys)
    if not shown:
        return []
    paths = plot_alignment.plot(found, study / "figures" / "alignment", keys)
    names = ", ".join(label for label, *_ in shown)
    return [figure(paths, "What attention looks at",
                   f"One heat map per task, the source across and the target downwards: {names}",
                   "One example at the end of training: the weight of every step of the source "
                   "when each step of the target is predicted, dark where it is 1. The last row "
                   "of a map is the step at which the target ends.",
                   f"scripts/plot_alignment.py {place}")]


def drawn(make, what, left_out):
    """The figures that `make` returns; where it cannot, none, and one sentence in `left_out`."""
    try:
        return make()
    except runs.Failure as failure:
        left_out.append(f"{what}: {failure.what}.")
    except Exception as error:  # the numbers are worth a report without the figure
        traceback.print_exc()
        left_out.append(f"{what}: {type(error).__name__}: {error}.")
    return []
