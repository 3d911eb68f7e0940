#!/usr/bin/python3
"""Writes README.md and the roofline figure of a folder that scripts/bench_report has measured into:
from its train_step.csv and machine.json, and from nothing else."""

import csv
import math
import statistics
import sys
from pathlib import Path

import bench_figure
import plot_style as style
import runs

EXAMPLES = """examples:
  scripts/bench_page.py results/performance"""

# Ours in the tables: the program itself, gradient flow traced and written at every step.
OURS, PLAIN, TRACED = "rnnlab run", "rnnlab_bench", "rnnlab_bench traced"
RIVALS = {"pytorch": "PyTorch", "onednn": "oneDNN"}
ORDER = {"vanilla": 0, "lstm": 1, "gru": 2}

HEAD = """# A training step beside PyTorch's and oneDNN's

Written by `scripts/bench_report`; nothing here is by hand. A step is: forward, softmax cross-entropy over
10 classes at every t, back-propagation through all T steps, Adam on all weights; input width 10, float32.
**rnnlab** is `rnnlab run --profile` on the task `noise`, which also draws a new batch, traces the gradient
flow at every step and writes it to run.h5. PyTorch is `nn.RNN`, `nn.LSTM` or `nn.GRU`, oneDNN its RNN
primitives `vanilla_rnn`, `lstm` and `lbr_gru`; each starts from the same parameters and examples as ours,
and is timed only if its loss, every gradient and the first update agree with ours to a relative 1e-4
(`tests/bench/train_step`). The programs of a case run one right after the other, a single thread on one
processor. Times are medians; ratios are above 1 where rnnlab is faster.
"""


def number(text):
    return float(text) if text else math.nan


def read(path):
    """{(cell, B, T, H, layers, threads): {program: {quantity: [value of each pass]}}}"""
    if not path.is_file():
        raise runs.Failure(f"no such file: {path}", "measure first: scripts/bench_report")
    points = {}
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            at = (row["cell"], *(int(row[key]) for key in ("B", "T", "H", "layers", "threads")))
            program = points.setdefault(at, {}).setdefault(row["program"], {})
            for key in ("ms_per_step", "peak_rss_mb", "flop", "fma_gflops", "bytes_kept",
                        "bytes_moved"):
                program.setdefault(key, []).append(number(row[key]))
    if not points:
        raise runs.Failure(f"{path} has no rows", "measure anew: scripts/bench_report")
    return points


def median(point, program, key="ms_per_step"):
    """Over the passes; NaN where the program did not run."""
    return statistics.median(point.get(program, {}).get(key, [math.nan]))


def times(point, rival, program=OURS):
    """How many times the rival's time is ours."""
    return median(point, rival) / median(point, program)


def roofline(point, program=OURS):
    """Share in percent of the FMA peak that was measured beside it."""
    seconds = median(point, program) / 1e3
    return 100 * median(point, program, "flop") / seconds / 1e9 / median(point, program, "fma_gflops")


def mean(values):
    """The geometric mean of what is there; NaN of nothing."""
    there = [value for value in values if not math.isnan(value)]
    return statistics.geometric_mean(there) if there else math.nan


def short(value, digits=2):
    return "–" if math.isnan(value) else f"{value:.{digits}f}"


def three(value):
    """Three significant digits."""
    return "–" if math.isnan(value) else f"{value:.3g}" if value < 100 else f"{value:.0f}"


def table(head, rows):
    return "\n".join(["| " + " | ".join(line) + " |" for line in
                      (head, ["---"] * len(head), *rows)]) + "\n"


def shallow(points, threads):
    """The points of one layer with so many threads."""
    return {at: point for at, point in points.items() if at[4] == 1 and at[5] == threads}


def regions(points):
    """One line per (B, H): geometric means over cells and T, one thread against one thread."""
    found = {}
    for (_, B, T, H, _, _), point in shallow(points, 1).items():
        found.setdefault((B, H), []).append((T, point))
    rows = []
    for (B, H), measured in sorted(found.items()):
        some = [point for _, point in measured]
        rows.append([str(B), str(H), ", ".join(map(str, sorted({T for T, _ in measured}))),
                     *(short(mean(times(p, rival) for p in some)) for rival in RIVALS),
                     *(short(mean(times(p, rival, PLAIN) for p in some)) for rival in RIVALS),
                     short(mean(roofline(p) for p in some), 0),
                     short(mean(roofline(p, PLAIN) for p in some), 0)])
    return table(["B", "H", "T", "× PyTorch", "× oneDNN", "untraced × PyTorch",
                  "untraced × oneDNN", "% of roofline", "untraced %"], rows)


def probe(points, threads):
    """The FMA peak of so many threads: the median over all cases and passes."""
    return statistics.median(rate for at, point in points.items() if at[5] == threads
                             for rate in point.get(PLAIN, {}).get("fma_gflops", []))


