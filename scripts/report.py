#!/usr/bin/python3
"""Makes the figures and the report of a study folder: figures/*.png and *.svg, and report.html, one
file that needs nothing else. Works on a study that is still running, too."""

import base64
import html
import os
import re
import shlex
import sys
from pathlib import Path

import plot_curves
import plot_gradient_flow
import plot_style
import runs
import numpy as np

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
unharmed; a rising one explodes. The height of a line also follows the error that is left to learn, so a model
that has solved the task has low lines: compare <em>slopes</em>. A slope of −0.05 loses half of the
gradient every 14 steps.</p>
"""


def escape(value):
    return html.escape(str(value))


def number(value):
    """A value for people: three digits, a dash where there is none; text with proper signs."""
    if value is None or value == "":
        return "–"
    text = f"{value:.3g}" if isinstance(value, float) else str(value)
    return escape(re.sub(r"(?<![\w-])-(?=\d)", "−", text.replace("+-", "±")))


def table(columns, rows, numeric=()):
    """An HTML table. Cells are HTML; the first of each row is its header."""
    kind = ["number" if column in numeric else "" for column in columns]
    head = "".join(f'<th scope="col" class="{k}">{c}</th>' for c, k in zip(columns, kind))
    body = ""
    for row in rows:
        cells = "".join(f'<td class="{k}" data-column="{c}"><span>{v}</span></td>'
                        for v, c, k in list(zip(row, columns, kind))[1:])
        body += f'<tr><th scope="row">{row[0]}</th>{cells}</tr>\n'
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>"


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
    if verdict.get("claims_changed"):
        notes.append("The claims have been changed since the first run was started.")
    items = "".join(f"<li>{escape(note)}</li>\n" for note in notes)
    columns = ["claim", "published", "ours [95 % CI]", "n", "expected", "verdict"]
    return (table(columns, rows, ["n"]) +
            (f'<ul class="quiet">\n{items}</ul>' if notes else ""))


def figure(paths, title, alt, caption, command):
    svg, png = paths[1], paths[0]
    data = base64.b64encode(svg.read_bytes()).decode("ascii")
    return f"""<figure>
