#!/usr/bin/python3
"""Writes tests/golden/*.h5: what PyTorch makes of small models on fixed batches. Encoder-decoders,
attention alone and ctc alone are made by make_seq2seq_goldens.py, make_attention_goldens.py and
make_ctc_goldens.py.

    /usr/bin/python3 scripts/make_goldens.py [FOLDER]        FOLDER: by default tests/golden

Needs Debian's python3-torch and python3-h5py; nothing else does, because its files are committed.
Run it again only to add a case. One thread and a fixed seed: the same machine and versions of the
libraries give the same bytes; others may move a last digit, which the tests' bounds allow for.

One file per model. T time, B batch, I inputs, O outputs, and PyTorch's names and layouts for
parameters; the head is output.weight [O, H] and output.bias [O]:

    attributes                            cell, activation, hidden, layers and, where they differ
                                          from the defaults, direction, layer_norm, embedding,
                                          architecture, heads, feed_forward, norm_first, kernel; the
                                          version of PyTorch
    parameters/NAME                       where everything starts
    TASK/x                   [T, B, I]    zero past an example's end; with an embedding instead:
    TASK/symbol              [T, B]
    TASK/length              [B]
    TASK/weight              [R, B]       1 where scored, else 0; R = T (every) or 1 (last)
    TASK/label or TASK/y     [R, B] or [R, B, O]
    TASK/PRECISION/loss                   mean over the scored positions
    TASK/PRECISION/gradient/NAME
    TASK/PRECISION/OPTIMIZER/loss         [10], each before the step that follows it
    TASK/PRECISION/OPTIMIZER/parameters/NAME             after ten steps

TASK is cross_entropy_every (many-to-many, some positions ignored) or mse_last (many-to-one),
PRECISION float32 or float64. x, y and the parameters are single precision in both, so that both
start from the same numbers.
"""

import sys
from pathlib import Path

import h5py
import numpy as np
import torch
from torch.nn import functional
from torch.nn.utils import rnn

# Widths that are no multiple of a vector; more steps than one block of time, more examples than one
# shard.
T, B, I, O = 17, 17, 3, 5
SYMBOLS = 7
STEPS = 10
IGNORED = -100  # cross_entropy's label for a position that is not scored

# file: (cell, activation, hidden, layers, and by name what else differs from the defaults)
MODELS = {
    "vanilla": ("elman", "tanh", 17, 1),
    "vanilla-relu": ("elman", "relu", 17, 1),
    "lstm": ("lstm", "tanh", 17, 1),
    "gru": ("gru", "tanh", 17, 1),
    "deep-rnn": ("elman", "tanh", 6, 2),
    "deep-lstm": ("lstm", "tanh", 6, 2),
    "deep-gru": ("gru", "tanh", 6, 2),
    "bi-rnn": ("elman", "tanh", 6, 1, {"direction": "bidirectional"}),
    "bi-lstm": ("lstm", "tanh", 6, 1, {"direction": "bidirectional"}),
    "bi-gru": ("gru", "tanh", 6, 1, {"direction": "bidirectional"}),
    "deep-bi-lstm": ("lstm", "tanh", 5, 2, {"direction": "bidirectional"}),
    "layer-norm": ("gru", "tanh", 6, 1, {"layer_norm": 1}),
    "embedding": ("lstm", "tanh", 6, 1, {"embedding": 4}),
    "transformer": ("lstm", "relu", 6, 2,
                    {"architecture": "transformer", "heads": 2, "feed_forward": 10}),
    "transformer-norm-first": ("lstm", "relu", 6, 1,
                               {"architecture": "transformer", "heads": 3, "feed_forward": 7,
                                "norm_first": 1}),
    "tcn": ("lstm", "relu", 5, 3, {"architecture": "tcn", "kernel": 3}),
}
TASKS = ["cross_entropy_every", "mse_last"]

