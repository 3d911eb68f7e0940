"""HTML out of values: what the parts of a report have in common."""

import base64
import html
import re


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


def figure(paths, title, alt, caption, command):
    svg, png = paths[1], paths[0]
    words = " ".join(f"<span>{escape(word)}</span>" for word in command.split(" "))
    data = base64.b64encode(svg.read_bytes()).decode("ascii")
    return f"""<figure>
<h3>{title}</h3>
<img src="data:image/svg+xml;base64,{data}" alt="{escape(alt)}">
<figcaption><p>{caption}</p>
<p class="quiet">Files: <code>figures/{svg.name}</code>, <code>{png.name}</code>. Made by</p>
<pre>{words}</pre></figcaption>
</figure>"""


def by_label(pairs):
    """Labels with their numbers in a sentence."""
    pairs = [(label, number(float(value))) for label, value in pairs]
    if any(" " in label for label, _ in pairs):
        return "; ".join(f"{label}: {value}" for label, value in pairs)
    return ", ".join(f"{label} {value}" for label, value in pairs)
