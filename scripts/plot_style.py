"""How every figure looks: one palette, one set of sizes; the same data give the same bytes.

A figure is 5 inches wide with 11 point text, so that it can still be read at the width of a phone.
"""

import textwrap

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt  # noqa: E402  (after the backend is chosen)
from matplotlib.colors import ListedColormap  # noqa: E402

WIDTH = 5.0  # inches

INK = "#1f2430"    # text and axes
QUIET = "#6b7280"  # what is there for orientation: reference lines, notes
GRID = "#e3e6eb"

# Okabe and Ito's colours, told apart by colour-blind eyes too; the strong ones first.
PALETTE = ["#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"]
MARKERS = ["o", "s", "^", "D", "v", "P", "X"]

# From the initialisation (dark) to the end of training (light), ending before the yellow that white
# paper swallows.
PROGRESS = ListedColormap(matplotlib.colormaps["viridis"](range(0, 225)), "progress")
# Bright where a gradient arrives, black where it has vanished.
HEAT = matplotlib.colormaps["magma"]


def apply():
    """Sets the style for every figure made from here on."""
    plt.rcParams.update({
        "font.family": "DejaVu Sans",
        "font.size": 11,
        "axes.titlesize": 11,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.labelsize": 11,
        "xtick.labelsize": 10,
        "ytick.labelsize": 10,
        "legend.fontsize": 10,
        "legend.frameon": False,
        "text.color": INK,
        "axes.labelcolor": INK,
        "axes.edgecolor": QUIET,
        "xtick.color": INK,
        "ytick.color": INK,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.linewidth": 0.8,
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.color": GRID,
        "grid.linewidth": 0.8,
        "lines.linewidth": 1.8,
        "lines.solid_capstyle": "round",
        "figure.constrained_layout.use": True,
        "figure.constrained_layout.h_pad": 0.06,
        "svg.hashsalt": "rnnlab",
        "svg.fonttype": "path",
    })


def colour(index):
    """Colour and marker of the group with that index; the pair repeats after 7."""
    return PALETTE[index % len(PALETTE)], MARKERS[index % len(MARKERS)]


def figure(rows=1, height=3.6, columns=1, **options):
    """A figure of the house's width, `rows` × `columns` panels, `height` inches in all."""
    return plt.subplots(rows, columns, figsize=(WIDTH, height), squeeze=False, **options)


def mark_every(count):
    """`markevery` of a line with `count` points: about eight markers. By points, not by a share of
    the line's length: a line that explodes is endless."""
    return max(1, count // 8)


def wrap(text, characters=46):
    """Text in lines that fit the figure's width."""
    return textwrap.fill(text, characters)


def chart(labels):
    """A figure of one panel with room for a legend of those (wrapped) labels above it: (figure,
    axis, legend), `legend()` to be called when the lines are drawn."""
    longest = max((len(line) for label in labels for line in label.split("\n")), default=0)
    columns = 2 if longest <= 24 else 1
    lines = max((label.count("\n") + 1 for label in labels), default=1)
    rows = -(-len(labels) // columns) * lines
    panels = figure(height=3.3 + 0.2 * rows)
    axis = panels[1][0, 0]
    return panels[0], axis, lambda: axis.legend(loc="lower left", bbox_to_anchor=(0, 1),
                                                borderaxespad=0.3, ncol=columns)


def save(figure, stem):
    """Writes STEM.png and STEM.svg, closes the figure, returns the two paths."""
    stem.parent.mkdir(parents=True, exist_ok=True)
    png, svg = stem.with_name(stem.name + ".png"), stem.with_name(stem.name + ".svg")
    figure.savefig(png, dpi=200, metadata={"Software": None})
    figure.savefig(svg, metadata={"Date": None, "Creator": None})
    plt.close(figure)
    return png, svg
