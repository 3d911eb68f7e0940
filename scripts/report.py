#!/usr/bin/python3
"""Makes the figures and the report of a study folder: figures/*.png and *.svg, and report.html, one
file that needs nothing else. Works on a study that is still running, too."""

import os
import shlex
import sys
from pathlib import Path

import plot_style
import runs
import numpy as np
from report_figures import (Part, alignment_figure, curves_figure, drawn, gradient_figures,
                            length_figures, target_figure, theory_figure)
from report_html import escape, number, table

EXAMPLES = """examples:
  scripts/report.py results/quickstart
  scripts/report.py results/quickstart --out /tmp/report.html"""

SCRIPTS = Path(__file__).resolve().parent

HOW_TO_READ = """
<p><strong>How to read the gradient figures.</strong> The loss is computed at the last step of a
sequence. What the network should have done at an earlier step t reaches it only as the gradient
<span class="whole">∂ℓ/∂h<sub>t</sub></span>, passed back through every step between t and the end.
Its norm is drawn against the distance T − t on a logarithmic axis: a straight line that falls is an
exponential decay, the <em>vanishing gradient</em>; a level line is a gradient that arrives
unharmed; a rising one explodes. The height of a line also follows the error that is left to learn,
so a model that has solved the task has low lines: compare <em>slopes</em>. A slope of −0.05 loses
half of the gradient every 14 steps.</p>
"""


def ours(claim):
    """What we measured: a number or `k of n`, and its interval."""
    value = f"{claim['count']} of {claim['n']}" if "count" in claim else number(claim.get("ours"))
    low, high = claim.get("ci") or (None, None)
    if low is None or claim.get("n", 0) < 2:
        return value
    return f'{value} <span class="quiet whole">[{number(low)}, {number(high)}]</span>'


def verdict_section(verdict):
    claims = verdict.get("claims", [])
    if not claims:
        return "<p>No verdict yet: it is given when the runs have ended.</p>"
    rows, notes = [], []
    for claim in claims:
        below = {"name": claim.get("metric"), "published": claim.get("source")}
        name, published = (f'{number(claim.get(key))}<br><span class="quiet">{escape(text)}</span>'
                           if text else number(claim.get(key)) for key, text in below.items())
        word = escape(claim["verdict"])
        rows.append([name, published, ours(claim), number(claim.get("n")),
                     f'<span class="whole">{number(claim["expect"])}</span>',
                     f'<span class="verdict {word}">{word}</span>'])
        if claim.get("note"):
            notes.append(f"{claim['name']}: {claim['note']}")
        if claim.get("missing"):
            notes.append(f"{claim['name']}: runs without a finite value, which speak against it: "
                         f"{claim['missing']}")
        notes += [f"{claim['name']}: deviates from the protocol: {line}"
                  for line in claim.get("deviates") or []]
    if "notes" in verdict:  # as the table of the program has them
        notes = verdict["notes"]
    elif verdict.get("claims_changed"):
        notes.append("The claims have been changed since the first run was started.")
    items = "".join(f"<li>{escape(note)}</li>\n" for note in notes)
    columns = ["claim", "published", "ours [95 % CI]", "n", "expected", "verdict"]
    return (table(columns, rows, ["n"]) +
            (f'<ul class="quiet">\n{items}</ul>' if notes else ""))


def steps_done(run):
    clock = run.read("metrics/train", "step")
    return int(run.status.get("step", clock[0][-1] + 1 if clock else 0))


def seconds_of(run):
    clock = run.read("metrics/train", "seconds")
    return float(clock[0][-1]) if clock else np.nan


def test_metrics(run):
    """{metric: value} of the final parameters on test data, but the loss."""
    with run.open() as file:
        group = file.get("metrics/test", {})
        return {name: float(group[name][-1]) for name in group
                if name not in ("step", "loss", "seconds") and len(group[name])}


def median(values):
    """The median of what is finite, or None."""
    known = [value for value in values if np.isfinite(value)]
    return float(np.median(known)) if known else None


def metrics_text(metrics):
    return ", ".join(f"{escape(name)} {number(value)}" for name, value in metrics.items()) or "–"


def configurations_table(part):
    """One row per configuration: what its seeds have in common."""
    rows = []
    for label, members in part.groups.items():
        tests = [test_metrics(run) for run in members]
        names = dict.fromkeys(name for test in tests for name in test)
        middle = {name: median([test.get(name, np.nan) for test in tests]) for name in names}
        ended = ", ".join(f"{count} {escape(state)}"
                          for state, count in runs.states(members).items())
        seconds = median(map(seconds_of, members))
        rows.append([escape(label), ended, number(int(np.median([*map(steps_done, members)]))),
                     metrics_text(middle), "–" if seconds is None else f"{seconds:.1f}"])
    return table(["configuration", "runs", "steps", "test, median", "seconds"], rows,
                 ["steps", "test, median", "seconds"])


def every_run(found, study):
    """(number of runs, table): every run of the manifest, those without a file as well."""
    rows = [[f"<code>{escape(run.id)}</code>", escape(run.state), number(steps_done(run)),
             metrics_text(test_metrics(run)),
             f"{seconds_of(run):.1f}" if np.isfinite(seconds_of(run)) else "–"] for run in found]
    names = {run.id for run in found}
    for plan in runs.read_json(study / "manifest.json").get("runs", []):
        if plan["id"] not in names:
            status = runs.read_json(study / "runs" / plan["id"] / "status.json")
            rows.append([f"<code>{escape(plan['id'])}</code>",
                         escape(status.get("state", "missing")), "–", "–", "–"])
    return len(rows), table(["run", "state", "steps", "test", "seconds"], rows,
                            ["steps", "test", "seconds"])