def two_threads(points):
    """Ours with two threads, by batch: against PyTorch's better of one and two, and against one."""
    both = {}
    for at, point in points.items():
        both.setdefault(at[:5], {})[at[5]] = point
    found = {}
    for at, of in both.items():
        if len(of) == 2 and at[4] == 1:
            found.setdefault((at[1], at[3]), []).append(of)
    # One probe of two threads tells little: now and then both are given the same processor.
    fma = probe(points, 2) / probe(points, 1)
    rows = []
    for (B, H), some in sorted(found.items()):
        best = [min(median(of[1], "pytorch"), median(of[2], "pytorch")) for of in some]
        gain = [median(of[1], OURS) / median(of[2], OURS) for of in some]
        rows.append([str(B), str(H), str(len(some)),
                     short(mean(b / median(of[2], OURS) for b, of in zip(best, some))),
                     short(mean(times(of[2], "onednn") for of in some)),
                     short(mean(gain)), short(fma), short(mean(gain) / fma)])
    return table(["B", "H", "points", "× PyTorch at its better of 1 and 2", "× oneDNN at 2",
                  "over one thread", "two FMA probes over one", "share of that"], rows)


def all_points(points):
    rows = []
    for at, point in sorted(points.items(), key=lambda item: (item[0][4:], ORDER[item[0][0]],
                                                              item[0])):
        rows.append([at[0], *map(str, at[1:]),
                     *(three(median(point, program)) for program in (OURS, TRACED, PLAIN, *RIVALS)),
                     *(short(times(point, rival)) for rival in RIVALS), short(roofline(point), 0),
                     *(three(median(point, program, "peak_rss_mb")) for program in (OURS, *RIVALS)),
                     three(median(point, OURS, "bytes_kept") / 1e6)])
    return table(["cell", "B", "T", "H", "layers", "threads", "rnnlab run", "bench traced", "bench",
                  "PyTorch", "oneDNN", "× PyTorch", "× oneDNN", "% of roofline", "MB rnnlab",
                  "MB PyTorch", "MB oneDNN", "MB kept"], rows)


def least(points):
    """The points where each rival comes closest, in a sentence each."""
    lines = []
    for rival, name in RIVALS.items():
        found = [(times(point, rival), at) for at, point in points.items()
                 if not math.isnan(times(point, rival))]
        if not found:
            lines.append(f"{name} was not measured: it is not installed here, or its answers were "
                         "not ours.")
            continue
        ratio, (cell, B, T, H, layers, threads) = min(found)
        lines.append(f"{name} comes closest at {ratio:.2f} ×: {cell}, B = {B}, T = {T}, H = {H}, "
                     f"{layers} layer{'s' * (layers > 1)}, {threads} thread{'s' * (threads > 1)}.")
    return "\n".join(lines) + "\n"


def machine_table(facts):
    versions = facts.get("rivals", {})
    rows = [["processor", f"{facts['cpu']}, {facts['cores']} cores for us"],
            ["instruction set of the build", facts["isa"]],
            ["one thread's FMA peak", f"{facts['fma_gflops']:.0f} GFLOP/s ({facts['fma_instruction_set']})"],
            ["one thread reads", ", ".join(f"{rate:.0f} GB/s from {size} KiB" for size, rate in
                                           facts["read_gbytes"].items())],
            ["system", f"{facts['os']}, Linux {facts['kernel']}"],
            ["compiler", f"{facts['compiler']}; {facts['flags']}"],
            ["libraries", facts["libraries"]],
            ["rivals", ", ".join(f"{RIVALS[name]} {version}" for name, version in
                                 sorted(versions.items())) or "none"],
            ["date", facts["date"]],
            ["commit", facts["git_commit"] + (" and changes" if facts["git_dirty"] == "1" else "")],
            ["command", f"`{facts['command']}`"]]
    return table(["measured on", ""], rows)


def page(points, facts):
    parts = [HEAD, machine_table(facts), "## By region, one thread",
             "Geometric means over the cells and the given T. Roofline: the "
             "step's matrix products,\n2 FLOP per weight, position and product (three products; "
             "two for the first layer's W_ih), at the FMA peak\nmeasured next to it.\n"]
    if shallow(points, 1):
        parts += [regions(points)]
    if len({at[5] for at in points}) == 2:
        parts += ["## Two threads", two_threads(points)]
    parts += [least(points), "## Roofline", "![Roofline](roofline.svg)\n",
              bench_figure.CAPTION, "## All points",
              "Milliseconds per step, medians of the passes. `bench` is `rnnlab_bench`, the step "
              "without the program\naround it. Memory is the peak of the process; kept: what "
              "back-propagation must keep of the whole batch,\nof which rnnlab holds one shard per "
              "thread.\n", all_points(points)]
    return "\n".join(parts)


def main():
    parser = runs.Parser(__doc__, EXAMPLES)
    parser.add_argument("folder", type=Path, metavar="DIR", help="where the measurements are")
    folder = parser.parse_args().folder
    points = read(folder / "train_step.csv")
    facts = runs.read_json(folder / "machine.json")
    if not facts:
        raise runs.Failure(f"no such file: {folder / 'machine.json'}",
                           "the measurement was cut short; measure anew: scripts/bench_report")
    style.apply()
    marks = [(at[0], at[1], median(point, OURS, "flop") / median(point, OURS, "bytes_moved"),
              median(point, OURS, "flop") / median(point, OURS) / 1e6)
             for at, point in points.items() if at[5] == 1 and OURS in point]
    for file in bench_figure.plot(marks, facts, folder / "roofline"):
        print(file)
    (folder / "README.md").write_text(page(points, facts), encoding="utf-8")
    print(folder / "README.md")


if __name__ == "__main__":
    sys.exit(runs.main(main))
