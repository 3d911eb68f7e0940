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

    def page(self):
        self.assertEqual(self.call(str(self.results)).returncode, 0)
        return (self.results / "README.md").read_text(encoding="utf-8").splitlines()

    def test_every_claim_is_a_row(self):
        self.write("b", json.dumps({"claims": [
            claim("good", "PASS", source="theory; Cho et al. 2014, fig. 2; Poole et al. 2016"),
            claim("bad", "DIFFERS", source="Cho et al. 2014, table 1")]}))
        self.write("a", json.dumps({"title": "What a is", "claims": [
            claim("some", "UNDECIDED", count=3, ours=None)]}))
        lines = self.page()
        rows = [line for line in lines if line.startswith("| ") and "---" not in line
                and not line.startswith("| claim ")]
        self.assertEqual([row.split("|")[1].strip() for row in rows], ["some", "good", "bad"])
        self.assertIn("3 of 5 [0.125, 0.5], n = 5", rows[0])
        self.assertIn("0.25 [0.125, 0.5], n = 5", rows[1])
        self.assertTrue(rows[2].endswith("| DIFFERS |"))
        self.assertIn("a \\| b", rows[0])
        self.assertEqual([line for line in lines if line.startswith("## ")],
                         ["## [a](a/verdict.md): What a is", "## [b](b/verdict.md)"])
        self.assertIn("**3 claims of 2 studies against 2 papers: "
                      "1 PASS, 1 DIFFERS, 1 UNDECIDED.**", lines)

    def test_a_study_says_where_and_when_its_runs_were_made(self):
        self.write("a", json.dumps({
            "claims": [claim("good", "PASS")], "date": "2026-11-21T10:00:00Z",
            "git_commit": "0123456789abcdef, fedcba9876543210", "git_dirty": True,
            "machine": "A core", "cores": "2", "runs": 15, "wall_seconds": 5400}))
        self.assertIn("1 PASS. Date: 2026-11-21 · commit: 0123456789, fedcba9876 with changes · "
                      "machine: A core, 2 cores · runs: 15 · wall time: 1.5 h.", self.page())

    def test_changed_claims_are_said_to_be(self):
        said = "The claims have been changed since the first run was started."
        self.write("a", json.dumps({"claims": [claim("good", "PASS")], "claims_changed": True}))
        self.write("b", json.dumps({"claims": [claim("good", "PASS")], "claims_changed": False}))
        self.assertEqual([line.endswith(said) for line in self.page() if line.startswith("1 PASS.")],
                         [True, False])

    def test_a_cell_is_one_line(self):
        self.write("a", json.dumps({"claims": [claim("good", "PASS", published=None,
                                                     expect="< 1\nor so")]}))
        self.assertTrue(any(line.startswith("| good | – | ") and "| < 1 or so |" in line
                            for line in self.page()))

    def test_a_page_that_cannot_be_written_is_one_line(self):
        self.write("a", json.dumps({"claims": [claim("good", "PASS")]}))
        (self.results / "README.md").mkdir()
        ended = self.call(str(self.results))
        self.assertEqual(ended.returncode, 5)
        self.assertEqual(len(ended.stderr.splitlines()), 1)
        self.assertEqual({path.name for path in self.results.iterdir()}, {"README.md", "a"})

    def test_an_older_verdict_does_not_know(self):
        self.write("a", json.dumps({"claims": [claim("good", "PASS")]}))
        self.assertIn("1 PASS. Date: – · commit: – · machine: – · runs: – · wall time: –.",
                      self.page())

    def test_a_verdict_of_no_claims_is_a_section(self):
        self.write("a", json.dumps({"claims": [], "wall_seconds": 90, "git_dirty": None}))
        lines = self.page()
        self.assertIn("**0 claims of 1 study against 0 papers: none.**", lines)
        self.assertTrue(any("wall time: 1.5 min." in line for line in lines))

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
