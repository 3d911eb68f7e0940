"""scripts/faults_table: counts are added per fault, nothing else of the page changes."""

import subprocess
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "faults_table"
PAGE = "before\n<!-- faults: scripts/faults_table -->\nold\n<!-- faults end -->\nafter\n"


class FaultsTable(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        (self.root / "README.md").write_text(PAGE, encoding="utf-8")

    def call(self, counted):
        if counted is not None:
            (self.root / "results" / "faults").mkdir(parents=True)
            (self.root / "results" / "faults" / "faults.csv").write_text(counted, encoding="utf-8")
        ended = subprocess.run(["/usr/bin/python3", str(SCRIPT), str(self.root)],
                               capture_output=True, text=True, check=False)
        return ended, (self.root / "README.md").read_text(encoding="utf-8")

    def test_counts_are_added_per_fault(self):
        ended, page = self.call('"b","y",10,0,0,0,0\n"a","x, z",1,2,3,4,5\n"b","w",5,0,1,0,0\n')
        self.assertEqual(ended.returncode, 0, ended.stderr)
        rows = [line for line in page.splitlines() if line.startswith("| ")][1:]
        self.assertEqual(rows, ["| a | x, z | 1 | 2 | 3 | 4 |", "| b | w, y | 15 | 0 | 1 | 0 |",
                                "| **all** |  | 16 | 2 | 4 | 4 |"])
        self.assertIn("damaged files: 5.", page)
        self.assertTrue(page.startswith("before\n<!-- faults: "))
        self.assertTrue(page.endswith("<!-- faults end -->\nafter\n"))
        self.assertNotIn("old", page)

    def test_bad_counts_are_one_line_and_change_nothing(self):
        for counted in (None, '"a","x",many,0,0,0,0\n', '"a","x",1\n'):
            with self.subTest(counted=counted), tempfile.TemporaryDirectory() as folder:
                self.root = Path(folder)
                (self.root / "README.md").write_text(PAGE, encoding="utf-8")
                ended, page = self.call(counted)
                self.assertIn(ended.returncode, (2, 4))
                self.assertEqual(len(ended.stderr.splitlines()), 1)
                self.assertEqual(page, PAGE)


if __name__ == "__main__":
    unittest.main()