# name: (PyTorch's class, its arguments, bound on the gradient's norm or None)
ADAM = {"adam": (torch.optim.Adam, dict(lr=1e-2), None)}
# Only for the LSTM on mse_last: these do not look at the model.
OTHERS = {
    "sgd-momentum": (torch.optim.SGD, dict(lr=0.05, momentum=0.9), None),
    "sgd-clipped": (torch.optim.SGD, dict(lr=0.5), 0.12),
    "rmsprop-0.99": (torch.optim.RMSprop, dict(lr=1e-3, alpha=0.99), None),
    "rmsprop-0.9": (torch.optim.RMSprop, dict(lr=1e-3, alpha=0.9), None),
    "rmsprop-0.99-momentum": (torch.optim.RMSprop, dict(lr=1e-3, alpha=0.99, momentum=0.9), None),
    "rmsprop-0.9-momentum": (torch.optim.RMSprop, dict(lr=1e-3, alpha=0.9, momentum=0.9), None),
    "rmsprop-centered": (torch.optim.RMSprop,
                         dict(lr=1e-3, alpha=0.95, momentum=0.9, eps=1e-4, centered=True), None),
    "sgd-decay": (torch.optim.SGD, dict(lr=0.05, momentum=0.9, weight_decay=0.1), None),
    "sgd-clipped-decay": (torch.optim.SGD, dict(lr=0.5, weight_decay=0.1), 0.12),
    "rmsprop-decay": (torch.optim.RMSprop, dict(lr=1e-3, alpha=0.99, weight_decay=0.1), None),
    "adam-decay": (torch.optim.Adam, dict(lr=1e-2, weight_decay=0.1), None),
    "adamw-decay": (torch.optim.AdamW, dict(lr=1e-2, weight_decay=0.1), None),
}
# Instead of Adam, for transformers: a key's bias has no gradient but rounding (the softmax takes it
# out), which Adam would bring to full size.
MOMENTUM = {"sgd-momentum": OTHERS["sgd-momentum"]}

# What the two precisions may differ by: half of the tests' bound on single precision. A case beyond
# it would test its own conditioning.
MOST_BETWEEN_PRECISIONS = 5e-6


class Net(torch.nn.Module):
    """A stack of recurrent layers under a dense head."""

    def __init__(self, cell, activation, hidden, layers, more={}):
        super().__init__()
        if "embedding" in more:
            self.embedding = torch.nn.Embedding(SYMBOLS, more["embedding"])
        both = "direction" in more
        sizes = (more.get("embedding", I), hidden, layers)
        if cell == "elman":
            self.stack = torch.nn.RNN(*sizes, nonlinearity=activation, bidirectional=both)
        else:
            kinds = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU}
            self.stack = kinds[cell](*sizes, bidirectional=both)
        if "layer_norm" in more:
            self.norm_l0 = torch.nn.LayerNorm(hidden)
        self.output = torch.nn.Linear(hidden * (1 + both), O)

    def states(self, x, length):
        """[T, B, I] → [T, B, H]; past an example's end its steps are not run."""
        if hasattr(self, "embedding"):
            x = self.embedding(x)
        packed = rnn.pack_padded_sequence(x, length, enforce_sorted=False)
        h, _ = rnn.pad_packed_sequence(self.stack(packed)[0], total_length=T)
        return self.norm_l0(h) if hasattr(self, "norm_l0") else h

    def forward(self, x, length):
        """[T, B, I] → [T, B, O]"""
        return self.output(self.states(x, length))

    def last(self, x, length):
        """[T, B, I] → [B, O], of what each direction has after its last step."""
        h = self.states(x, length)
        last = h[length - 1, torch.arange(len(length))]
        if self.stack.bidirectional:
            H = self.stack.hidden_size
            last = torch.cat((last[:, :H], h[0, :, H:]), 1)
        return self.output(last)


class Transformer(torch.nn.Module):
    """An encoder of PyTorch's own layers on sinusoidal positions, under a dense head; causal where
    every step is read out."""

    def __init__(self, activation, hidden, layers, more):
        super().__init__()
        self.input = torch.nn.Linear(I, hidden)
        self.layers = torch.nn.ModuleList(
            torch.nn.TransformerEncoderLayer(hidden, more["heads"], more["feed_forward"], 0.0,
                                             activation, norm_first="norm_first" in more)
            for _ in range(layers))
        if "norm_first" in more:
            self.norm = torch.nn.LayerNorm(hidden)
        self.output = torch.nn.Linear(hidden, O)

    def states(self, x, length, causal):
        h = self.input(x)
        H = h.shape[2]
        unit = torch.arange(H)
        angle = torch.arange(T)[:, None].double() / 10000 ** ((unit - unit % 2).double() / H)
        positions = torch.where(unit % 2 == 0, torch.sin(angle), torch.cos(angle)).to(h.dtype)
        h = h + positions[:, None]
        for layer in self.layers:
            h = layer(h, torch.triu(torch.ones(T, T, dtype=torch.bool), 1) if causal else None,
                      torch.arange(T) >= length[:, None])
        return self.norm(h) if hasattr(self, "norm") else h

    def forward(self, x, length):
        return self.output(self.states(x, length, True))

    def last(self, x, length):
        return self.output(self.states(x, length, False)[length - 1, torch.arange(len(length))])


