"""scripts/quickstart and scripts/test: what they install, build and run, in which order, and how
they end. Packages, compiler and program are stand-ins that write down how they were called."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"

STAND_INS = {
    # Everything is installed but what MISSING names.
    "dpkg-query": 'case " $MISSING " in *" ${!#} "*) exit 1;; esac; printf installed',
    "apt-get": 'echo "apt-get $*" >>"$LOG"; exit "${APT_CODE:-0}"',
    "sudo": 'echo "sudo $*" >>"$LOG"; exec "$@"',
    "id": 'echo "${USER_ID:-0}"',
    "cmake": """echo "cmake $*" >>"$LOG"
mkdir -p build/release
cat >build/release/rnnlab <<'END'
#!/bin/bash
echo "rnnlab $*" >>"$LOG"
[[ $REPORT == no ]] || { mkdir -p "$4" && : >"$4/report.html"; }
exit "$STUDY_CODE"
END
chmod +x build/release/rnnlab
[[ $1 != --build ]] || exit "${BUILD_CODE:-0}\"""",
    "ctest": 'echo "ctest $*" >>"$LOG"; echo "$RNNLAB_FULL" >>"${RNNLAB_FAULTS_CSV:-/dev/null}"; case "$*" in *"$FAILING"*) exit 8;; esac',
}


