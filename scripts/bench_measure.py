#!/usr/bin/python3
"""Times training steps of ours and of the rivals for scripts/bench_report, each case's programs one
right after the other, into OUT/train_step.csv and OUT/machine.json."""

# The resident memory that a child reports begins with ours: no module is imported that is large.
import argparse
import csv
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT / "tests" / "bench" / "train_step"

SECONDS = 0.8      # that a rival's steps are timed for
REPETITIONS = 3    # of ours, for so long together

NOT_THERE = 77     # how a rival ends that lacks a package

COLUMNS = ["pass", "program", "cell", "B", "T", "H", "layers", "threads", "ms_per_step",
           "peak_rss_mb", "flop", "fma_gflops", "bytes_kept", "bytes_moved"]


def cases(grid):
    """(cell, B, T, H, layers) of a grid, in the order of measurement."""
    widths = (64, 128, 256, 512)
    points = {
        "key": [(20, 100, 64), (20, 100, 256), (128, 100, 128), (128, 100, 512)],
        "small": [(B, 100, H) for B in (20, 128) for H in widths],
        "regions": [(B, T, H) for B in (20, 128) for T in (100, 500) for H in widths],
        "full": [(B, T, H) for B in (1, 20, 32, 128) for T in (50, 100, 500, 1000)
                 for H in (32, *widths)],
    }[grid]
    return [(cell, *point, 1) for point in points for cell in ("vanilla", "lstm", "gru")] + \
        [("lstm", 32, 100, 256, 2)]


def threads_of(case, options):
    """The numbers of threads that a case is measured with: in the grid `regions` longer sequences on
    one thread alone, as two gain there what they gain at T = 100."""
    wanted = [int(word) for word in options.threads.split()]
    return [1] if options.grid == "regions" and case[2] > 100 and 1 in wanted else wanted


def call(command, threads, **environment):
    """What a program prints, or None with its own words on stderr. A single thread stays on one
    processor."""
    if threads == 1:
        command = ["taskset", "-c", "0", *command]
    ran = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                         env={**os.environ, **environment}, check=False)
    if ran.returncode == 0 and ran.stdout.strip():
        return ran.stdout
    words = ran.stderr.strip().splitlines() or [f"{command[-1]} printed nothing"]
    print(f"    {words[-1]} (code {ran.returncode})", file=sys.stderr)
    return None


def ours(build, case, threads):
    """Rows of our step, plain and traced, by rnnlab_bench, with what only it knows of the case."""
    cell, B, T, H, layers = case
    name = f"{cell}/B:{B}/T:{T}/H:{H}/L:{layers}/D:1/threads:{threads}"
    printed = call([build / "rnnlab_bench", f"--benchmark_filter=^train_step(_traced)?/{name}$",
                    f"--benchmark_min_time={SECONDS / REPETITIONS}",
                    f"--benchmark_repetitions={REPETITIONS}",
                    "--benchmark_report_aggregates_only=true", "--benchmark_format=json"], threads)
    if printed is None:
        return [], {}
    measured = json.loads(printed)
    peak = float(measured["context"][f"fma_flops_{threads}_thread{'s' * (threads > 1)}"])
    rows, known = [], {}
    for run in measured["benchmarks"]:
        if run["aggregate_name"] != "median":
            continue
        known = {"flop": round(run["FLOP"]), "fma_gflops": peak / 1e9,
                 "bytes_kept": round(run["bytes"]), "bytes_moved": round(run["moved"])}
        program = "rnnlab_bench traced" if "_traced/" in run["name"] else "rnnlab_bench"
        rows.append({"program": program, "ms_per_step": run["real_time"]})
    return rows, known


def whole_program(build, case, threads):
    """The row of `rnnlab run --profile`, gradient flow traced and written at every step."""
    cell, B, T, H, layers = case
    printed = call([BENCH / "profile_case", cell, B, T, H, layers, 1, threads], threads,
                   INSTRUMENTS="gradient-flow", RNNLAB=str(build / "rnnlab"))
    if printed is None:
        return []
    *_, ms, rss = printed.strip().split(",")
    return [{"program": "rnnlab run", "ms_per_step": float(ms), "peak_rss_mb": float(rss)}]


def rivals(build):
    """The programs of those that can be run here; says which cannot."""
    found = []
    for name, program in (("pytorch", BENCH / "pytorch"), ("onednn", build / "rnnlab_bench_onednn")):
        missing = f"{program.name} is not built (package libdnnl-dev)"
        if program.is_file():
            ran = subprocess.run([program, "/dev/null", "--check"], capture_output=True, text=True,
                                 check=False)
            missing = ran.stderr.strip() if ran.returncode == NOT_THERE else None
        if missing:
            print(f"    {name} is left out: {missing}", flush=True)
        else:
            found.append(program)
    return found