class Block(torch.nn.Module):
    """A residual block of two causal convolutions."""

    def __init__(self, inputs, hidden, kernel, dilation):
        super().__init__()
        self.past = (kernel - 1) * dilation
        self.conv1 = torch.nn.Conv1d(inputs, hidden, kernel, dilation=dilation)
        self.conv2 = torch.nn.Conv1d(hidden, hidden, kernel, dilation=dilation)
        if inputs != hidden:
            self.downsample = torch.nn.Conv1d(inputs, hidden, 1)

    def forward(self, x):
        h = torch.relu(self.conv1(functional.pad(x, (self.past, 0))))
        h = torch.relu(self.conv2(functional.pad(h, (self.past, 0))))
        return torch.relu(h + (self.downsample(x) if hasattr(self, "downsample") else x))


class Tcn(torch.nn.Module):
    """Blocks of doubling dilation under a dense head."""

    def __init__(self, hidden, layers, kernel):
        super().__init__()
        self.layers = torch.nn.ModuleList(
            Block(hidden if l else I, hidden, kernel, 2 ** l) for l in range(layers))
        self.output = torch.nn.Linear(hidden, O)

    def states(self, x):
        h = x.permute(1, 2, 0)
        for layer in self.layers:
            h = layer(h)
        return h.permute(2, 0, 1)

    def forward(self, x, length):
        return self.output(self.states(x))

    def last(self, x, length):
        return self.output(self.states(x)[length - 1, torch.arange(len(length))])


def make_net(cell, activation, hidden, layers, more={}):
    architecture = more.get("architecture", "recurrent")
    if architecture == "transformer":
        return Transformer(activation, hidden, layers, more)
    if architecture == "tcn":
        return Tcn(hidden, layers, more["kernel"])
    return Net(cell, activation, hidden, layers, more)


def named(net, value):
    """value(parameter) by the project's names: PyTorch's, the stack's without a prefix."""
    return {name.removeprefix("stack."): value(p).detach().numpy().copy()
            for name, p in net.named_parameters()}


def make_batch(task, rng, symbols):
    """Inputs, targets, lengths and weights as they lie in the file."""
    length = rng.integers(1, T + 1, B)
    length[:2] = T, 1
    inside = np.arange(T)[:, None] < length
    if symbols:
        x = {"symbol": (rng.integers(0, SYMBOLS, (T, B)) * inside).astype(np.int32)}
    else:
        x = {"x": rng.standard_normal((T, B, I), np.float32) * inside[:, :, None]}
    if task == "mse_last":
        return dict(**x, length=length.astype(np.int32), weight=np.ones((1, B), np.float32),
                    y=rng.standard_normal((1, B, O), np.float32))
    scored = inside & (rng.random((T, B)) < 0.75)
    label = np.where(scored, rng.integers(0, O, (T, B)), 0)
    return dict(**x, length=length.astype(np.int32), weight=scored.astype(np.float32),
                label=label.astype(np.int32))


def loss_of(net, batch, dtype):
    length = torch.from_numpy(batch["length"]).long()
    x = (torch.from_numpy(batch["symbol"]).long() if "symbol" in batch
         else torch.from_numpy(batch["x"]).to(dtype))
    if "y" in batch:
        return functional.mse_loss(net.last(x, length), torch.from_numpy(batch["y"][0]).to(dtype))
    y = net(x, length)
    label = np.where(batch["weight"] > 0, batch["label"], IGNORED)
    return functional.cross_entropy(y.flatten(0, 1), torch.from_numpy(label).long().flatten(),
                                    ignore_index=IGNORED)


