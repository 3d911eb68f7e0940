#!/usr/bin/python3
"""Log-mel frames by the definition, in double precision, for tests/data/log_mel_test.cpp: the
discrete Fourier transform as its sum, filters frequency by frequency.

    tests/data/make_log_mel_golden.py > tests/data/log_mel_golden.json
"""

import json

import numpy as np


def mel(hertz):
    return 2595 * np.log10(1 + hertz / 700)


def frames(x, rate, mels, low, high):
    window, hop = round(0.025 * rate), round(0.01 * rate)
    points = 1
    while points < window:
        points *= 2
    k = np.arange(window)
    hann = (1 - np.cos(2 * np.pi * k / window)) / 2
    result = []
    for begin in range(0, max(len(x) - window, 0) + 1, hop):
        piece = np.zeros(window)
        piece[:len(x[begin:begin + window])] = x[begin:begin + window]
        row = np.zeros(mels)
        for j in range(points // 2 + 1):
            power = abs(np.sum(hann * piece * np.exp(-2j * np.pi * j * k / points)))**2
            # In units of the filters' distance: filter i rises from i to i + 1 and falls to i + 2.
            place = (mel(j * rate / points) - mel(low)) * (mels + 1) / (mel(high) - mel(low))
            for i in range(mels):
                row[i] += power * max(0, min(place - i, i + 2 - place))
        result.append(np.log(np.maximum(row, 1e-10)))
    return np.array(result)


def sound(rate, seconds, seed):
    """Two glides and noise, in sixteenths of a thousandth: exact in every width."""
    t = np.arange(int(rate * seconds)) / rate
    x = 0.3 * np.sin(2 * np.pi * (200 + 900 * t) * t) + 0.1 * np.sin(2 * np.pi * 2400 * t * (1 - t))
    x += 0.02 * np.random.default_rng(seed).standard_normal(len(t))
    return np.round(x * 16384) / 16384


cases = []
for rate, seconds, mels, low, high in ((8000, 0.06, 40, 0, 4000), (11025, 0.05, 12, 300, 3400),
                                       (16000, 0.012, 20, 50, 8000)):
    x = sound(rate, seconds, mels)
    y = frames(x, rate, mels, low, high)
    cases.append({"rate": rate, "mels": mels, "f_min": low, "f_max": high,
                  "samples": [int(v) for v in x * 16384],
                  "frames": [[round(v, 6) for v in row] for row in y.tolist()]})
print(json.dumps({"scale": 16384, "cases": cases}, separators=(",", ":")))