<h3>{title}</h3>
<img src="data:image/svg+xml;base64,{data}" alt="{escape(alt)}">
<figcaption><p>{caption}</p>
<p class="quiet">Files: <code>figures/{svg.name}</code>, <code>{png.name}</code>. Made by</p>
<pre>{escape(command)}</pre></figcaption>
</figure>"""


def by_label(pairs):
    return ", ".join(f"{label} {number(float(value))}" for label, value in pairs)


def swept(manifest):
    """The keys in which the runs of a manifest differ, the seed apart: one curve for each value."""
    values = {}
    for run in manifest.get("runs", []):
        for key, value in run.get("overrides", {}).items():
            values.setdefault(key, set()).add(value)
    keys = [key for key, some in values.items() if len(some) > 1 and key != "train.seed"]
    return sorted(keys, key=lambda key: key != "model.name")


def curves_figure(found, study, keys, place):
    """The learning curves of the first metric that the runs have."""
    metric = next((m for m in ("valid/mse", "valid/accuracy", "train/loss")
                   if plot_curves.curves(found, m, "step", keys)), None)
    if metric is None:
        return ""
    paths = plot_curves.plot(found, study / "figures" / "curves", metric, keys=keys)
    lines = plot_curves.curves(found, metric, "step", keys)
    ends = by_label((label, median[np.isfinite(median)][-1]) for label, _, _, median, *_ in lines
                    if np.isfinite(median).any())
    what = plot_curves.metric_label(metric)
    caption = (f"The {escape(what)} while training goes on: median (line) and quartiles (band) "
               f"over the seeds. At the end: {escape(ends)}.")
    chance = runs.chance_loss(found)
    if chance is not None:
        caption += (f" The dashed line, {number(chance)}, is the loss of the best predictor that "
                    "never looks at its input: a curve that stays there has learnt nothing.")
    return figure(paths, "Who learns",
                  f"Line chart of {what} against training step; at the end: {ends}", caption,
                  f"scripts/plot_curves.py {place} --metric {metric} --by {','.join(keys)}")


def gradient_figures(found, study, keys, place):
    """The three views of the gradient's way back through time; empty if it was not recorded."""
    layer = "layers.0.forward"
    if not any(run.read(f"gradients/hidden/{layer}", "log_norm") for run in found):
        return {}
    flows = plot_gradient_flow.flows(found, "hidden", layer, keys)
    sloped = any(np.isfinite(flow.slope[0]).any() for flow in flows)
    views = ["slope", "flow", "map"] if sloped else ["flow", "map"]
    paths = plot_gradient_flow.plot(found, study / "figures", views, keys=keys)
    command = f"scripts/plot_gradient_flow.py {place} --by {','.join(keys)} --views "
    first = by_label((f.label, f.slope[0][0]) for f in flows if np.isfinite(f.slope[0][0]))
    last = by_label((f.label, f.slope[0][-1]) for f in flows if np.isfinite(f.slope[0][-1]))
    texts = {
        "slope": ("How fast the gradient vanishes",
                  f"Line chart of the slope of the log gradient norm against training step; before "
                  f"training: {first}; at the end: {last}",
                  "One number per line of the next figure: the least-squares slope of "
                  "<span class=\"whole\">ln ‖∂ℓ/∂h<sub>t</sub>‖</span> against T − t, the ten "
                  "steps at either end left out; median and quartiles over the seeds. Before training: "
                  f"{escape(first)}; at the end: {escape(last)}. Zero carries a gradient "
                  "unchanged, below zero it vanishes."),
        "flow": ("The gradient on its way back through time",
                 "One panel per model: gradient norm on a logarithmic axis against steps back from "
                 f"the end, a line per training step; slopes at the end: {last}",
                 "Each line is one moment of training, from dark (early) to light (late); the "
                 "dashed one is the untrained network. The norms are geometric means over a batch "
                 "and medians over the seeds."),
        "map": ("The same, as a map",
                "One heat map per model: steps back from the end against training step, coloured "
                "by the gradient norm",
                "Training runs upwards, the sequence's end is on the left. Where the map is black, "
                "learning has next to nothing to go by."),
    }
    return {view: figure(paths[view], *text, command + view)
            for view, text in texts.items() if view in paths}


def runs_section(found, study):
    """Every run of the manifest, those without a file as well."""
    rows = []
    names = set()
    for run in found:
        test = run.read("metrics/test", "step")
        with run.open() as file:
            columns = [name for name in file.get("metrics/test", {})
                       if test and name not in ("step", "loss", "seconds")]
        metrics = [f"{escape(name)} {number(float(run.read('metrics/test', name)[0][-1]))}"
                   for name in columns]
        clock = run.read("metrics/train", "step", "seconds")
        step = run.status.get("step", clock[0][-1] + 1 if clock else 0)
        names.add(run.id)
        rows.append([f"<code>{escape(run.id)}</code>", escape(run.state), number(int(step)),
                     ", ".join(metrics) or "–", f"{clock[1][-1]:.1f}" if clock else "–"])
    for plan in runs.read_json(study / "manifest.json").get("runs", []):
        if plan["id"] not in names:
            status = runs.read_json(study / "runs" / plan["id"] / "status.json")
            rows.append([f"<code>{escape(plan['id'])}</code>",
                         escape(status.get("state", "missing")), "–", "–", "–"])
    return table(["run", "state", "steps", "test", "seconds"], rows, ["steps", "test", "seconds"])


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
    keys = swept(manifest) or ["model.name"]
    curves = curves_figure(found, study, keys, place)
    gradients = gradient_figures(found, study, keys, place)
    figures = "\n".join([curves, *gradients.values()])
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
</section>
<section aria-labelledby="runs">
<h2 id="runs">Runs</h2>
{runs_section(found, study)}
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
    found = runs.find([arguments.study])
    plot_style.apply()
    path = arguments.out or arguments.study / "report.html"
    path.write_text(page(arguments.study, found), encoding="utf-8")
    print(path)


if __name__ == "__main__":
    sys.exit(main())
