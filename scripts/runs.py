"""Finds and reads the runs of a sweep, a study or a single run, finished or still running.

    for run in runs.find(["results/quickstart"]):
        print(run.id, run.state, run.config["model.name"], run.read("metrics/valid", "mse"))
"""

import argparse
import configparser
import difflib
import json
import os
import re
import sys
from collections import Counter
from pathlib import Path

PROGRAM = Path(sys.argv[0]).name or "runs.py"


class Failure(Exception):
    """The user's mistake: what is wrong, and the next thing to try."""

    def __init__(self, what, next_step):
        super().__init__(f"{what}; {next_step}")
        self.what = what


def main(body):
    """Runs a script's body; a mistake becomes one line on stderr and exit code 2."""
    try:
        return body()
    except Failure as failure:
        print(f"{PROGRAM}: error: {failure}", file=sys.stderr)
        return 2


try:
    import h5py
    import matplotlib  # noqa: F401  (only to tell its absence, once for every script)
    import numpy as np
except ImportError as missing:
    print(f"{PROGRAM}: error: {sys.executable} has no module '{missing.name}'; run it with "
          f"Debian's own: /usr/bin/python3 {' '.join(sys.argv)} (packages python3-h5py, "
          "python3-numpy, python3-matplotlib)", file=sys.stderr)
    sys.exit(2)


def replace_text(path, text):
    """Writes a file as a whole or not at all."""
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(text, encoding="utf-8")
        os.replace(part, path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Failure(f"cannot write {path}: {error.strerror}", "make room for it, or give another "
                      "place") from error


class Parser(argparse.ArgumentParser):
    """Command lines whose mistakes are told in one line, like all others."""

    def __init__(self, description, examples):
        super().__init__(prog=PROGRAM, description=description, epilog=examples,
                         formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False)

    def error(self, message):
        raise Failure(message, f"try {PROGRAM} --help")


def parse_ini(text):
    """INI text as a dict of dotted keys: `name = lstm` in `[model]` is {"model.name": "lstm"}."""
    reader = configparser.ConfigParser(interpolation=None, delimiters=("=",), default_section="\0")
    reader.optionxform = str
    reader.read_string(text)
    return {f"{section}.{key}": value for section in reader.sections()
            for key, value in reader[section].items()}


def read_json(path):
    """The content of a JSON file, or {} while there is none."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise Failure(f"not JSON: {error} ({path})",
                      "remove the file, or run what wrote it again") from None


class Run:
    """One run folder. Numbers are read when they are asked for, never kept open."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.id = self.folder.resolve().name
        self.path = self.folder / "run.h5"
        self.status = read_json(self.folder / "status.json")
        with self.open() as file:
            self.config = parse_ini(text(file["config"][()]))
            self.attributes = {key: text(value) for key, value in file.attrs.items()}

    def open(self):
        """The run file: as it is, or as a reader beside its writer while the run goes on."""
        try:
            return h5py.File(self.path, "r")
        except OSError:
            return h5py.File(self.path, "r", swmr=True, libver="latest")

    @property
    def state(self):
        """How the run ended, as its file says; while it has not: running, or lost, which is running
        without a process."""
        with self.open() as file:
            outcome = text(file["outcome"][()])
        if outcome != "running":
            return outcome
        if self.status.get("host") == os.uname().nodename and not alive(self.status.get("pid")):
            return "lost"
        return self.status.get("state", outcome)

    def read(self, group, *names):
        """The datasets `names` of `group`, cut to the rows that all of them have; None if one of
        them is not in the file or has no row yet."""
        with self.open() as file:
            if group not in file or any(name not in file[group] for name in names):
                return None
            values = [file[group][name][()] for name in names]
        rows = min(len(value) for value in values)
        return [value[:rows] for value in values] if rows else None

    def axis(self, group, name):
        """A fixed axis of a group, such as `time`."""
        with self.open() as file:
            return file[group][name][()]

    def groups(self, prefix):
        """The names of the groups below `prefix`: the layers below `gradients/hidden`."""
        with self.open() as file:
            return list(file[prefix]) if prefix in file else []


def alive(pid):
    """Whether a process of this machine has that id."""
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, TypeError):
        return False
    except PermissionError:
        pass  # somebody else's, so it is there
    return True


def text(value):
    """A string of an HDF5 file as str; anything else as it is."""
    if isinstance(value, bytes):
        return value.rstrip(b"\0").decode("utf-8", "replace")
    return value.item() if isinstance(value, np.generic) and value.ndim == 0 else value


def folders(path):
    """The run folders that `path` speaks of: a run, a run.h5, a sweep or a study. A manifest gives
    their order; runs that have not begun are left out."""
    path = Path(path)
    if path.name == "run.h5" and path.is_file():
        return [path.parent]
    if (path / "run.h5").is_file():
        return [path]
    if not path.is_dir():
        raise Failure(f"no such folder: {path}",
                      "name a run, sweep or study folder, such as results/quickstart")
    present = {folder.parent.name: folder.parent for folder in sorted(path.glob("runs/*/run.h5"))}
    planned = [run["id"] for run in read_json(path / "manifest.json").get("runs", [])]
    return ([present[name] for name in planned if name in present] +
            [folder for name, folder in present.items() if name not in planned])


