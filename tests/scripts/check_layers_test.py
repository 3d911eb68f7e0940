"""The layering check catches what it is there for, and nothing else."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "check_layers.py"

ALLOWED = {
    "lib/base/sha.cpp": "#include <openssl/evp.h>\n#include <string>\n",
    "lib/math/gemm.cpp": '#include <Eigen/Core>\n#include <libxsmm.h>\n#include "base/sha.hpp"\n',
    "lib/base/sha.hpp": "#pragma once\n",
    "lib/math/gemm.hpp": "#pragma once\n",
    "lib/data/batch.hpp": "#pragma once\n",
    "lib/data/task.hpp": '#include "data/batch.hpp"\n',
    "lib/exec/pool.hpp": "#include <atomic>\n#include <mutex>\n#include <thread>\n",
    "lib/nn/cell.hpp": '#include <unsupported/Eigen/AutoDiff>\n#include "data/batch.hpp"\n',
    "lib/record/sink.hpp": "#include <hdf5.h>\n",
    "lib/record/recorder.hpp": '#include "record/sink.hpp"\n',
    "lib/train/trainer.cpp":
        '#include <atomic>\n#include "record/sink.hpp"\n#include "exec/pool.hpp"\n',
    "lib/study/config.cpp": '#include <boost/program_options.hpp>\n#include "nn/cell.hpp"\n',
    "lib/study/manifest.cpp": "#include <nlohmann/json.hpp>\n#include <boost/process.hpp>\n",
    "lib/study/manifest.hpp": "#pragma once\n",
    "lib/cli/main.cpp": '#include "study/manifest.hpp"\n#include "tasks.hpp"\n',
    "tasks/tasks.hpp": '#include "data/task.hpp"\n',
    "lib/record/array_file.hpp": "#pragma once\n",
    "lib/data/npz_file.cpp": "#include <zip.h>\n",
    "tasks/file.cpp": '#include "record/array_file.hpp"\n',
}

# One line that must be caught each: file, line, and a word of the sentence.
FORBIDDEN = [
    ("lib/base/up.cpp", '#include "math/gemm.hpp"', "base may not include"),
    ("lib/math/up.cpp", '#include "nn/cell.hpp"', "math may not include"),
    ("lib/data/up.cpp", '#include "record/sink.hpp"', "data may not include"),
    ("lib/nn/task.cpp", '#include "data/task.hpp"', "nn may not include"),
    ("lib/nn/up.cpp", '#include "train/trainer.hpp"', "nn may not include"),
    ("lib/nn/relative.cpp", '#include "../record/recorder.hpp"', "nn may not include"),
    ("lib/train/file.cpp", '#include "record/recorder.hpp"', "train may not include"),
    ("lib/study/pool.cpp", '#include "exec/pool.hpp"', "study may not include"),
    ("lib/cli/run.cpp", '#include "nn/cell.hpp"', "cli may not include"),
    ("tasks/adding.cpp", '#include "nn/cell.hpp"', "tasks may not include"),
    ("lib/train/h5.cpp", "#include <hdf5.h>", "HDF5"),
    ("lib/nn/xsmm.cpp", "  #  include <libxsmm.h>", "libxsmm"),
    ("lib/train/eigen.cpp", "#include <Eigen/Core>", "Eigen"),
    ("lib/study/sweep.cpp", "#include <boost/program_options/errors.hpp>", "Program_options"),
    ("lib/cli/process.cpp", "#include <boost/process.hpp>", "Boost.Process"),
    ("lib/cli/json.cpp", "#include <nlohmann/json.hpp>", "JSON"),
    ("lib/study/hash.cpp", "#include <openssl/sha.h>", "OpenSSL"),
    ("lib/data/vocabulary.cpp", "#include <utf8proc.h>", "utf8proc"),
    ("tasks/log.cpp", '#include "record/recorder.hpp"', "tasks may not include"),
    ("tasks/zip.cpp", "#include <zip.h>", "libzip"),
    ("lib/data/corpus.cpp", "#include <archive.h>", "libarchive"),
    ("tasks/csv.cpp", "#include <csv.h>", "libcsv"),
    ("tasks/speech.cpp", "#include <sndfile.h>", "libsndfile"),
    ("lib/train/thread.cpp", "#include <thread>", "threads"),
    ("lib/nn/atomic.cpp", "#include <atomic>", "atomics"),
    ("lib/base/test.cpp", "#include <catch2/catch.hpp>", "Catch2"),
    ("tasks/bench.cpp", "#include <benchmark/benchmark.h>", "Benchmark"),
    ("lib/extras/new.cpp", "#include <string>", "in no layer"),
]


def check(root):
    result = subprocess.run([sys.executable, SCRIPT, str(root)], capture_output=True, text=True)
    return result.returncode, result.stdout


def write(root, path, content):
    file = Path(root) / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content)


class CheckLayers(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = folder.name
        for path, content in ALLOWED.items():
            write(self.root, path, content)

    def test_what_the_table_allows_passes(self):
        self.assertEqual(check(self.root), (0, f"{len(ALLOWED)} files, 0 violations\n"))

    def test_each_planted_violation_is_named_with_file_and_line(self):
        for path, line, word in FORBIDDEN:
            with self.subTest(path=path):
                write(self.root, path, f"#include <vector>\n{line}\n")
                code, out = check(self.root)
                (Path(self.root) / path).unlink()
                at = 1 if word == "in no layer" else 2
                self.assertEqual(code, 1, out)
                self.assertIn(f"{path}:{at}: ", out)
                self.assertIn(word, out)
                self.assertIn("1 violations", out)

    def test_a_tree_without_sources_is_an_error(self):
        with tempfile.TemporaryDirectory() as empty:
            self.assertEqual(check(empty)[0], 2)
            (Path(empty) / "lib").mkdir()
            self.assertEqual(check(empty)[0], 2)


if __name__ == "__main__":
    unittest.main()
