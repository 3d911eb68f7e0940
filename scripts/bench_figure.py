"""The roofline: arithmetic that training steps attain against the limits of the machine."""

import math

from matplotlib.ticker import LogLocator, NullFormatter

import plot_style as style

CAPTION = """Each mark is a training step of `rnnlab run`, one thread, gradient flow traced and written. Across: FLOP per
byte that passes between the core and the memory its data are in, where every shard of the batch reads the
weights twice per time step and writes and reads its activations once. Horizontal line: the FMA probe. Slanted:
the bandwidths of the memory read probe, by the size of what is read. A batch of one has little to do with each
weight that it reads, and follows the caches; batches of 16 columns and more can follow the FMA line.
"""


def size_name(kib):
    return f"{kib} KiB" if kib < 1024 else f"{kib // 1024} MiB"


def rows_as_columns(*rows):
    """The entries of several rows in the order that a legend, filled by columns, takes them."""
    longest = max(map(len, rows))
    blank = ("", "none", "")
    return [row[i] if i < len(row) else blank for i in range(longest) for row in rows], longest


def plot(marks, facts, stem):
    """`marks`: (cell, B, FLOP per byte, GFLOP/s). Draws STEM.png and STEM.svg; returns the paths."""
    figure, axes = style.figure(height=4.4)
    axis = axes[0, 0]
    peak = facts["fma_gflops"]
    most = max([peak, *(gflops for *_, gflops in marks)])
    left = min([0.25, *(0.7 * intensity for _, _, intensity, _ in marks)])
    right = max([20.0, *(1.6 * intensity for _, _, intensity, _ in marks)])
    bottom = min([20.0, *(0.6 * gflops for *_, gflops in marks)])

    axis.plot([left, right], [peak, peak], color=style.INK, linewidth=1.2)
    axis.annotate(f"FMA {peak:.0f} GFLOP/s", (right, peak), xytext=(-2, 3), fontsize=9,
                  textcoords="offset points", ha="right", va="bottom")
    sizes = sorted(facts["read_gbytes"].items(), key=lambda pair: int(pair[0]))
    for size, rate in sizes:
        knee = min(peak / rate, right)
        axis.plot([bottom / rate, knee], [bottom, knee * rate], color=style.QUIET, linewidth=0.9)
        at = max(left * 1.12, bottom * 1.15 / rate)
        # The last line is near the one before it, and has its label on the other side.
        above = size != sizes[-1][0]
        axis.text(at, (1.02 if above else 0.98) * at * rate,
                  f"{size_name(int(size))}: {rate:.0f} GB/s", fontsize=7.5, color=style.QUIET,
                  rotation=math.degrees(math.atan(rate)), va="bottom" if above else "top",
                  rotation_mode="anchor", transform_rotates_text=True)
    batches = sorted({B for _, B, *_ in marks})
    cells = [cell for cell in ("vanilla", "lstm", "gru") if any(cell == mark[0] for mark in marks)]
    for cell, B, intensity, gflops in marks:
        axis.plot(intensity, gflops, linestyle="none", markersize=4.5, alpha=0.8,
                  color=style.PALETTE[batches.index(B)], marker=style.MARKERS[cells.index(cell)])
    axis.set(xscale="log", yscale="log", xlim=(left, right), ylim=(bottom, 1.45 * most),
             xlabel="FLOP per byte moved", ylabel="GFLOP/s")
    for line in (axis.xaxis, axis.yaxis):
        line.set_major_locator(LogLocator(subs=(1, 2, 5)))
        line.set_major_formatter("{x:g}")
        line.set_minor_formatter(NullFormatter())
    entries, columns = rows_as_columns(
        [(cell, style.QUIET, style.MARKERS[i]) for i, cell in enumerate(cells)],
        [(f"B = {B}", style.PALETTE[i], "o") for i, B in enumerate(batches)])
    for label, colour, marker in entries:
        axis.plot([], [], linestyle="none", color=colour, marker=marker, label=label or " ")
    axis.legend(loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0.3, ncol=columns,
                columnspacing=1.2, handletextpad=0.1)
    return style.save(figure, stem)