def rival(program, case_file, threads, versions):
    printed = call([program, case_file, "--threads", threads, "--seconds", SECONDS], threads,
                   OMP_NUM_THREADS=str(threads))
    if printed is None:
        return []
    answer = json.loads(printed)
    versions[answer["rival"]] = answer["version"]
    return [{"program": answer["rival"], "ms_per_step": answer["ms_per_step"],
             "peak_rss_mb": answer["peak_rss_mb"]}]


def measure(build, present, case, threads, case_file, versions):
    """All rows of a case. The rivals stand between our program's rows."""
    rows, known = ours(build, case, threads)
    for program in present:
        rows += rival(program, case_file, threads, versions)
    rows += whole_program(build, case, threads)
    shape = dict(zip(("cell", "B", "T", "H", "layers"), case))
    return [{**shape, "threads": threads, **known, **row} for row in rows]


def machine(build, command):
    """What a figure without which means nothing."""
    printed = call([build / "rnnlab_bench", "--benchmark_filter=^memory_read/",
                    "--benchmark_format=json"], threads=1)
    if printed is None:
        sys.exit("bench_measure.py: error: rnnlab_bench does not run; its words are above")
    probe = json.loads(printed)
    release = dict(line.rstrip().split("=", 1) for line in open("/etc/os-release", encoding="utf-8")
                   if "=" in line)
    return {**{key: probe["context"].get(key, "unknown") for key in (
                "cpu", "isa", "compiler", "flags", "libraries", "git_commit", "git_dirty",
                "rnnlab_version", "fma_instruction_set")},
            "cores": os.cpu_count(),
            "os": release.get("PRETTY_NAME", "unknown").strip('"'),
            "kernel": platform.release(),
            "fma_gflops": float(probe["context"]["fma_flops_1_thread"]) / 1e9,
            "read_gbytes": {run["name"].split("KiB:")[1].split("/")[0]: run["bytes/s"] / 1e9
                            for run in probe["benchmarks"]},
            "date": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
            "command": command}


def expected(case, threads):
    """Seconds that a case takes, more or less: starts of programs, then some fifty steps."""
    cell, B, T, H, layers = case
    flop = 6 * B * T * layers * H * (H + 20) * {"vanilla": 1, "gru": 3, "lstm": 4}[cell]
    return 10 + max(0, 50 * flop / 1.2e11 / threads - 4)


def duration(seconds):
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min" \
        if seconds < 5400 else f"{seconds / 3600:.1f} h"


def run(options, folder, table):
    """Every case in every pass; rows go to the table at once. Returns the rivals' versions."""
    todo = [(number, case) for number in range(1, options.passes + 1)
            for case in cases(options.grid)]
    weights = [sum(expected(case, n) for n in threads_of(case, options)) for _, case in todo]
    print(f"    {len(todo)} cases, about {duration(sum(weights))}", flush=True)
    present = rivals(options.build)
    versions, begun = {}, time.monotonic()
    for index, (number, case) in enumerate(todo):
        case_file = folder / "case"
        subprocess.run([options.build / "rnnlab_bench_case", *map(str, case), case_file], check=True)
        for n in threads_of(case, options):
            for row in measure(options.build, present, case, n, case_file, versions):
                table.writerow({"pass": number, **{key: f"{value:.6g}" if isinstance(value, float)
                                                   else value for key, value in row.items()}})
        taken = time.monotonic() - begun
        left = taken / sum(weights[:index + 1]) * sum(weights[index + 1:])
        print(f"    {index + 1}/{len(todo)} pass {number} {' '.join(map(str, case))}: "
              f"{duration(taken)}, about {duration(left)} left", flush=True)
    return versions


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "release",
                        help="folder of the build")
    parser.add_argument("--grid", choices=("key", "small", "regions", "full"), required=True)
    parser.add_argument("--passes", type=int, required=True)
    parser.add_argument("--threads", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--command", required=True)
    options = parser.parse_args()
    options.build = options.build.resolve()
    facts = machine(options.build, options.command) | {
        "grid": options.grid, "passes": options.passes, "rivals": {}}
    machine_file = options.out / "machine.json"
    machine_file.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder, \
            open(options.out / "train_step.csv", "w", encoding="utf-8", newline="",
                 buffering=1) as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        table.writeheader()
        facts["rivals"] = run(options, Path(folder), table)
    machine_file.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
