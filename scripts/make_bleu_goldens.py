#!/usr/bin/env python3
"""Writes tests/data/bleu_goldens.json: tokens and corpus BLEU of made sentences, by sacreBLEU.

    pip install sacrebleu
    scripts/make_bleu_goldens.py [FILE]

The file holds {"tokens": [{tokenize, text, tokens}], "corpora": [{tokenize, hypotheses, references,
score, counts, totals, sys_len, ref_len}]}; references are lists per sentence, of varying lengths.

The file that is there was made where the package could not be had, with its published formulas and
expressions typed off into a stand-in of that name. Made again with sacreBLEU 2 it should not change.
"""

import json
import random
import sys
from itertools import zip_longest
from pathlib import Path

from sacrebleu.metrics import BLEU

SENTENCES = {
    "13a": [
        "", " ", ".", "...", "Hello.", "Hello, world!", "It costs $5.50, or 5,50 €.",
        "In 1999-2000 it rose 3.5%.", "a-b 5-6 -7 8-", "1,000,000.00", "Version 2.", ".5 and 5.",
        "“Quoted” and ‘single’, said he…", "don't can't l'homme C'est-à-dire", "x.y,z", "e.g., i.e.",
        "(a) [b] {c} <d> |e| ~f^ `g` _h_", "&quot;A&quot; &amp; &lt;B&gt; &amp;lt;", "<skipped>gone",
        "Où est-il\u202f?", "Non\xa0!", "tab\there", "naïve café", "C++/C# @home #1 50% a=b+c*d",
        "Wait... what?!", "¿Qué?", "2.3.4,5,6", "a,,b..c", ",a .b", "Ich heiße Müller.", "--", "5--6",
        "£3 €4 ¥5", "http://a.b/c?d=e&f", "“5,” 6.", "a\u3000b", "0.", "9,", "٣.٤", "\u2028x",
    ],
    "zh": [
        "", "你好。", "我们有3.5个，不是5,000。", "“你好！”他说：‘走吧’。", "Tom在家。", "Ｔｏｍ　来了", "他2000-2001年来。",
        "（一）【二】《三》", "你好.", "5.", ".", "a.b", "— …… ·", "𠀀𠀁好", "１２３", "CD、DVD", "&amp;好", " 好 ",
        "☃✂㈱㍿", "が か゚ ㄅㄆ", "¥5，$6", "它的價格是100美元。", "去吗?去!",
    ],
}
WORDS = {
    "13a": ["the", "a", "cat", "sat", "on", "mat", "dog", ",", "3.5", "it's", "was", "(big)", "old"],
    "zh": ["我", "你", "他", "是", "好", "的", "，", "人", "3.5", "Tom", "不", "们"],
}
ENDS = {"13a": [".", "!", "?", "...", ""], "zh": ["。", "！", "？", ""]}


def made(rng, kind, most):
    blank = " " if kind == "13a" else ""
    return blank.join(rng.choice(WORDS[kind]) for _ in range(rng.randint(0, most))) + rng.choice(
        ENDS[kind])


def changed(rng, kind, sentence):
    """The sentence with some of its pieces replaced, left out or moved."""
    pieces = sentence.split(" ") if kind == "13a" else list(sentence)
    for _ in range(rng.randint(0, 3)):
        if not pieces:
            break
        at = rng.randrange(len(pieces))
        what = rng.randrange(3)
        if what == 0:
            pieces[at] = rng.choice(WORDS[kind])
        elif what == 1:
            del pieces[at]
        else:
            pieces.insert(rng.randrange(len(pieces)), pieces.pop(at))
    return (" " if kind == "13a" else "").join(pieces)


def corpora(kind):
    """(hypotheses, references per sentence)"""
    same = ["The cat sat on the mat .", "It was the dog ."] if kind == "13a" else ["我是他的好人。", "你好。"]
    yield same, [[s] for s in same]
    yield ["", ""], [[s] for s in same]
    yield [same[0], ""], [[s] for s in same]
    yield ["x", "y"], [["x"], ["y"]]
    yield ["x y z", "y"], [["x y z"], ["y"]]
    yield ["q r s t u"], [["a b c d e"]]
    yield ["a b c d e"], [["a q b r c s d"]]
    yield ["a b c d"], [["a b c d e f"]]
    yield ["a b c d"], [["a b c", "a b c d e"]]
    yield ["a a a a a a"], [["a a b", "b a a a"]]
    yield ["a b c d e"], [["a b c d e", "", "x"]]
    rng = random.Random(20261122)
    for _ in range(60):
        references, hypotheses = [], []
        for _ in range(rng.randint(1, 8)):
            best = made(rng, kind, 12) or "x"
            references.append([best] + [changed(rng, kind, best) or "y"
                                        for _ in range(rng.randint(0, 3))])
            hypotheses.append(changed(rng, kind, best) if rng.random() < 0.8 else
                              made(rng, kind, 12))
        yield hypotheses, references


def main():
    root = Path(__file__).resolve().parent.parent
    to = Path(sys.argv[1]) if len(sys.argv) > 1 else root / "tests/data/bleu_goldens.json"
    goldens = {"tokens": [], "corpora": []}
    for kind, sentences in SENTENCES.items():
        bleu = BLEU(tokenize=kind, force=True)
        rng = random.Random(kind)
        marks = "ab01 .,-'\"&;:$%/()éß你好，。“”\u202f"
        sentences = sentences + ["".join(rng.choice(marks) for _ in range(rng.randint(1, 20)))
                                 for _ in range(200)]
        for text in sentences:
            tokens = bleu.tokenizer(text.rstrip()).split()
            goldens["tokens"].append({"tokenize": kind, "text": text, "tokens": tokens})
        for hypotheses, references in corpora(kind):
            score = bleu.corpus_score(hypotheses, list(zip_longest(*references, fillvalue=None)))
            goldens["corpora"].append({
                "tokenize": kind, "hypotheses": hypotheses, "references": references,
                "score": score.score, "counts": score.counts, "totals": score.totals,
                "sys_len": score.sys_len, "ref_len": score.ref_len})
    lists = [f'"{name}": [\n' + ",\n".join(json.dumps(e, ensure_ascii=False) for e in entries) + "\n]"
             for name, entries in goldens.items()]
    to.write_text("{" + ",\n".join(lists) + "}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
