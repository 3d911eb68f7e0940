"""tests/counts/check: what it compares, tells and accepts. Program and valgrind are stand-ins."""

import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

CHECK = Path(__file__).resolve().parent / "check"
BUILT_WITH = "GNU 12.2.0, libxsmm 1.17"
AVX2 = "avx2" in Path("/proc/cpuinfo").read_text().split()


@unittest.skipUnless(AVX2, "this machine has no AVX2")
class Check(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name) / "a checkout"
        self.build = self.root / "build" / "counts"
        self.expected = self.root / "tests" / "counts" / "expected.txt"
        for made in (self.build, self.expected.parent):
            made.mkdir(parents=True)
        shutil.copy(CHECK, self.expected.parent)
        # The case is valgrind's last argument; it runs in an environment of its own.
        self.stand_in(self.root / "valgrind",
                      f'count=$(cat "{self.root}/${{!#}}") || exit 1\n'
                      'echo "==7== Events    : Ir"; echo "==7== Collected : $count"')
        self.built_with(BUILT_WITH)
        for name in ("vanilla", "lstm", "gru"):
            self.counts(name, 1000000)
        self.expect(vanilla=1000000, lstm=1000000, gru=1000000)

    def stand_in(self, file, body):
        file.write_text(f"#!/bin/bash\n{body}\n")
        file.chmod(0o755)

    def built_with(self, text):
        self.stand_in(self.build / "rnnlab_counts", f'[ "$1" = --built-with ] && echo "{text}"')

    def counts(self, name, count):
        (self.root / name).write_text(str(count))

    def expect(self, **counts):
        self.expected.write_text("# a comment\n" + "".join(
            f"{name} {count}  2026-01-31  {BUILT_WITH}\n" for name, count in counts.items()))

    def check(self, *arguments):
        """Exit code and everything that was said."""
        result = subprocess.run([self.expected.parent / "check", *arguments], capture_output=True,
                                text=True, cwd="/", env={"PATH": f"{self.root}:/usr/bin:/bin"})
        return result.returncode, result.stdout + result.stderr

    def test_within_five_percent_is_fine(self):
        for count in (1000000, 1040000, 1050000, 960000, 950000):
            with self.subTest(count=count):
                self.counts("lstm", count)
                code, said = self.check()
                self.assertEqual(code, 0, said)
                self.assertNotIn("error", said)

    def test_more_fails_with_what_was_expected_and_what_came(self):
        for count in (1050001, 1060000, 9000000):
            with self.subTest(count=count):
                self.counts("lstm", count)
                code, said = self.check()
                self.assertEqual(code, 1, said)
                line = next(line for line in said.splitlines() if "SLOWER" in line)
                for word in ("lstm", "1000000", str(count), "2026-01-31", f"{count / 1e6:.3f}"):
                    self.assertIn(word, line)
                self.assertIn("tests/counts/check --accept", said)
                self.assertEqual(said.count("ratio"), 3, "the other cases are told too")

    def test_less_is_a_stale_expectation(self):
        for count in (949999, 940000, 1):
            with self.subTest(count=count):
                self.counts("gru", count)
                code, said = self.check()
                self.assertEqual(code, 1, said)
                self.assertIn("stale", said)
                self.assertIn("tests/counts/check --accept", said)

    def test_accepting_writes_what_was_counted(self):
        self.counts("vanilla", 2000000)
        self.assertEqual(self.check()[0], 1)
        code, said = self.check("--accept")
        self.assertEqual(code, 0, said)
        self.assertEqual(self.check()[0], 0)
        self.assertEqual(len(self.expected.read_text().splitlines()), 5)
        self.counts("vanilla", 1000000)
        self.assertEqual(self.check()[0], 1)

    def test_another_compiler_is_not_compared(self):
        self.built_with("GNU 13.1.0, libxsmm 1.17")
        self.counts("lstm", 9000000)
        code, said = self.check()
        self.assertEqual(code, 0, said)
        self.assertIn("skipped", said)
        for word in ("GNU 13.1.0", "GNU 12.2.0", "2026-01-31"):
            self.assertIn(word, said)

    def test_what_cannot_be_counted_is_no_success(self):
        before = self.expected.read_text()
        for name, why in (("nothing collected", "0"), ("no number", "")):
            with self.subTest(name):
                self.counts("gru", why)
                for arguments in ((), ("--accept",)):
                    self.assertEqual(self.check(*arguments)[0], 2)
        (self.root / "gru").unlink()
        for arguments in ((), ("--accept",)):
            code, said = self.check(*arguments)
            self.assertEqual(code, 2, said)
            self.assertIn("gru did not run", said)
        self.assertEqual(self.expected.read_text(), before)

    def test_what_is_missing_is_told(self):
        self.expect(vanilla=1000000, lstm=1000000)
        code, said = self.check()
        self.assertEqual(code, 2, said)
        self.assertIn("no line for gru", said)
        code, said = self.check(str(self.root / "elsewhere"))
        self.assertEqual(code, 2, said)
        self.assertIn("cmake --build --preset counts", said)
        code, said = self.check("--bogus")
        self.assertEqual(code, 2, said)
        self.assertIn("--bogus", said)


if __name__ == "__main__":
    unittest.main()
