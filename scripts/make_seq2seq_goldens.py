#!/usr/bin/python3
"""Writes tests/golden/seq2seq*.h5 and transformer-seq2seq*.h5: what PyTorch makes of
encoder-decoders built of its own parts.

    /usr/bin/python3 scripts/make_seq2seq_goldens.py [FOLDER]    FOLDER: by default tests/golden

As scripts/make_goldens.py, which says what the files hold; these have one task more:

    cross_entropy_sequence/target_steps   [B]      steps of each target, its end among them
    cross_entropy_sequence/label, weight  [R, B]   R = the longest target

The encoder is nn.LSTM or nn.GRU over packed sequences, the decoder a cell of nn.LSTMCell or
nn.GRUCell run step by step, attention nn.Linear and softmax, as the papers write it. A
transformer's blocks are nn.TransformerEncoderLayer and nn.TransformerDecoderLayer, on sinusoidal
positions.
"""

import sys
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional
from torch.nn.utils import rnn

from make_goldens import (ADAM, B, I, IGNORED, MOMENTUM, MOST_BETWEEN_PRECISIONS, O, T, create,
                          train, write, worst_difference)

R = 12
H = 7
TASK = "cross_entropy_sequence"

MODELS = {
    "seq2seq": dict(cell="lstm", bridge="last"),
    "seq2seq-attention": dict(cell="gru", bridge="transform", direction="bidirectional",
                              attention="additive"),
    "seq2seq-luong": dict(cell="lstm", bridge="last", attention="general", attention_at="after",
                          input_feeding="true"),
    "transformer-seq2seq": dict(architecture="transformer", activation="relu",
                                attention="multi-head", hidden=6, layers=2, heads=2,
                                feed_forward=10),
    "transformer-seq2seq-norm-first": dict(architecture="transformer", activation="relu",
                                           attention="multi-head", hidden=6, layers=1, heads=3,
                                           feed_forward=7, norm_first=1),
}


class Seq2seq(torch.nn.Module):
    def __init__(self, cell, bridge, direction="forward", attention="none", attention_at="before",
                 input_feeding="false"):
        super().__init__()
        self.kind, self.bridge_kind = cell, bridge
        self.attention, self.after = attention, attention_at == "after"
        self.fed = input_feeding == "true"
        both = direction == "bidirectional"
        M = H * (1 + both)
        self.encoder = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[cell](I, H, bidirectional=both)
        before = attention != "none" and not self.after
        inputs = O + (M if before else 0) + (H if self.fed else 0)
        self.decoder = {"lstm": torch.nn.LSTMCell, "gru": torch.nn.GRUCell}[cell](inputs, H)
        if bridge == "transform":
            self.hidden = torch.nn.Linear(M, H)
        if attention != "none":
            self.key = torch.nn.Linear(M, H, bias=False)
        if attention == "additive":
            self.query = torch.nn.Linear(H, H)
            self.v = torch.nn.Linear(H, 1, bias=False)
        if self.after:
            self.combine = torch.nn.Linear(M + H, H, bias=False)
        self.output = torch.nn.Linear(H + M if before else H, O)

    NAMES = {"hidden.": "bridge.hidden_l0.", "key.": "decoder.attention.key.",
             "query.": "decoder.attention.query.", "v.": "decoder.attention.v.",
             "combine.": "decoder.attention.combine."}

    def named(self, value):
        """value(parameter) by the project's names."""
        tree = {}
        for name, p in self.named_parameters():
            for theirs, ours in self.NAMES.items():
                if name.startswith(theirs):
                    name = ours + name.removeprefix(theirs)
            if name.startswith("decoder.") and "attention" not in name:
                name += "_l0"
            tree[name] = value(p).detach().numpy().copy()
        return tree

    def attend(self, h, memory, length):
        """[B, H] → [B, M]"""
        if self.attention == "additive":
            e = self.v(torch.tanh(self.query(h) + self.key(memory)))[:, :, 0]
        else:
            e = (self.key(memory) * h).sum(2)
        past = torch.arange(T)[:, None] >= length
        a = functional.softmax(e.masked_fill(past, -torch.inf), 0)
        return (a[:, :, None] * memory).sum(0)

    def forward(self, x, length, label):
        """[T, B, I], targets [R, B] → logits [R, B, O]"""
        packed, state = self.encoder(rnn.pack_padded_sequence(x, length, enforce_sorted=False))
        memory, _ = rnn.pad_packed_sequence(packed, total_length=T)
        last = state[0] if self.kind == "lstm" else state
        if self.bridge_kind == "transform":
            h = torch.tanh(self.hidden(torch.cat(tuple(last), 1)))
        else:
            h = last[0]
        c = state[1][0] if self.kind == "lstm" else None
        before = torch.zeros(len(length), dtype=torch.long)  # the end symbol
        fed, logits = torch.zeros_like(h), []
        for t in range(R):
            parts = [functional.one_hot(before, O).to(x.dtype)]
            if self.attention != "none" and not self.after:
                context = self.attend(h, memory, length)
                parts.append(context)
            if self.fed:
                parts.append(fed)
            if self.kind == "lstm":
                h, c = self.decoder(torch.cat(parts, 1), (h, c))
            else:
                h = self.decoder(torch.cat(parts, 1), h)
            out = h
            if self.after:
                out = fed = torch.tanh(self.combine(
                    torch.cat((self.attend(h, memory, length), h), 1)))
            elif self.attention != "none":
                out = torch.cat((h, context), 1)
            logits.append(self.output(out))
            before = label[t]
        return torch.stack(logits)


