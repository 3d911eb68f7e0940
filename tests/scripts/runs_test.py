"""Finding, reading and grouping runs."""

import contextlib
import io
import tempfile
import unittest
import unittest.mock
from pathlib import Path

import numpy as np

import fake_runs
import runs


def failure(call, *arguments):
    """What a script whose body is `call` says on stderr while it ends with exit code 2."""
    err = io.StringIO()
    with contextlib.redirect_stderr(err):
        code = runs.main(lambda: call(*arguments))
    assert code == 2, code
    return err.getvalue()


class Runs(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def test_a_study_is_read_in_the_order_of_its_manifest(self):
        study = fake_runs.write_study(self.root / "study", seeds=(0, 1))
        found = runs.find([study])
        self.assertEqual([run.id for run in found],
                         [fake_runs.run_id(model, seed)
                          for model in fake_runs.MODELS for seed in (0, 1)])
        self.assertEqual({run.state for run in found}, {"completed"})
        self.assertEqual(found[0].config["task.length"], str(fake_runs.LENGTH))
        self.assertAlmostEqual(runs.chance_loss(found), 1 / 6)

    def test_runs_are_found_without_a_manifest_and_each_once(self):
        study = fake_runs.write_study(self.root / "study", seeds=(0,))
        (study / "manifest.json").unlink()
        one = study / "runs" / fake_runs.run_id("gru", 0)
        found = runs.find([one, one / "run.h5", study])
        self.assertEqual([run.id for run in found],
                         [fake_runs.run_id(model, 0) for model in ("gru", "lstm", "vanilla")])

    def test_a_run_is_read_while_it_is_written(self):
        writer = fake_runs.write_run(self.root / "live", "gru", 0, rows=4, state="running",
                                     close=False)
        self.addCleanup(writer.close)
        run = runs.find([self.root / "live"])[0]
        self.assertEqual(run.state, "running")
        self.assertEqual(run.read("metrics/valid", "step")[0].tolist(), [0, 25, 50, 75])

    def test_a_run_whose_process_is_gone_is_lost(self):
        fake_runs.write_run(self.root / "dead", "gru", 0, state="running")
        status = self.root / "dead" / "status.json"
        pid = runs.read_json(status)["pid"]
        status.write_text(status.read_text().replace(f'"pid": {pid}', '"pid": 999999999'))
        self.assertEqual(runs.find([self.root / "dead"])[0].state, "lost")

    def test_unreadable_runs_are_left_out_with_a_word(self):
        study = fake_runs.write_study(self.root / "study", seeds=(0,))
        broken = study / "runs" / fake_runs.run_id("lstm", 0) / "run.h5"
        broken.write_bytes(b"not HDF5")
        err = io.StringIO()
        with contextlib.redirect_stderr(err):
            self.assertEqual(len(runs.find([study])), 2)
        self.assertEqual(err.getvalue().count("\n"), 1)
        self.assertIn(str(broken.parent), err.getvalue())

    def test_mistakes_are_told_in_one_line(self):
        fake_runs.write_run(self.root / "run", "gru", 0)
        (self.root / "empty").mkdir()
        found = runs.find([self.root / "run"])
        for said, word in (
                (failure(runs.find, [self.root / "gone"]), "no such folder"),
                (failure(runs.find, [self.root / "empty"]), "no readable run"),
                (failure(runs.group, found, ["model.nome"]), "did you mean 'model.name'?"),
                (failure(runs.selected, found, "model.name"), "is no condition"),
                (failure(runs.selected, found, "task.lenght=60"), "did you mean 'task.length'?"),
                (failure(runs.selected, found, "task.length=61"), "no run has task.length=61")):
            self.assertEqual(said.count("\n"), 1, said)
            self.assertIn("error: ", said)
            self.assertIn(word, said)

    def test_groups_by_several_keys(self):
        study = fake_runs.write_study(self.root / "study", seeds=(0, 1))
        groups = runs.group(runs.find([study]), ["model.name", "train.seed"])
        self.assertEqual(list(groups)[:2], ["vanilla, seed 0", "vanilla, seed 1"])
        groups = runs.group(runs.find([study]), ["task.length", "model.name"])
        self.assertEqual(list(groups)[0], f"length {fake_runs.LENGTH}, vanilla")

    def test_labels_stay_apart_where_four_digits_would_not_tell(self):
        self.assertEqual(runs.words("train.seed", ["10001", "10002"]),
                         {"10001": "seed 10001", "10002": "seed 10002"})
        self.assertEqual(runs.words("train.lr", ["0.00123456", "0.01"]),
                         {"0.00123456": "lr 0.001235", "0.01": "lr 0.01"})
        close = ["0.00123456", "0.00123461"]
        self.assertEqual(runs.words("train.lr", close), {lr: f"lr {lr}" for lr in close})
        study = fake_runs.write_study(self.root / "study", seeds=(10001, 10002, 10003))
        found = runs.find([study], "model.name=gru")
        self.assertEqual([len(members) for members in runs.group(found, ["train.seed"]).values()],
                         [1, 1, 1])
        for run, lr in zip(found, (*close, close[0])):
            run.config["train.lr"] = lr
        keys, groups = runs.configurations(found)
        self.assertEqual(keys, ["train.lr"])
        self.assertEqual({label: len(members) for label, members in groups.items()},
                         {"lr 0.00123456": 2, "lr 0.00123461": 1})
        self.assertEqual([len(members) for members in runs.group(found, ["train.lr"]).values()],
                         [2, 1])

    def test_a_file_is_written_as_a_whole_or_not_at_all(self):
        page = self.root / "page.html"
        runs.replace_text(page, "first")
        with unittest.mock.patch.object(Path, "write_text", side_effect=OSError(28, "full")):
            self.assertIn("cannot write", failure(runs.replace_text, page, "second"))
        self.assertEqual(page.read_text(), "first")
        self.assertEqual(list(self.root.iterdir()), [page])

    def test_conditions_select(self):
        study = fake_runs.write_study(self.root / "study", seeds=(0, 1))
        found = runs.find([study], f"model.name=gru task.length={fake_runs.LENGTH} train.seed=1")
        self.assertEqual([run.id for run in found], [fake_runs.run_id("gru", 1)])

    def test_parts_and_configurations_of_a_mixed_study(self):
        found = runs.find([fake_runs.write_mixed_study(self.root / "mixed")])
        parts = runs.parts(found)
        self.assertEqual([(*part.values(), len(members)) for part, members in parts],
                         [("noise", "40", "1", 24), ("adding", "60", "201", 4),
                          ("copy", "100", "201", 6)])
        keys, groups = runs.configurations(parts[0][1])
        self.assertEqual(keys, ["model.name", "model.spectral_radius"])
        self.assertEqual(list(groups)[:2], ["vanilla, spectral_radius 0.1",
                                            "vanilla, spectral_radius 0.2"])
        self.assertEqual(list(groups)[-1], "gru")  # alone with its name: nothing more is needed
        self.assertEqual({len(members) for members in groups.values()}, {2})
        self.assertEqual(runs.configurations(parts[1][1])[0], ["model.spectral_radius"])
        self.assertEqual(runs.configurations(parts[1][1][:1])[0], [])

    def test_rows_that_only_some_datasets_have_are_cut(self):
        fake_runs.write_run(self.root / "run", "gru", 0)
        import h5py
        with h5py.File(self.root / "run" / "run.h5", "r+") as file:
            group = file["metrics/valid"]
            mse = group["mse"][:-2]
            del group["mse"]
            group["mse"] = mse
        step, mse = runs.find([self.root / "run"])[0].read("metrics/valid", "step", "mse")
        self.assertEqual(len(step), len(mse))
        self.assertEqual(len(step), 7)


class Statistics(unittest.TestCase):
    def test_align_puts_runs_of_unequal_length_on_one_axis(self):
        steps, values = runs.align([(np.array([0, 10, 20]), np.array([1., 2., 3.])),
                                    (np.array([0, 20, 40]), np.array([5., 6., 7.]))])
        self.assertEqual(steps.tolist(), [0, 10, 20, 40])
        np.testing.assert_array_equal(values, [[1, 2, 3, np.nan], [5, np.nan, 6, 7]])

    def test_middle_leaves_out_what_is_not_finite(self):
        values = np.array([[1., np.nan, np.nan], [3., 5., np.inf], [8., 7., np.nan]])
        median, low, high = runs.middle(values)
        np.testing.assert_array_equal(median, [3, 6, np.nan])
        np.testing.assert_array_equal(low, [2, 5.5, np.nan])
        np.testing.assert_array_equal(high, [5.5, 6.5, np.nan])


if __name__ == "__main__":
    unittest.main()