def runs_section(found, study, parts):
    """The configurations, part by part, and every run behind them."""
    tables = "".join((f"<h3>{escape(part.title)}</h3>\n" if part.heading else "") +
                     configurations_table(part) + "\n" for part in parts)
    count, whole = every_run(found, study)
    missing = count - len(found)
    without = f", {missing} of them without a readable file" if missing else ""
    return (f"{tables}<details><summary>Every run ({count}{without})</summary>\n{whole}</details>")


def provenance_section(found):
    facts = {"machine": "cpu", "instruction set": "isa", "rnnlab": "rnnlab_version",
             "numerics": "numerics", "commit": "git_commit", "compiler": "compiler",
             "flags": "flags", "libraries": "libraries", "threads per run": "threads"}
    items = ""
    for label, key in facts.items():
        values = sorted({str(run.attributes[key]) for run in found if key in run.attributes})
        if key == "git_commit" and any(run.attributes.get("git_dirty") == 1 for run in found):
            values.append("with uncommitted changes")
        if values:
            items += f"<dt>{label}</dt><dd>{escape(', '.join(values))}</dd>\n"
    begun = sorted(str(run.attributes["created"]) for run in found if "created" in run.attributes)
    if begun:
        items += f"<dt>runs begun</dt><dd>{escape(begun[0])} to {escape(begun[-1])}</dd>\n"
    keys = list(dict.fromkeys(key for run in found for key in run.config))
    lines = []
    for key in keys:
        values = list(dict.fromkeys(run.config.get(key, "–") for run in found))
        lines.append(f"{key} = {', '.join(values)}")
    return (f"<dl>\n{items}</dl>\n<details><summary>The whole configuration of the study</summary>"
            f"\n<pre>{escape(chr(10).join(lines))}</pre></details>")


def page(study, found):
    """The whole report as HTML; writes the figures that it shows."""
    manifest = runs.read_json(study / "manifest.json")
    verdict = runs.read_json(study / "verdict.json")
    name = manifest.get("study") or study.resolve().name
    place = shlex.quote(os.path.relpath(study.resolve(), SCRIPTS.parent)
                        if study.resolve().is_relative_to(SCRIPTS.parent) else str(study))
    split = runs.parts(found)
    parts = [Part(part, members, study, place, len(split) == 1) for part, members in split]
    left_out = []
    overall = drawn(lambda: theory_figure(verdict, study, place), "Theory and measurement",
                    left_out)
    if found:
        overall += drawn(lambda: length_figures(found, study, place), "Results by length", left_out)
        overall += drawn(lambda: alignment_figure(found, study, place), "Alignments", left_out)
    traced = any(run.groups("gradients/hidden") for run in found)  # or nobody asked for it
    drawings, gradients = [], False
    for part in parts:
        curves = drawn(lambda: curves_figure(part), f"Curves of {part.title}", left_out)
        flow = drawn(lambda: gradient_figures(part), f"Gradient of {part.title}",
                     left_out) if traced else []
        reached = drawn(lambda: target_figure(part), f"Steps to the target of {part.title}",
                        left_out)
        drawings += curves + reached + flow
        gradients |= bool(flow)
    figures = "\n".join(overall + drawings)
    omitted = f'<p class="quiet">Not drawn. {escape(" ".join(left_out))}</p>' if left_out else ""
    title = escape(verdict.get("title", name))
    question, source = (
        f'<p class="{kind}">{escape(verdict[kind])}</p>' if verdict.get(kind) else ""
        for kind in ("question", "source"))
    style = (SCRIPTS / "report.css").read_text(encoding="utf-8")
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · rnnlab</title>
<style>
{style}</style>
</head>
<body>
<header>
<p class="kicker">rnnlab study <code>{escape(name)}</code></p>
<h1>{title}</h1>
{question}
{source}
</header>
<main>
<section aria-labelledby="verdict">
<h2 id="verdict">Verdict</h2>
{verdict_section(verdict)}
</section>
<section aria-labelledby="figures">
<h2 id="figures">Figures</h2>
{HOW_TO_READ if gradients else ""}
<div class="figures">
{figures}
</div>
{omitted}
</section>
<section aria-labelledby="runs">
<h2 id="runs">Runs</h2>
{runs_section(found, study, parts)}
</section>
<section aria-labelledby="provenance">
<h2 id="provenance">Where the numbers come from</h2>
{provenance_section(found)}
</section>
</main>
<footer>Made by <code>scripts/report.py {escape(place)}</code> from the run files alone.</footer>
</body>
</html>
"""


def main():
    parser = runs.Parser(__doc__, EXAMPLES)
    parser.add_argument("study", type=Path, metavar="STUDYDIR", help="folder of a study or sweep")
    parser.add_argument("--out", type=Path, metavar="FILE", help="default: STUDYDIR/report.html")
    arguments = parser.parse_args()
    found = runs.readable([arguments.study])
    if not found and not (arguments.study / "manifest.json").is_file():
        raise runs.Failure(f"no study in {arguments.study}", "name a folder with a manifest.json")
    plot_style.apply()
    path = arguments.out or arguments.study / "report.html"
    runs.replace_text(path, page(arguments.study, found))
    print(path)


if __name__ == "__main__":
    sys.exit(runs.main(main))
