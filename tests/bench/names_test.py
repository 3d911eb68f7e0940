"""rnnlab_bench: its list of names, and one small case that runs. usage: names_test.py BUILD"""

import json
import re
import subprocess
import sys
import unittest
from pathlib import Path

BENCH = Path(sys.argv.pop()) / "rnnlab_bench"
STEP = re.compile(r"train_step(_traced)?/(vanilla|lstm|gru)/B:\d+/T:\d+/H:\d+/L:\d+/D:[12]/threads:[12]")


def names():
    listed = subprocess.run([BENCH, "--benchmark_list_tests"], capture_output=True, text=True,
                            check=True)
    return listed.stdout.split()


class Names(unittest.TestCase):
    def test_each_is_there_once(self):
        self.assertEqual(len(names()), len(set(names())))

    def test_the_grid(self):
        steps = [name for name in names() if name.startswith("train_step")]
        self.assertEqual([name for name in steps if not STEP.fullmatch(name)], [])
        self.assertEqual(len(steps), 2 * 2 * (3 * 4 * 4 * 5 + 2))
        self.assertIn("train_step/lstm/B:20/T:100/H:64/L:1/D:1/threads:1", steps)
        self.assertIn("train_step_traced/lstm/B:32/T:100/H:256/L:2/D:1/threads:2", steps)
        self.assertIn("train_step/lstm/B:32/T:100/H:256/L:1/D:2/threads:1", steps)

    def test_a_small_case_runs(self):
        case = "vanilla/B:1/T:50/H:32/L:1/D:1/threads:2"
        ran = subprocess.run([BENCH, f"--benchmark_filter=^train_step(_traced)?/{case}$",
                              "--benchmark_min_time=0.01", "--benchmark_format=json"],
                             capture_output=True, text=True, check=True)
        plain, traced = json.loads(ran.stdout)["benchmarks"]
        self.assertEqual([plain["name"], traced["name"]],
                         [f"train_step/{case}", f"train_step_traced/{case}"])
        for run in (plain, traced):
            # W_hh and the head's weights in three products, W_ih in two.
            flop = 2 * 50 * (3 * (32 * 32 + 10 * 32) + 2 * 10 * 32)
            self.assertEqual(run["FLOP"], flop)
            self.assertAlmostEqual(run["FLOP/s"] * run["real_time"] / 1e3 / flop, 1, delta=0.2)
            self.assertGreater(run["bytes"], 4 * 50 * 32)
            self.assertGreater(run["moved"], 2 * run["bytes"])
            self.assertGreater(run["peak"], 0)
            self.assertLess(run["peak"], 110)


if __name__ == "__main__":
    unittest.main(verbosity=2)
