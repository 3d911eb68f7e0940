#!/usr/bin/python3
"""Compares two translation models on the same sources by a paired bootstrap.

    rnnlab translate RUN_A --score a.tsv
    rnnlab translate RUN_B --score b.tsv
    scripts/compare_bleu.py a.tsv b.tsv [--longer-than N] [--samples N] [--seed N]

Sources are drawn with replacement, the same ones for both files, and corpus BLEU and perplexity are
computed anew of every sample (Koehn: Statistical Significance Tests for Machine Translation
Evaluation, EMNLP 2004). Printed: BLEU of A and of B, the difference B - A, the ratio of B's perplexity
to A's, each with the middle 95 % of the samples. --longer-than 10: only sources of more than ten
symbols.
"""

import argparse
import sys

import numpy as np

ORDERS = 4


class BadFile(Exception):
    pass


def read_scores(path):
    """The sources, and [sources, 13]: symbols, nats, steps, ten statistics of BLEU."""
    sources, rows = [], []
    with open(path, encoding="utf-8", newline="\n") as file:
        if not file.readline().startswith("source\tsymbols\tnats\tsteps\tstatistics\t"):
            raise BadFile(f"{path}:1: not a file of rnnlab translate --score")
        for number, line in enumerate(file, 2):
            columns = line.rstrip("\n").split("\t")
            try:
                row = [float(x) for x in columns[1:4] + columns[4].split()]
            except (IndexError, ValueError):
                row = []
            if len(row) != 3 + 2 * ORDERS + 2 or not np.all(np.isfinite(row)):
                raise BadFile(f"{path}:{number}: the row is damaged")
            sources.append(columns[0])
            rows.append(row)
    return sources, np.array(rows).reshape(-1, 3 + 2 * ORDERS + 2)


def bleu(statistics):
    """Corpus BLEU [samples] of summed statistics [samples, 10]."""
    right, total = statistics[:, :ORDERS], statistics[:, ORDERS:2 * ORDERS]
    length, reference = statistics[:, -2], statistics[:, -1]
    some = (right[:, 0] > 0) & (total[:, -1] > 0)
    halvings = np.cumsum(right == 0, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        precision = 100 * np.where(right == 0, 0.5 ** halvings, right) / total
        brevity = np.exp(np.minimum(0, 1 - reference / length))
        return np.where(some, brevity * np.exp(np.log(precision).mean(axis=1)), 0.0)


def compare(a, b, samples, seed):
    """Rows (name, value, low, high) of two arrays of the same sources."""
    n = len(a)
    draws = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=samples)
    weights = np.vstack([np.ones((1, n)), draws])  # the sources themselves first
    sums_a, sums_b = weights @ a, weights @ b
    bleu_a, bleu_b = bleu(sums_a[:, 3:]), bleu(sums_b[:, 3:])
    ratio = np.exp(sums_b[:, 1] / sums_b[:, 2] - sums_a[:, 1] / sums_a[:, 2])
    rows = [("bleu A", bleu_a), ("bleu B", bleu_b), ("bleu B - A", bleu_b - bleu_a),
            ("perplexity B / A", ratio)]
    return [(name, v[0], *np.quantile(v[1:], [0.025, 0.975])) for name, v in rows]


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("a")
    parser.add_argument("b")
    parser.add_argument("--longer-than", type=int, default=0, metavar="N",
                        help="only sources of more than N symbols")
    parser.add_argument("--samples", type=int, default=1000, metavar="N", help="1 or more")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    options = parser.parse_args(arguments)
    if options.samples < 1:
        print("compare_bleu.py: error: --samples: give 1 or more", file=sys.stderr)
        return 2
    try:
        (sources, a), (others, b) = read_scores(options.a), read_scores(options.b)
    except (OSError, UnicodeDecodeError, BadFile) as error:
        print(f"compare_bleu.py: error: {error}", file=sys.stderr)
        return 4
    keep = a[:, 0] > options.longer_than if sources == others else []
    if not np.any(keep):
        what = "no source is that long" if sources == others else "the files have other sources"
        print(f"compare_bleu.py: error: {what}; score both runs on one corpus", file=sys.stderr)
        return 4
    print(f"{np.sum(keep)} sources, {options.samples} samples")
    for name, value, low, high in compare(a[keep], b[keep], options.samples, options.seed):
        print(f"{name:<17}{value:8.3f}  [{low:.3f}, {high:.3f}]")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
