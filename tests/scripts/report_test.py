"""The report of a study: everything it shows is in one file, and is what the study says."""

import contextlib
import io
import re
import sys
import tempfile
import unittest
from html.parser import HTMLParser
from pathlib import Path
from unittest import mock

import fake_runs
import report

VOID = {"meta", "img", "br", "link"}


class Page(HTMLParser):
    """The text of a page, its elements, and whether every element is closed in its place."""

    def __init__(self, source):
        super().__init__()
        self.open, self.elements, self.words = [], [], []
        self.feed(source)
        assert not self.open, self.open
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.words.append(data)


class Report(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.study = Path(folder.name) / "study"

    def make(self):
        with mock.patch.object(sys, "argv", ["report.py", str(self.study)]):
            with contextlib.redirect_stdout(io.StringIO()):
                report.main()
        self.source = (self.study / "report.html").read_text(encoding="utf-8")
        return Page(self.source)

    def test_shows_title_claims_figures_runs_and_provenance(self):
        fake_runs.write_study(self.study)
        page = self.make()
        for words in ("Who learns & who does not", "Is 1 < 2?", "the <adding> problem",
                      "lstm-solves", "0.001 [0.0008, 0.0012]", "< 0.01", "PASS", "DIFFERS",
                      "UNDECIDED", "2 of 3 [0.2, 0.94]", "Somebody & al. 1999",
                      "vanilla-stays: deviates from the protocol: more units",
                      "all-solve: runs without a finite value, which speak against it: 1",
                      "gru-solves: no run has ended",
                      "a <fast> processor", "0123abc", "g++ 12", "train.seed = 0, 1, 2",
                      "How to read the gradient figures"):
            self.assertIn(words, page.text)
        for model in fake_runs.MODELS:
            for seed in range(3):
                self.assertIn(fake_runs.run_id(model, seed), page.text)

    def test_needs_nothing_else_and_describes_its_images(self):
        fake_runs.write_study(self.study)
        page = self.make()
        images = [attributes for tag, attributes in page.elements if tag == "img"]
        self.assertEqual(len(images), 4)
        for image in images:
            self.assertTrue(image["src"].startswith("data:image/svg+xml;base64,"))
            self.assertGreater(len(image["alt"]), 40)
        self.assertNotIn("script", {tag for tag, _ in page.elements})
        for attribute in ("src", "href"):
            self.assertNotRegex(self.source, rf'{attribute}="(?!data:)')
        self.assertNotRegex(re.sub("base64,[^\"]*", "", self.source), r"https?://|@import|url\(")

    def test_says_how_to_make_each_figure(self):
        fake_runs.write_study(self.study)
        page = self.make()
        for stem in ("curves", "gradient_flow", "gradient_map", "gradient_slope"):
            for kind in ("png", "svg"):
                self.assertTrue((self.study / "figures" / f"{stem}.{kind}").is_file())
        for command in (f"plot_gradient_flow.py {self.study} --by model.name --views map",
                        f"plot_curves.py {self.study} --metric valid/mse --by model.name"):
            self.assertIn(f"scripts/{command}", page.text)

    def test_an_unfinished_study_has_a_report_too(self):
        fake_runs.write_study(self.study, seeds=(0, 1))
        (self.study / "verdict.json").unlink()
        late = self.study / "runs" / fake_runs.run_id("gru", 1)
        (late / "run.h5").unlink()
        (late / "status.json").unlink()
        page = self.make()
        self.assertIn("No verdict yet", page.text)
        self.assertIn(f"{late.name} missing", page.text)


if __name__ == "__main__":
    unittest.main()
