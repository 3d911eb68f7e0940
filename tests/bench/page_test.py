"""scripts/bench_page.py on measurements that are made up: medians, means, and what is not there.
usage: page_test.py BUILD"""

import csv
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import bench_measure  # noqa: E402

FACTS = {"cpu": "a processor", "cores": 2, "isa": "AVX2", "fma_instruction_set": "AVX2 with FMA",
         "fma_gflops": 100.0, "read_gbytes": {"24": 400.0, "262144": 40.0}, "os": "a system",
         "kernel": "6", "compiler": "a compiler", "flags": "-O3", "libraries": "some",
         "git_commit": "abc", "git_dirty": "1", "date": "today", "command": "the command",
         "rivals": {"pytorch": "1.0"}}


def row(program, cell, ms, number=1, threads=1):
    return dict(zip(bench_measure.COLUMNS, [
        number, program, cell, 20, 100, 64, 1, threads, ms, 30, 1e8, 100, 1e6, 1e7]))


class Page(unittest.TestCase):
    def page(self, rows, facts=FACTS):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        with open(self.folder / "train_step.csv", "w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, bench_measure.COLUMNS)
            table.writeheader()
            table.writerows(rows)
        if facts:
            (self.folder / "machine.json").write_text(json.dumps(facts), encoding="utf-8")
        self.ran = subprocess.run([ROOT / "scripts" / "bench_page.py", self.folder],
                                  capture_output=True, text=True, check=False)
        text = self.folder / "README.md"
        return text.read_text(encoding="utf-8") if text.exists() else ""

    def test_medians_means_and_a_rival_that_is_absent(self):
        rows = [row("rnnlab run", "lstm", ms, i) for i, ms in enumerate((2, 90, 2))]
        rows += [row("pytorch", "lstm", ms, i) for i, ms in enumerate((8, 8, 1))]
        rows += [row("rnnlab run", "gru", 2), row("pytorch", "gru", 18), row("rnnlab_bench", "gru", 1)]
        page = self.page(rows)
        self.assertEqual((self.ran.returncode, self.ran.stderr), (0, ""))
        # √(4 · 9) × PyTorch, no oneDNN; untraced 18 ×; 1e8 FLOP in 2 ms are half of 100 GFLOP/s.
        self.assertIn("| 20 | 64 | 100 | 6.00 | – | 18.00 | – | 50 | 100 |", page)
        self.assertIn("oneDNN was not measured", page)
        self.assertIn("PyTorch comes closest at 4.00 ×: lstm, B = 20", page)
        self.assertIn("abc and changes", page)
        self.assertNotIn("## Two threads", page)
        self.assertTrue((self.folder / "roofline.svg").exists())
        self.assertTrue((self.folder / "roofline.png").exists())

    def test_two_threads_against_the_better_of_pytorch(self):
        rows = [row("rnnlab run", "lstm", 4), row("rnnlab run", "lstm", 2, threads=2),
                row("rnnlab_bench", "lstm", 4), row("rnnlab_bench", "lstm", 2, threads=2),
                row("pytorch", "lstm", 6), row("pytorch", "lstm", 8, threads=2)]
        self.assertIn("| 20 | 64 | 1 | 3.00 | – | 2.00 | 1.00 | 2.00 |", self.page(rows))

    def test_nothing_measured(self):
        self.assertEqual(self.page([]), "")
        self.assertEqual(self.ran.returncode, 2)
        self.assertIn("has no rows", self.ran.stderr)
        self.assertEqual(self.page([row("rnnlab run", "gru", 2)], facts=None), "")
        self.assertEqual(self.ran.returncode, 2)

    def test_grids(self):
        for grid, count in (("key", 13), ("small", 25), ("regions", 49), ("full", 241)):
            cases = bench_measure.cases(grid)
            self.assertEqual((len(cases), len(set(cases))), (count, count))


if __name__ == "__main__":
    sys.argv.pop()
    unittest.main(verbosity=2)
