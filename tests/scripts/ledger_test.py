"""scripts/ledger: one row per claim, none left out, bad input in one line."""

import json
import subprocess
import tempfile
import unittest
from pathlib import Path

LEDGER = Path(__file__).resolve().parents[2] / "scripts" / "ledger"


def claim(name, verdict, **more):
    return {"name": name, "verdict": verdict, "ours": 0.25, "ci": [0.125, 0.5], "n": 5,
            "expect": "< 1", "published": "", "source": "a | b", "protocol": "adding", **more}


class Ledger(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.results = Path(self.folder.name)

    def write(self, study, text):
        (self.results / study).mkdir()
        (self.results / study / "verdict.json").write_text(text, encoding="utf-8")

    def call(self, *arguments):
        return subprocess.run(["/usr/bin/python3", str(LEDGER), *arguments], capture_output=True,
                              text=True, check=False)

    def test_every_claim_is_a_row(self):
        self.write("b", json.dumps({"claims": [claim("good", "PASS"), claim("bad", "DIFFERS")]}))
        self.write("a", json.dumps({"claims": [claim("some", "UNDECIDED", count=3, ours=None)]}))
        self.assertEqual(self.call(str(self.results)).returncode, 0)
        lines = (self.results / "README.md").read_text(encoding="utf-8").splitlines()
        rows = [line for line in lines if line.startswith("| [")]
        self.assertEqual([row.split("|")[2].strip() for row in rows], ["some", "good", "bad"])
        self.assertIn("3 of 5 [0.125, 0.5], n = 5", rows[0])
        self.assertIn("0.25 [0.125, 0.5], n = 5", rows[1])
        self.assertTrue(rows[2].endswith("| DIFFERS |"))
        self.assertIn("a \\| b", rows[1])

    def test_a_damaged_verdict_is_one_line(self):
        self.write("a", '{"claims": [{"name": 3')
        ended = self.call(str(self.results))
        self.assertEqual(ended.returncode, 4)
        self.assertEqual(len(ended.stderr.splitlines()), 1)

    def test_no_folder_is_one_line(self):
        ended = self.call(str(self.results / "none"))
        self.assertEqual(ended.returncode, 2)
        self.assertEqual(len(ended.stderr.splitlines()), 1)


if __name__ == "__main__":
    unittest.main()
