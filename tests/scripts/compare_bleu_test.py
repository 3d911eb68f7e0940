"""scripts/compare_bleu.py: BLEU of statistics against sacreBLEU's, the bootstrap's promises."""

import contextlib
import io
import json
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
import compare_bleu  # noqa: E402

HEADER = "source\tsymbols\tnats\tsteps\tstatistics\thypothesis\treferences\n"


def scores(rng, right):
    """A file's text: 200 sources of 1 to 20 symbols, that share of n-grams right."""
    text = HEADER
    for i in range(200):
        n = i % 20 + 1
        total = [max(n - k, 0) for k in range(4)]
        hits = [int(rng.binomial(t, right ** (k + 1))) for k, t in enumerate(total)]
        numbers = " ".join(str(x) for x in hits + total + [n, n])
        text += f"s{i}\t{n}\t{n * (2 - right)}\t{n}\t{numbers}\thyp\tref\tother ref\n"
    return text


class CompareBleu(unittest.TestCase):
    def run_on(self, a, b, *more):
        with tempfile.TemporaryDirectory() as folder:
            paths = [Path(folder) / "a.tsv", Path(folder) / "b.tsv"]
            for path, text in zip(paths, (a, b)):
                path.write_text(text, encoding="utf-8")
            out, err = io.StringIO(), io.StringIO()
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = compare_bleu.main([*map(str, paths), *more])
        return code, out.getvalue(), err.getvalue()

    def test_bleu_is_sacrebleus(self):
        goldens = json.loads((ROOT / "tests/data/bleu_goldens.json").read_text(encoding="utf-8"))
        statistics = [g["counts"] + g["totals"] + [g["sys_len"], g["ref_len"]]
                      for g in goldens["corpora"]]
        ours = compare_bleu.bleu(np.array(statistics, dtype=float))
        np.testing.assert_allclose(ours, [g["score"] for g in goldens["corpora"]], rtol=1e-12)

    def test_a_file_against_itself(self):
        text = scores(np.random.default_rng(1), 0.7)
        code, out, _ = self.run_on(text, text)
        self.assertEqual(code, 0)
        self.assertIn("200 sources, 1000 samples", out)
        self.assertRegex(out, r"bleu B - A +0\.000  \[0\.000, 0\.000\]")
        self.assertRegex(out, r"perplexity B / A +1\.000  \[1\.000, 1\.000\]")

    def test_a_better_one(self):
        rng = np.random.default_rng(2)
        a, b = scores(rng, 0.5), scores(rng, 0.8)
        first, again = self.run_on(a, b), self.run_on(a, b)
        self.assertEqual(first, again)
        self.assertNotEqual(first, self.run_on(a, b, "--seed", "1"))
        difference = next(line for line in first[1].splitlines() if "B - A" in line)
        low = float(difference.split("[")[1].split(",")[0])
        self.assertGreater(low, 0)
        # e^{(2 − 0.8) − (2 − 0.5)}, the same for every source.
        self.assertIn("perplexity B / A    0.741  [0.741, 0.741]", first[1])

    def test_only_long_ones(self):
        text = scores(np.random.default_rng(3), 0.7)
        self.assertIn("100 sources", self.run_on(text, text, "--longer-than", "10")[1])
        self.assertEqual(self.run_on(text, text, "--longer-than", "20")[0], 4)

    def test_what_cannot_be_compared(self):
        text = scores(np.random.default_rng(4), 0.7)
        for other, word in ((text.replace("s7\t", "t7\t"), "other sources"), ("x\n", "a.tsv"),
                            (text + "s\t1\t2\n", ":202:"),
                            (text.replace("s7\t8\t", "s7\tnan\t"), ":9:")):
            code, _, err = self.run_on(other, text)
            self.assertEqual(code, 4)
            self.assertEqual(err.count("\n"), 1)
            self.assertIn(word, err)


if __name__ == "__main__":
    unittest.main()