def clip(parameters, bound):
    """g ← min(bound / ‖g‖, 1) g, exactly: PyTorch's own clip_grad_norm_ divides by ‖g‖ + 1e-6.
    Returns whether that changed g."""
    norm = torch.sqrt(sum((p.grad.double() ** 2).sum() for p in parameters)).item()
    for p in parameters:
        p.grad.mul_(min(bound / norm, 1.0))
    return norm > bound


def train(net, batch, dtype, rule, arguments, bound, loss_of=loss_of, named=named):
    """Losses and final parameters of STEPS steps."""
    parameters = list(net.parameters())
    optimizer = rule(parameters, **arguments)
    losses, clipped = [], []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = loss_of(net, batch, dtype)
        loss.backward()
        losses.append(loss.item())
        if bound is not None:
            clipped.append(clip(parameters, bound))
        optimizer.step()
    if bound is not None and len(set(clipped)) != 2:
        sys.exit(f"make_goldens: error: clipping at {bound} acts in {sum(clipped)} of {STEPS} "
                 "steps; choose a bound that acts in some")
    return {"loss": np.array(losses), "parameters": named(net, lambda p: p)}


def golden(model, start, batch, optimizers, dtype):
    """All that PyTorch says in one precision, as a tree of arrays."""
    def fresh():
        net = make_net(*model).to(dtype)
        for name, p in net.named_parameters():
            p.data = torch.tensor(start[name.removeprefix("stack.")], dtype=dtype)
        return net

    net = fresh()
    loss = loss_of(net, batch, dtype)
    loss.backward()
    tree = {"loss": np.array(loss.item()), "gradient": named(net, lambda p: p.grad)}
    for name, (rule, arguments, bound) in optimizers.items():
        tree[name] = train(fresh(), batch, dtype, rule, arguments, bound)
    return tree


def worst_difference(a, b):
    """The largest ‖a − b‖ / ‖b‖ over the leaves of two trees."""
    if isinstance(a, dict):
        return max(worst_difference(a[key], b[key]) for key in b)
    return np.linalg.norm(a - b) / np.linalg.norm(b)


def untimed(kind):
    """How an object is created without its time, for the same tree to give the same bytes."""
    properties = h5py.h5p.create(kind)
    properties.set_obj_track_times(False)
    return properties


def create(path):
    access = h5py.h5p.create(h5py.h5p.FILE_ACCESS)
    access.set_libver_bounds(h5py.h5f.LIBVER_V18, h5py.h5f.LIBVER_V110)  # the more compact format
    return h5py.File(h5py.h5f.create(bytes(path), fcpl=untimed(h5py.h5p.FILE_CREATE), fapl=access))


def write(group, tree):
    for name, value in tree.items():
        if isinstance(value, dict):
            inner = h5py.h5g.create(group.id, name.encode(), gcpl=untimed(h5py.h5p.GROUP_CREATE))
            write(h5py.Group(inner), value)
        else:
            group.create_dataset(name, data=value, track_times=False)


def main():
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[1] / "tests/golden")
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    for seed, (name, model) in enumerate(MODELS.items(), 100):
        torch.manual_seed(seed)
        start = named(make_net(*model), lambda p: p)  # PyTorch's own initial values
        tree = {"parameters": start}
        for task in TASKS:
            batch = make_batch(task, np.random.default_rng([seed, TASKS.index(task)]),
                               symbols="embedding" in dict(*model[4:]))
            others = OTHERS if (name, task) == ("lstm", "mse_last") else {}
            first = MOMENTUM if name.startswith("transformer") else ADAM
            results = {str(dtype).removeprefix("torch."):
                       golden(model, start, batch, first | others, dtype)
                       for dtype in (torch.float32, torch.float64)}
            difference = worst_difference(results["float32"], results["float64"])
            if difference > MOST_BETWEEN_PRECISIONS:
                sys.exit(f"make_goldens: error: {name}, {task}: the precisions differ by "
                         f"{difference:.1e}; choose another seed or rate")
            tree[task] = {**batch, **results}
        with create(folder / f"{name}.h5") as file:
            file.attrs.update(zip(("cell", "activation", "hidden", "layers"), model))
            file.attrs.update(dict(*model[4:]))
            file.attrs["pytorch"] = str(torch.__version__)
            write(file, tree)


if __name__ == "__main__":
    main()