class SetUp(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name) / "a checkout"
        self.log = Path(folder.name) / "log"
        (self.root / "scripts").mkdir(parents=True)
        (self.root / "tests" / "counts").mkdir(parents=True)
        self.stand_in(self.root / "tests" / "counts" / "check",
                      'echo "check $*" >>"$LOG"; [ "$FAILING" != check ]')
        self.stand_in(self.root / "scripts" / "faults_table",
                      'echo "faults_table" >>"$LOG"; cat results/faults/faults.csv >>"$LOG"')
        for name in ("quickstart", "test", "lib.sh"):
            shutil.copy(SCRIPTS / name, self.root / "scripts")
        self.tools = Path(folder.name) / "tools"
        self.tools.mkdir()
        for name, body in STAND_INS.items():
            self.stand_in(self.tools / name, body)
        for name in ("env", "bash", "dirname", "mkdir", "tail", "cat", "nproc", "chmod", "rm"):
            (self.tools / name).symlink_to(shutil.which(name))

    def stand_in(self, file, body):
        file.write_text(f"#!/bin/bash\n{body}\n")
        file.chmod(0o755)

    def run_script(self, name, *arguments, **environment):
        """Exit code, and the calls of the tools, one line each."""
        self.log.write_text("")
        self.result = subprocess.run(
            [self.root / "scripts" / name, *arguments], capture_output=True, text=True, cwd="/",
            env={"PATH": str(self.tools), "LOG": str(self.log), "STUDY_CODE": "0", "MISSING": "",
                 "FAILING": "nothing fails", **environment})
        return self.result.returncode, self.log.read_text().splitlines()

    def test_quickstart_configures_builds_the_program_alone_and_runs_the_study(self):
        code, calls = self.run_script("quickstart")
        self.assertEqual(code, 0, self.result.stderr)
        self.assertEqual(calls, ["cmake --preset release",
                                 "cmake --build --preset release --target rnnlab",
                                 "rnnlab study quickstart --study.dir results/quickstart --force"])
        self.assertIn(f"{self.root}/results/quickstart/report.html", self.result.stdout)

    def test_build_only_stops_before_the_study(self):
        code, calls = self.run_script("quickstart", "--build-only")
        self.assertEqual((code, len(calls)), (0, 2))

    def test_only_missing_packages_are_installed(self):
        code, calls = self.run_script("quickstart", "--build-only", MISSING="libhdf5-dev cmake")
        self.assertEqual(code, 0, self.result.stderr)
        self.assertEqual(calls[:2], [
            "apt-get update -q",
            "apt-get install -y -q --no-install-recommends cmake libhdf5-dev"])

    def test_sudo_is_used_by_others_than_root(self):
        code, calls = self.run_script("quickstart", "--build-only", MISSING="cmake", USER_ID="1000")
        self.assertEqual(code, 0, self.result.stderr)
        self.assertEqual(calls[0], "sudo env DEBIAN_FRONTEND=noninteractive apt-get update -q")

    def test_ccache_is_used_where_it_is_installed(self):
        self.stand_in(self.tools / "ccache", "exit 0")
        _, calls = self.run_script("quickstart", "--build-only")
        launcher = calls[0].removeprefix("cmake --preset release -DCMAKE_CXX_COMPILER_LAUNCHER=")
        self.assertRegex(launcher, r"^env;CCACHE_BASEDIR=/.*/a checkout;.*;ccache$")

    def test_a_claim_that_differs_is_a_result_and_anything_else_a_failure(self):
        for study, expected in (("0", 0), ("1", 0), ("2", 2), ("3", 3), ("70", 70), ("75", 75)):
            with self.subTest(study=study):
                self.assertEqual(self.run_script("quickstart", STUDY_CODE=study)[0], expected)
                self.assertEqual("report.html" in self.result.stdout, expected == 0)

    def test_a_study_without_a_report_is_a_failure(self):
        code, _ = self.run_script("quickstart", REPORT="no")
        self.assertEqual(code, 70)
        self.assertIn("results/quickstart/report.log", self.result.stderr)

    def test_a_failed_build_ends_it(self):
        code, calls = self.run_script("quickstart", BUILD_CODE="1")
        self.assertNotEqual(code, 0)
        self.assertEqual(len(calls), 2)

    def one_line(self, name, word, *arguments, **environment):
        code, _ = self.run_script(name, *arguments, **environment)
        self.assertEqual(code, 2, self.result.stderr)
        self.assertEqual(self.result.stderr.count("\n"), 1, self.result.stderr)
        self.assertIn(f"scripts/{name}: error: ", self.result.stderr)
        self.assertIn(word, self.result.stderr)

    def test_mistakes_and_unsuitable_machines_are_told_in_one_line(self):
        for name in ("quickstart", "test"):
            self.one_line(name, "--bogus", "--bogus")
        (self.tools / "sudo").unlink()
        self.one_line("quickstart", "apt-get install cmake", MISSING="cmake", USER_ID="1000")
        (self.tools / "apt-get").unlink()
        self.one_line("quickstart", "no Debian")

    def test_a_failed_installation_shows_its_output_and_ends_it(self):
        code, calls = self.run_script("quickstart", MISSING="cmake", APT_CODE="100")
        self.assertEqual((code, len(calls)), (70, 1))
        self.assertIn("apt-get update", self.result.stderr)

    def test_every_test_runs_in_both_builds_and_instructions_are_counted(self):
        code, calls = self.run_script("test")
        self.assertEqual(code, 0, self.result.stderr)
        jobs = os.cpu_count()
        self.assertEqual(calls, ["cmake --preset release -DRNNLAB_TESTS=ON -DRNNLAB_BENCH=ON",
                                 "cmake --build --preset release",
                                 "cmake --preset asan",
                                 "cmake --build --preset asan",
                                 "cmake --preset counts",
                                 "cmake --build --preset counts",
                                 f"ctest --preset release --no-tests=error -j {jobs}",
                                 f"ctest --preset asan --no-tests=error -j {jobs}",
                                 "check "])

    def test_full_takes_the_slow_tests_too(self):
        _, calls = self.run_script("test", "--full")
        self.assertTrue(calls[-5].startswith("ctest --test-dir build/release "), calls)
        self.assertEqual(calls[-4:-2], ["faults_table", "1"])  # what the release tests counted

    def test_a_failing_test_of_either_build_is_a_failure_and_so_is_a_changed_count(self):
        for failing in ("--preset release", "--preset asan", "check"):
            with self.subTest(failing=failing):
                code, calls = self.run_script("test", FAILING=failing)
                self.assertEqual(code, 1)
                self.assertEqual(len([call for call in calls if call.startswith("ctest")]), 2)
                self.assertEqual(calls[-1], "check ")


if __name__ == "__main__":
    unittest.main()