def readable(paths):
    """Every run below `paths` that can be read, each once."""
    found, seen = [], set()
    for path in paths:
        for folder in folders(path):
            if folder.resolve() in seen:
                continue
            seen.add(folder.resolve())
            try:
                found.append(Run(folder))
            except (OSError, KeyError) as error:
                why = " ".join(str(error).split())
                print(f"{PROGRAM}: left out {folder}: {why}", file=sys.stderr)
    return found


def find(paths, select=""):
    """The readable runs below `paths` that meet the conditions of `select`; at least one."""
    found = readable(paths)
    if not found:
        raise Failure(f"no readable run in {' '.join(map(str, paths))}",
                      "name a folder that has run.h5 or runs/*/run.h5")
    return selected(found, select)


def selected(found, select):
    """The runs that meet all of the conditions `key=value key=value …`; at least one."""
    left = found
    for condition in select.split():
        key, equals, value = condition.partition("=")
        if not equals:
            raise Failure(f"'{condition}' is no condition", "write it as task.length=100")
        if not any(key in run.config for run in found):
            value_of(found[0], key)
        left = [run for run in left if run.config.get(key) == value]
    if not left:
        raise Failure(f"no run has {select}", "the runs' config.ini have the values as they are "
                      "compared: as text")
    return left


def value_of(run, key):
    """The value of a configuration key; of a misspelt key, a failure that has the nearest one."""
    if key not in run.config:
        near = difflib.get_close_matches(key, run.config, 1, 0)
        raise Failure(f"no key '{key}' in the configuration of {run.id}", f"did you mean "
                      f"'{near[0]}'?" if near else "the file's dataset /config lists them")
    return run.config[key]


def short(value):
    """A number in four digits, an integer in all of its own; other text as it is."""
    try:
        return value if re.fullmatch(r"[+-]?\d+", value) else f"{float(value):.4g}"
    except ValueError:
        return value


def words(key, values):
    """{value: a setting in a label}: bare names of models and tasks, anything else with its key;
    numbers short where that still tells them apart."""
    names = {value: short(value) for value in values}
    if len(set(names.values())) < len(names):
        names = {value: value for value in values}
    bare = key in ("model.name", "task.name")
    return {value: name if bare else f"{key.split('.')[-1]} {name}"
            for value, name in names.items()}


def group(found, keys):
    """The runs by the values of `keys`, in order of appearance: {"lstm, length 100": [run, …]}."""
    groups = {}
    for run in found:
        values = tuple(value_of(run, key) for key in keys)
        groups.setdefault(values, []).append(run)
    names = [words(key, {values[i] for values in groups}) for i, key in enumerate(keys)]
    return {", ".join(own[value] for own, value in zip(names, values)): members
            for values, members in groups.items()}


def part(run):
    """The keys that runs have to share to be drawn in one figure, with their values."""
    return {key: run.config.get(key, "") for key in ("task.name", "task.length", "train.steps")}


def parts(found):
    """The runs by `part`, in order of appearance: [(part, [run, …]), …]."""
    result = {}
    for run in found:
        result.setdefault(tuple(part(run).items()), []).append(run)
    return [(dict(key), members) for key, members in result.items()]


def configurations(found):
    """The runs by their configuration, the seed apart: (keys, {label: [run, …]}). A label has only
    what is needed to tell it from the others: the model and its activation first, then key after
    key, each only where it differs among those that are still alike. `keys`: all that were used."""
    first = ["model.name", "model.activation"]
    every = dict.fromkeys(key for run in found for key in run.config)
    order = first + [key for key in every if key not in first and key != "train.seed"]
    used, labels = set(), {}

    def split(members, label, rest):
        while rest:
            key, rest = rest[0], rest[1:]
            values = {}
            for run in members:
                values.setdefault(run.config.get(key, ""), []).append(run)
            if len(values) > 1:
                used.add(key)
                names = words(key, values)
                for value, some in values.items():
                    split(some, label + [names[value]], rest)
                return
        labels[", ".join(label) or members[0].config.get("model.name", "all")] = members

    if found:
        split(found, [], order)
    return [key for key in order if key in used], labels


def align(series):
    """Pairs (steps [N_r], values [N_r, …]) of several runs on one step axis: (steps [N], values
    [R, N, …]), NaN where a run has no row at a step."""
    steps = np.unique(np.concatenate([s for s, _ in series]))
    values = np.full((len(series), len(steps), *np.shape(series[0][1])[1:]), np.nan)
    for row, (own, numbers) in zip(values, series):
        row[np.searchsorted(steps, own)] = numbers
    return steps, values


def middle(values, band=(0.25, 0.75)):
    """Median and two other quantiles, by default the quartiles, over the first axis, what is not
    finite left out; NaN where nothing is left."""
    known = np.isfinite(values)
    some = known.any(axis=0)
    parts = np.full((3, *values.shape[1:]), np.nan)
    values = np.where(known, values, np.nan)[:, some]
    parts[:, some] = np.nanquantile(values, [0.5, *band], axis=0)
    return parts


def chance_loss(found):
    """The loss of the best predictor that sees no input, if the files agree on one; else None."""
    values = {run.attributes.get("chance_loss") for run in found}
    return values.pop() if len(values) == 1 else None


def states(found):
    """How many runs are in which state."""
    return Counter(run.state for run in found)


def seeds(count):
    return "1 seed" if count == 1 else f"{count} seeds"