class Blocks(torch.nn.Module):
    """One side of a transformer: a dense map, positions, and layers that `kind` makes."""

    def __init__(self, kind, activation, inputs, hidden, layers, heads, feed_forward,
                 norm_first=0):
        super().__init__()
        self.input = torch.nn.Linear(inputs, hidden)
        self.layers = torch.nn.ModuleList(
            kind(hidden, heads, feed_forward, 0.0, activation, norm_first=bool(norm_first))
            for _ in range(layers))
        if norm_first:
            self.norm = torch.nn.LayerNorm(hidden)

    def forward(self, x, *arguments, **masks):
        """[T, B, I] → [T, B, H]"""
        h = self.input(x)
        unit = torch.arange(h.shape[2])
        time = torch.arange(len(x))[:, None].double()
        angle = time / 10000 ** ((unit - unit % 2).double() / len(unit))
        positions = torch.where(unit % 2 == 0, torch.sin(angle), torch.cos(angle)).to(h.dtype)
        h = h + positions[:, None]
        for layer in self.layers:
            h = layer(h, *arguments, **masks)
        return self.norm(h) if hasattr(self, "norm") else h


class TransformerSeq2seq(torch.nn.Module):
    def __init__(self, architecture, activation, attention, hidden, **blocks):
        super().__init__()
        self.encoder = Blocks(torch.nn.TransformerEncoderLayer, activation, I, hidden, **blocks)
        self.decoder = Blocks(torch.nn.TransformerDecoderLayer, activation, O, hidden, **blocks)
        self.output = torch.nn.Linear(hidden, O)
        for name, p in self.named_parameters():  # PyTorch begins with biases 0 and norms 1
            if p.dim() == 1:
                p.data += 0.2 * torch.randn_like(p)

    def named(self, value):
        """value(parameter) by the project's names, which are PyTorch's."""
        return {name: value(p).detach().numpy().copy() for name, p in self.named_parameters()}

    def forward(self, x, length, label):
        """[T, B, I], targets [R, B] → logits [R, B, O]"""
        past = torch.arange(T) >= length[:, None]
        memory = self.encoder(x, src_key_padding_mask=past)
        before = torch.cat((torch.zeros_like(label[:1]), label[:-1]))  # the end symbol first
        later = torch.triu(torch.ones(R, R, dtype=torch.bool), 1)
        return self.output(self.decoder(functional.one_hot(before, O).to(x.dtype), memory,
                                        tgt_mask=later, memory_key_padding_mask=past))


def make_net(model):
    kind = TransformerSeq2seq if "architecture" in model else Seq2seq
    return kind(**model)


def make_batch(rng):
    length = rng.integers(1, T + 1, B)
    length[:2] = T, 1
    inside = np.arange(T)[:, None] < length
    steps = rng.integers(1, R + 1, B)
    steps[:2] = 1, R
    at = np.arange(R)[:, None]
    label = np.where(at < steps - 1, rng.integers(1, O, (R, B)), 0)
    return dict(x=rng.standard_normal((T, B, I), np.float32) * inside[:, :, None],
                length=length.astype(np.int32), target_steps=steps.astype(np.int32),
                label=label.astype(np.int32), weight=(at < steps).astype(np.float32))


def loss_of(net, batch, dtype):
    label = torch.from_numpy(batch["label"]).long()
    y = net(torch.from_numpy(batch["x"]).to(dtype), torch.from_numpy(batch["length"]).long(), label)
    scored = torch.where(torch.from_numpy(batch["weight"]) > 0, label, IGNORED)
    return functional.cross_entropy(y.flatten(0, 1), scored.flatten(), ignore_index=IGNORED)


def golden(model, start, batch, dtype):
    def fresh():
        net = make_net(model)
        net.load_state_dict(start)
        return net.to(dtype)

    net = fresh()
    loss = loss_of(net, batch, dtype)
    loss.backward()
    tree = {"loss": np.array(loss.item()), "gradient": net.named(lambda p: p.grad)}
    optimizers = MOMENTUM if "architecture" in model else ADAM
    for name, (rule, arguments, bound) in optimizers.items():
        tree[name] = train(fresh(), batch, dtype, rule, arguments, bound, loss_of=loss_of,
                           named=lambda net, value: net.named(value))
    return tree


def main():
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[1] / "tests/golden")
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    for seed, (name, model) in enumerate(MODELS.items(), 320):
        torch.manual_seed(seed)
        net = make_net(model)
        batch = make_batch(np.random.default_rng(seed))
        results = {str(dtype).removeprefix("torch."): golden(model, net.state_dict(), batch, dtype)
                   for dtype in (torch.float32, torch.float64)}
        difference = worst_difference(results["float32"], results["float64"])
        if difference > MOST_BETWEEN_PRECISIONS:
            sys.exit(f"make_seq2seq_goldens: error: {name}: the precisions differ by "
                     f"{difference:.1e}; choose another seed or rate")
        with create(folder / f"{name}.h5") as file:
            file.attrs.update(dict(activation="tanh", hidden=H, layers=1) | model)
            file.attrs["pytorch"] = str(torch.__version__)
            write(file, {"parameters": net.named(lambda p: p), TASK: {**batch, **results}})


if __name__ == "__main__":
    main()
