#!/usr/bin/python3
"""Theory against measurement: a panel for every claim of a study whose verdict has points, from
verdict.json alone. Lines with hollow markers are what theory gives, filled markers what the runs
have, with their 95 % confidence intervals."""

import math
import sys
from pathlib import Path

import runs
import plot_style as style

EXAMPLES = """examples:
  scripts/plot_theory.py results/vanishing-gradient
  scripts/plot_theory.py results/vanishing-gradient --out /tmp/theory"""

COLUMNS = 2
PANEL = 2.5        # inches, a row of panels
LEGEND = 0.4       # inches, the figure's legend above them
TITLE_WIDTH = 24   # characters of a title in a panel of half the figure's width

LABELS = {"gradients/hidden/slope": "slope of ln ‖∂ℓ/∂h$_t$‖",
          "gradients/last/slope": "slope of ln ‖∂ℓ/∂h$_t$‖",
          "gradients/cell/slope": "slope of ln ‖∂ℓ/∂c$_t$‖"}


def numeric(text):
    """The finite number that `text` is, or None."""
    try:
        value = float(text)
    except (TypeError, ValueError):
        return None
    return value if math.isfinite(value) else None


def short(text):
    """A number of a configuration with three digits; any other text as it is."""
    value = numeric(text)
    return str(text) if value is None else f"{value:.3g}"


def axes_of(points):
    """(x key or None, keys of the series): x is the numeric key that takes the most values, of
    several the last; if none is numeric, any. Keys that take a single value are neither."""
    values = {}
    for point in points:
        for key, value in point["at"].items():
            values.setdefault(key, {})[value] = None
    varying = {key: some for key, some in values.items() if len(some) > 1} or values
    numbers = [key for key, some in varying.items() if all(numeric(v) is not None for v in some)]
    x = max(reversed(numbers or list(varying)), key=lambda key: len(varying[key]), default=None)
    return x, [key for key in varying if key != x and len(values[key]) > 1]


def series_of(points):
    """(x key or None, names of the x values or None where they are numbers, keys of the series,
    {label: [(x, point), …] by x})."""
    x, keys = axes_of(points)
    at = [point["at"].get(x, "") for point in points]
    names = None
    if x is None or any(numeric(value) is None for value in at):
        names = list(dict.fromkeys(at))
    series = {}
    for value, point in zip(at, points):
        place = numeric(value) if names is None else names.index(value)
        label = ", ".join(short(point["at"].get(key, "–")) for key in keys)
        series.setdefault(label, []).append((place, point))
    return x, names, keys, {label: sorted(line, key=lambda pair: pair[0])
                            for label, line in series.items()}


def known(value):
    return math.nan if value is None else value


def draw(axis, claim):
    x, names, keys, series = series_of(claim["points"])
    for index, (label, line) in enumerate(series.items()):
        colour, marker = style.colour(index)
        xs = [place for place, _ in line]
        ours = [known(point["ours"]) for _, point in line]
        ci = [[known(end) for end in point.get("ci") or (None, None)] for _, point in line]
        bars = [[max(y - low, 0) for y, (low, _) in zip(ours, ci)],
                [max(high - y, 0) for y, (_, high) in zip(ours, ci)]]
        axis.plot(xs, [known(point["theory"]) for _, point in line], color=colour, linewidth=1.2,
                  marker=marker, markersize=10, markerfacecolor="none", markeredgewidth=1.2)
        axis.errorbar(xs, ours, bars, color=colour, marker=marker, markersize=4.5, linestyle="none",
                      elinewidth=1.4, capsize=2.5, label=label)
    axis.set_title(style.wrap(claim["name"], TITLE_WIDTH), fontsize=10)
    axis.margins(x=0.12, y=0.16)
    axis.set_ylabel(LABELS.get(claim.get("metric"), claim.get("metric", "")), fontsize=10)
    if x is not None:
        axis.set_xlabel(x.split(".")[-1].replace("_", " "), fontsize=10)
    if names is not None:
        axis.set_xticks(range(len(names)), names)
    if keys:
        title = ", ".join(key.split(".")[-1].replace("_", " ") for key in keys)
        axis.legend(title=title, title_fontsize=9, fontsize=9, loc="best", handletextpad=0.2,
                    borderaxespad=0.2, labelspacing=0.2, ncol=2 if len(series) > 3 else 1)


def claims_with_points(verdict):
    return [claim for claim in verdict.get("claims", []) if claim.get("points")]


def plot(verdict, stem):
    """Draws the figure into STEM.png and STEM.svg; returns their paths."""
    claims = claims_with_points(verdict)
    if not claims:
        raise runs.Failure("no claim of the verdict has points",
                           "points come with claims that name a theory or a trend")
    columns = min(COLUMNS, len(claims))
    rows = math.ceil(len(claims) / columns)
    height = LEGEND + PANEL * rows
    figure, axes = style.figure(rows, height, columns=columns)
    panels = list(axes.flat)
    for claim, axis in zip(claims, panels):
        draw(axis, claim)
    for axis in panels[len(claims):]:
        axis.remove()
    theory = axes[0, 0].plot([], [], color=style.INK, linewidth=1.2, marker="o", markersize=10,
                             markerfacecolor="none", markeredgewidth=1.2, label="theory")[0]
    ours = axes[0, 0].errorbar([], [], [], color=style.INK, marker="o", markersize=4.5,
                               linestyle="none", elinewidth=1.4, capsize=2.5,
                               label="measured, 95 % CI")
    figure.get_layout_engine().set(rect=(0, 0, 1, 1 - LEGEND / height))
    figure.legend(handles=[theory, ours], loc="upper left", ncol=2)
    return style.save(figure, stem)


def main():
    parser = runs.Parser(__doc__, EXAMPLES)
    parser.add_argument("study", type=Path, metavar="STUDYDIR", help="folder of a study")
    parser.add_argument("--out", type=Path, metavar="STEM",
                        help="writes STEM.png and STEM.svg (default: STUDYDIR/figures/theory)")
    arguments = parser.parse_args()
    path = arguments.study / "verdict.json"
    if not path.is_file():
        raise runs.Failure(f"no such file: {path}", "name the folder of a study that has ended")
    style.apply()
    for file in plot(runs.read_json(path), arguments.out or arguments.study / "figures" / "theory"):
        print(file)


if __name__ == "__main__":
    sys.exit(runs.main(main))
