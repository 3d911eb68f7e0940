"""The rivals accept a case of ours and refuse one with a changed answer. usage: answers_test.py
BUILD; exits 77, skipped, where no rival is there."""

import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "train_step"))

import numpy as np  # noqa: E402
from case_file import Case  # noqa: E402

BUILD = Path(sys.argv.pop())
ONEDNN = BUILD / "rnnlab_bench_onednn"
PYTORCH = HERE / "train_step" / "pytorch"
# What is changed for PyTorch, which takes most of a second to start; oneDNN is shown all.
SLOW_TO_START = [("lstm", "loss"), ("lstm", "gradient/weight_hh_l0"), ("gru", "gradient/output.bias"),
                 ("vanilla", "updated/weight_ih_l0")]


def check(rival, case):
    return subprocess.run([rival, case, "--check"], capture_output=True, text=True, check=False)


class Answers(unittest.TestCase):
    rivals = []

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write(self, cell, layers):
        file = self.folder / f"{cell}-{layers}"
        subprocess.run([BUILD / "rnnlab_bench_case", cell, "20", "12", "24", str(layers), file],
                       check=True)
        return file

    def test_accept_ours(self):
        for cell in ("vanilla", "lstm", "gru"):
            for layers in (1, 2):
                for rival in self.rivals:
                    with self.subTest(rival=rival.name, cell=cell, layers=layers):
                        ran = check(rival, self.write(cell, layers))
                        self.assertEqual((ran.returncode, ran.stderr), (0, ""))

    def test_refuse_one_changed_entry(self):
        for cell in ("vanilla", "lstm", "gru"):
            right = self.write(cell, 1)
            case = Case(right)
            for name, array in case.arrays.items():
                if not name.startswith(("gradient/", "updated/", "loss")):
                    continue
                at = int(np.argmax(np.abs(array)))
                value = 1.05 * float(array.flat[at])
                data = bytearray(right.read_bytes())
                struct.pack_into("<f", data, case.offsets[name] + 4 * at, value)
                wrong = self.folder / "wrong"
                wrong.write_bytes(data)
                what = {"gradient": "the gradient of ", "updated": "the update of "}
                group, _, parameter = name.partition("/")
                for rival in self.rivals:
                    if rival == PYTORCH and (cell, name) not in SLOW_TO_START:
                        continue
                    with self.subTest(rival=rival.name, cell=cell, changed=name):
                        ran = check(rival, wrong)
                        self.assertEqual((ran.returncode, ran.stdout), (1, ""))
                        self.assertIn(what.get(group, "the loss of step ") + parameter, ran.stderr)
                        self.assertEqual(ran.stderr.count("\n"), 1)

    def test_refuse_other_examples(self):
        file = self.write("lstm", 1)
        case = Case(file)
        data = bytearray(file.read_bytes())
        struct.pack_into("<f", data, case.offsets["label"], (case.arrays["label"].flat[0] + 1) % 10)
        file.write_bytes(data)
        for rival in self.rivals:
            with self.subTest(rival=rival.name):
                self.assertEqual(check(rival, file).returncode, 1)

    def test_refuse_what_is_no_case(self):
        file = self.folder / "text"
        file.write_text("nothing\n")
        for rival in self.rivals:
            with self.subTest(rival=rival.name):
                self.assertNotEqual(check(rival, file).returncode, 0)


def present():
    """The rivals that can be run here; says which are not."""
    rivals = []
    if ONEDNN.is_file():
        rivals.append(ONEDNN)
    else:
        print("oneDNN: rnnlab_bench_onednn is not built (package libdnnl-dev)", file=sys.stderr)
    ran = check(PYTORCH, "/dev/null")
    if ran.returncode == 77:
        print(ran.stderr, end="", file=sys.stderr)
    else:
        rivals.append(PYTORCH)
    return rivals


if __name__ == "__main__":
    Answers.rivals = present()
    if not Answers.rivals:
        print("skipped: no rival is installed", file=sys.stderr)
        sys.exit(77)
    unittest.main(verbosity=2)
