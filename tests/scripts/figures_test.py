"""The plotting scripts: the numbers they draw, the files they write, what they say to mistakes."""

import subprocess
import sys
import tempfile
import unittest
import unittest.mock
from pathlib import Path

import numpy as np

import fake_runs
import plot_alignment
import plot_by_key
import plot_curves
import gradient_phases
import plot_gradient_flow
import plot_steps_to_target
import plot_style
import plot_theory
import reaching
import runs

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


def script(name, *arguments):
    return subprocess.run([sys.executable, SCRIPTS / name, *map(str, arguments)],
                          capture_output=True, text=True)


class Figures(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.root = Path(folder.name)
        cls.study = fake_runs.write_study(cls.root / "study")

    def test_curves_are_medians_over_seeds(self):
        found = runs.find([self.study])
        lines = plot_curves.curves(found, "valid/mse", "step", ["model.name"])
        self.assertEqual([line[0] for line in lines], list(fake_runs.MODELS))
        label, count, x, median, low, high = lines[0]
        of_seeds = [run.read("metrics/valid", "mse")[0] for run in found[:3]]
        self.assertEqual(count, 3)
        self.assertEqual(x.tolist(), list(range(0, 225, 25)))
        np.testing.assert_allclose(median, np.median(of_seeds, axis=0))
        np.testing.assert_allclose(low, np.quantile(of_seeds, 0.25, axis=0))
        np.testing.assert_allclose(high, np.quantile(of_seeds, 0.75, axis=0))

    def test_other_x_axes(self):
        found = runs.find([self.study])
        examples = plot_curves.curves(found, "valid/mse", "examples", ["model.name"])[0][2]
        seconds = plot_curves.curves(found, "valid/mse", "seconds", ["model.name"])[0][2]
        np.testing.assert_allclose(examples, 50 * np.arange(0, 225, 25))
        np.testing.assert_allclose(seconds, 0.1 * np.arange(0, 225, 25))

    def test_slopes_are_those_that_were_put_in(self):
        for flow in plot_gradient_flow.flows(runs.find([self.study]), "hidden", "layers.0.forward",
                                             ["model.name"]):
            first, last, _ = fake_runs.MODELS[flow.label]
            for part in flow.slope:  # median and quartiles: the seeds agree
                np.testing.assert_allclose(part, np.linspace(first, last, 9), rtol=1e-12)

    def test_alignments_are_cut_to_their_example(self):
        folder = self.root / "aligned"
        fake_runs.write_run(folder, "gru", 0)
        with self.assertRaises(runs.Failure):
            plot_alignment.plot(runs.find([folder]), self.root / "none")
        expected = fake_runs.add_alignment(folder, 4, 3)
        (label, step, weights), = plot_alignment.maps(runs.find([folder]), ["task.name"])
        self.assertEqual((label, step), ("adding", 200))
        np.testing.assert_array_equal(weights, expected)
        result = script("plot_alignment.py", folder, "--out", self.root / "map")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        for file in result.stdout.split():
            self.assertGreater(Path(file).stat().st_size, 1000)

    def test_results_by_a_key_are_medians_of_last_rows(self):
        lengths, ends = (10, 20, 40), {}
        for length in lengths:
            for seed in range(3):
                folder = self.root / "by" / "runs" / f"l{length}-s{seed}"
                fake_runs.write_run(folder, "lstm", seed, length=length)
                ends.setdefault(length, []).append(
                    runs.Run(folder).read("metrics/test", "mse")[0][-1])
        found = runs.find([self.root / "by"])
        (label, xs, median, low, high), = plot_by_key.lines(found, "test/mse", "task.length",
                                                            ["model.name"])
        self.assertEqual((label, xs.tolist()), ("lstm", list(lengths)))
        np.testing.assert_allclose(median, [np.median(ends[length]) for length in lengths])
        np.testing.assert_allclose(low, [min(ends[length]) for length in lengths])
        np.testing.assert_allclose(high, [max(ends[length]) for length in lengths])
        with self.assertRaises(runs.Failure):
            plot_by_key.plot(found, self.root / "none", "test/mse", "train.batch")
        result = script("plot_by_key.py", self.root / "by", "--metric", "test/mse", "--out",
                        self.root / "by_length")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        for file in result.stdout.split():
            self.assertGreater(Path(file).stat().st_size, 1000)

    def test_shares_are_those_of_kaplan_and_meier_and_wilson(self):
        # Freireich's patients on 6-MP (1963), as textbooks have them: events and censored weeks.
        there = [6, 6, 6, 7, 10, 13, 16, 22, 23]
        not_yet = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
        passed = [(s, True) for s in there] + [(s, False) for s in not_yet]
        steps, shares = reaching.kaplan_meier(passed)
        self.assertEqual(steps.tolist(), sorted(set(there)))
        np.testing.assert_allclose(1 - shares, [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448],
                                   atol=5e-4)
        self.assertEqual(reaching.median_step(passed), 23)
        self.assertEqual(reaching.median_step([(3, True), (np.inf, False), (9, False)]), np.inf)
        np.testing.assert_allclose(reaching.wilson(2, 3), [2 / 3, 0.2077, 0.9385], atol=1e-4)
        np.testing.assert_allclose(reaching.wilson(0, 5), [0, 0, 0.4345], atol=1e-4)

    def test_a_run_reaches_its_target_as_the_program_says(self):
        found = {run.id: run for run in runs.find([self.study])}
        lstm, vanilla = (found[fake_runs.run_id(m, 0)] for m in ("lstm", "vanilla"))
        self.assertEqual(reaching.passage(lstm), (200, True))
        self.assertEqual(reaching.passage(vanilla), (200, False))
        self.assertEqual(reaching.passage(vanilla, 0.3), (0, True))
        lstm.config["train.target"] = "0.0001"
        self.assertEqual(reaching.passage(lstm), (200, False))
        del vanilla.attributes["solved"]
        self.assertIsNone(reaching.passage(vanilla))
        with self.assertRaises(runs.Failure):
            reaching.need([vanilla])
        odd = self.root / "never"
        fake_runs.write_run(odd, "gru", 0, state="diverged")
        self.assertEqual(reaching.passage(runs.Run(odd)), (np.inf, False))

    def test_solved_runs_are_counted_by_a_key(self):
        folder = self.root / "solved"
        for length in (10, 20):
            for seed, model in enumerate(("lstm", "gru", "vanilla")):
                fake_runs.write_run(folder / "runs" / f"{length}-{seed}", model, seed,
                                    length=length, gain="1" if model != "gru" else "2")
        found = runs.find([folder])
        lines = plot_by_key.lines(found, "solved", "task.length", ["train.batch"])
        (_, xs, share, low, high), = lines
        self.assertEqual(xs.tolist(), [10, 20])
        np.testing.assert_allclose([share, low, high],
                                   np.array([reaching.wilson(2, 3)] * 2).T)
        for name, stem, more in (
                ("plot_by_key.py", "by_key", ["--metric", "solved", "--by", "train.batch"]),
                ("plot_steps_to_target.py", "steps_to_target", ["--log"]),
                ("plot_steps_to_target.py", "steps_to_target", ["--x", "task.length"])):
            result = script(name, folder, *more)
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            self.assertEqual(result.stdout.split(),
                             [str(folder / "figures" / f"{stem}.{kind}") for kind in ("png", "svg")])

    def test_runs_that_never_reach_it_have_ticks_and_arrows(self):
        found = runs.find([self.study])
        with unittest.mock.patch.object(plot_style, "save", lambda figure, stem: figure):
            curve = plot_steps_to_target.plot(found, None)
            points = plot_steps_to_target.plot(found, None, "train.batch")
        for figure in (curve, points):
            self.addCleanup(plot_style.plt.close, figure)
        steps, ticks = curve.axes[0].lines[0:2]  # vanilla: none of three
        self.assertEqual(steps.get_label(), "vanilla (0 of 3)")
        self.assertEqual(steps.get_ydata().tolist(), [0, 0])
        self.assertEqual((list(ticks.get_xdata()), list(ticks.get_ydata())), ([200] * 3, [0] * 3))
        self.assertEqual(curve.axes[0].lines[2].get_ydata().tolist(), [0, 1, 1])  # lstm
        medians, there, arrows = points.axes[0].lines[0:3]
        self.assertTrue(np.isnan(medians.get_ydata()).all())
        self.assertEqual((len(there.get_xdata()), len(arrows.get_xdata())), (0, 3))

    def test_a_target_is_that_of_the_tasks_quality_alone(self):
        found = runs.find([self.study])
        self.assertEqual(reaching.target_of(found[0]), 0.01)
        self.assertEqual(reaching.target_of(found[0], metric="mse"), 0.01)
        self.assertIsNone(reaching.passage(found[0], metric="loss"))
        self.assertIsNotNone(reaching.passage(found[0], 0.5, "loss"))

    def test_a_run_is_at_its_beginning_stuck_and_done(self):
        group = "gradients/hidden/layers.0.forward"
        found = {run.id: run for run in runs.find([self.study])}
        rows = {}
        for model in fake_runs.MODELS:
            run = found[fake_runs.run_id(model, 0)]
            step = run.read(group, "step")[0]
            rows[model] = gradient_phases.moments(run, step, "valid/loss")
        self.assertEqual(rows["vanilla"], {"first": 0, "stuck": 8})
        self.assertEqual(rows["lstm"], {"first": 0, "solved": 8})
        step = np.arange(9) * 25
        with unittest.mock.patch.object(gradient_phases, "LEFT", 0.5):
            self.assertEqual(gradient_phases.moments(run, step, "valid/loss"),
                             {"first": 0, "stuck": 4, "solved": 8})  # half of it is lost at row 5
        profiles = gradient_phases.profiles([found[fake_runs.run_id("gru", s)] for s in range(3)],
                                            group, "valid/loss")
        count, lag, median, _, _ = profiles["solved"]
        self.assertEqual(count, 3)
        np.testing.assert_allclose(median, -3 + fake_runs.MODELS["gru"][1] * lag)

    def test_a_gradient_that_is_gone_is_below_all_others(self):
        group = "gradients/hidden/layers.0.forward"
        run = {run.id: run for run in runs.find([self.study])}[fake_runs.run_id("gru", 0)]
        step, log_norm, norm = run.read(group, "step", "log_norm", "norm")
        log_norm[:, :5], norm[:, :5] = np.nan, 0
        log_norm[:, -1], norm[:, -1] = np.nan, np.nan
        with unittest.mock.patch.object(run, "read", return_value=[step, log_norm, norm]):
            shown = gradient_phases.log_norms(run, group)[1]
        self.assertTrue((shown[:, :5] == gradient_phases.VANISHED).all())
        self.assertTrue(np.isnan(shown[:, -1]).all())
        np.testing.assert_array_equal(shown[:, 5:-1], log_norm[:, 5:-1])
        low, _, _ = runs.middle(np.stack([shown, shown, log_norm]))
        self.assertTrue((low[:, :5] == gradient_phases.VANISHED).all())

    def test_slopes_leave_out_both_ends_and_what_is_not_finite(self):
        lag = np.arange(60, 0, -1)
        log_norm = np.full((1, 3, 60), 0.0) - 0.5 * lag
        log_norm[..., (lag < 10) | (lag > 50)] = 1000.0
        log_norm[0, 1, (lag > 20) & (lag < 30)] = np.nan
        log_norm[0, 2, lag != 15] = np.nan
        np.testing.assert_allclose(plot_gradient_flow.slopes(lag, log_norm), [[-0.5, -0.5, np.nan]])

    def test_files_are_written_and_the_same_every_time(self):
        for name, stems in (("plot_curves.py", ["curves"]),
                            ("plot_gradient_flow.py",
                             ["gradient_flow", "gradient_map", "gradient_slope",
                              "gradient_phases"])):
            bytes_of = []
            for copy in ("a", "b"):
                out = self.root / copy / (stems[0] if name == "plot_curves.py" else "")
                result = script(name, self.study, "--out", out)
                self.assertEqual((result.returncode, result.stderr), (0, ""))
                files = [self.root / copy / f"{stem}.{kind}"
                         for stem in stems for kind in ("png", "svg")]
                self.assertEqual(result.stdout.split(), [str(file) for file in files])
                self.assertTrue(files[0].read_bytes().startswith(b"\x89PNG"))
                bytes_of.append([file.read_bytes() for file in files])
            self.assertEqual(*bytes_of)

    def test_theory_has_the_numeric_key_of_most_values_on_its_x_axis(self):
        x, names, keys, series = plot_theory.series_of(fake_runs.POINTS)
        self.assertEqual((x, names, keys),
                         ("model.forget_bias", None, ["model.spectral_radius"]))
        self.assertEqual({label: [(place, point["theory"]) for place, point in line]
                          for label, line in series.items()},
                         {"1": [(0, -0.3), (1, -0.15), (2, -0.05)],
                          "0.5": [(0, -0.4), (1, -0.2), (2, -0.1)]})
        x, names, keys, series = plot_theory.series_of(fake_runs.TREND)
        self.assertEqual((x, names, keys), ("model.name", ["vanilla", "lstm"], []))
        self.assertEqual([place for place, _ in series[""]], [0, 1])
        self.assertEqual(plot_theory.series_of([fake_runs.point(1, 1)])[0], None)

    def test_theory_and_measurement_are_drawn_where_they_are(self):
        figure, axes = plot_style.figure()
        self.addCleanup(plot_style.plt.close, figure)
        plot_theory.draw(axes[0, 0], {"name": "gates", "points": fake_runs.POINTS})
        theory, bars = axes[0, 0].lines[0], axes[0, 0].containers[0]
        np.testing.assert_allclose(theory.get_ydata(), [-0.3, -0.15, -0.05])
        np.testing.assert_allclose(bars.lines[0].get_ydata().astype(float),
                                   [-0.31, -0.16, -0.06])
        np.testing.assert_allclose(bars.lines[2][0].get_segments()[0], [[0, -0.32], [0, -0.30]])
        missing = axes[0, 0].containers[1].lines[0].get_ydata().astype(float)
        self.assertEqual(np.isnan(missing).tolist(), [False, True, False])

    def test_theory_is_written_from_the_verdict_alone(self):
        folder = self.root / "verdict-alone"
        mixed = fake_runs.write_mixed_study(self.root / "mixed")
        folder.mkdir()
        (mixed / "verdict.json").rename(folder / "verdict.json")
        result = script("plot_theory.py", folder)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertEqual(result.stdout.split(),
                         [str(folder / "figures" / f"theory.{kind}") for kind in ("png", "svg")])

    def test_many_groups_with_long_names_leave_room_for_the_lines(self):
        folder = self.root / "many"
        for index in range(30):
            fake_runs.write_run(folder / "runs" / str(index), "lstm", index, rows=2,
                                gain=f"{index + 1}")
        keys = "model.name,model.hidden,model.spectral_radius,task.name,task.length,train.batch"
        for arguments in (["plot_curves.py"], ["plot_gradient_flow.py", "--views", "slope"]):
            result = script(arguments[0], folder, *arguments[1:], "--by", keys)
            self.assertEqual((result.returncode, result.stderr), (0, ""))  # no warning either

    def test_a_line_that_explodes_takes_a_logarithmic_axis(self):
        folder = self.root / "exploded"
        fake_runs.write_run(folder / "runs" / "a", "lstm", 0)
        fake_runs.write_run(folder / "runs" / "b", "gru", 0)
        for last, scale in ((0.5, "linear"), (1e30, "log")):
            import h5py
            with h5py.File(folder / "runs" / "a" / "run.h5", "r+") as file:
                file["metrics/valid/mse"][-1] = last
            with unittest.mock.patch.object(plot_style, "save", lambda figure, stem: figure):
                figure = plot_curves.plot(runs.find([folder]), folder / "curves")
            self.addCleanup(plot_style.plt.close, figure)
            self.assertEqual(figure.axes[0].get_yscale(), scale)

    def test_selected_runs_alone_are_drawn_under_the_name_asked_for(self):
        mixed = fake_runs.write_mixed_study(self.root / "selected")
        select = "task.name=adding train.steps=201"
        result = script("plot_gradient_flow.py", mixed, "--views", "slope", "--select", select,
                        "--prefix", "a-", "--by", "model.spectral_radius")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertEqual(result.stdout.split()[0], str(mixed / "figures/a-gradient_slope.png"))
        result = script("plot_gradient_flow.py", mixed)
        self.assertEqual(result.returncode, 2)
        self.assertIn("runs of different lengths", result.stderr)

    def test_runs_that_diverged_or_have_one_row_are_drawn(self):
        odd = self.root / "odd"
        fake_runs.write_run(odd / "runs" / "a", "lstm", 0, rows=1)
        fake_runs.write_run(odd / "runs" / "b", "gru", 0, state="diverged")
        import h5py
        with h5py.File(odd / "runs" / "b" / "run.h5", "r+") as file:
            file["metrics/valid/mse"][3:] = np.nan
            file["gradients/hidden/layers.0.forward/log_norm"][3:] = np.nan
        for name in ("plot_curves.py", "plot_gradient_flow.py"):
            result = script(name, odd)
            self.assertEqual((result.returncode, result.stderr), (0, ""), name)

    def test_mistakes_are_told_in_one_line(self):
        for name, arguments, word in (
                ("plot_curves.py", [], "required"),
                ("plot_curves.py", [self.root / "gone"], "no such folder"),
                ("plot_curves.py", [self.study, "--metric", "valid/bleu"], "valid/bleu"),
                ("plot_curves.py", [self.study, "--metric", "mse"], "names no split"),
                ("plot_curves.py", [self.study, "--by", "model.nam"], "model.name"),
                ("plot_gradient_flow.py", [self.study, "--layer", "layers.7.forward"],
                 "--layer layers.0.forward"),
                ("plot_gradient_flow.py", [self.study, "--signal", "cell"], "record.instruments"),
                ("plot_gradient_flow.py", [self.study, "--views", "flow,film"], "no view 'film'"),
                ("plot_curves.py", [self.study, "--select", "model.name=rnn"], "no run has"),
                ("plot_by_key.py", [self.study, "--metric", "test/mse", "--x", "model.name"],
                 "is no number"),
                ("plot_steps_to_target.py", [self.study, "--metric", "loss"], "names no split"),
                ("plot_steps_to_target.py", [self.study, "--metric", "valid/loss"],
                 "no run has a target for loss"),
                ("plot_theory.py", [self.root / "gone"], "no such file"),
                ("plot_theory.py", [self.study], "no claim of the verdict has points")):
            with self.subTest(script=name, arguments=arguments):
                result = script(name, *arguments)
                self.assertEqual(result.returncode, 2)
                self.assertEqual(result.stdout, "")
                self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
                self.assertIn(f"{name}: error: ", result.stderr)
                self.assertIn(word, result.stderr)

    def test_help_has_examples(self):
        for name in ("plot_curves.py", "plot_by_key.py", "plot_steps_to_target.py",
                     "plot_gradient_flow.py", "plot_theory.py", "report.py"):
            result = script(name, "--help")
            self.assertEqual(result.returncode, 0)
            self.assertIn(f"scripts/{name} results/", result.stdout)


if __name__ == "__main__":
    unittest.main()
