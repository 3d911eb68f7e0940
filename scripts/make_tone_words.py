#!/usr/bin/python3
"""Writes spoken words of vowels: FOLDER/0000.wav, …, and FOLDER/labels.tsv with what each says, as
the task `speech` reads them with task.path = FOLDER.

    scripts/make_tone_words.py FOLDER [--count 200] [--letters 3] [--min-letters 0]
                               [--alphabet 5] [--words 0] [--snr 20] [--rate 8000] [--seed 0]

--words: that many different words, for task.target = word; 0: any letters. What the words are made
of is said in tasks/tone_words.hpp; here a vowel is a sum of its fundamental's harmonics, as loud as
the filters let them through.
"""

import argparse
import sys
import wave
from pathlib import Path

import numpy as np

VOWELS = {"ɑ": (730, 1090), "ɛ": (530, 1840), "i": (270, 2290), "ɔ": (570, 840), "u": (300, 870),
          "æ": (660, 1720), "ʊ": (440, 1020), "ɪ": (390, 1990), "ʌ": (640, 1190), "ɝ": (490, 1350)}
SLOT = 0.010  # seconds


def gain(hertz, formants, rate):
    """What low-pass and resonators leave of a harmonic."""
    z = np.exp(-2j * np.pi * hertz / rate)
    total = 1 / (1 - np.exp(-2 * np.pi * 100 / rate) * z)
    for formant, bandwidth in zip(formants, (60, 90)):
        c = -np.exp(-2 * np.pi * bandwidth / rate)
        b = 2 * np.exp(-np.pi * bandwidth / rate) * np.cos(2 * np.pi * formant / rate)
        total *= (1 - b - c) / (1 - b * z - c * z**2)
    return total


def vowel(rng, name, f0, scale, rate):
    t = np.arange(round(rng.integers(6, 15) * SLOT * rate)) / rate
    own = f0 * rng.uniform(0.95, 1.05)
    sound = np.zeros(len(t))
    for hertz in np.arange(own, 0.49 * rate, own):
        heard = gain(hertz, [scale * f for f in VOWELS[name]], rate)
        sound += abs(heard) * np.cos(2 * np.pi * hertz * t + np.angle(heard))
    sound *= rng.uniform(0.05, 0.1) / np.sqrt(np.mean(sound**2))
    ramp = max(1, round(0.005 * rate))
    inside = np.minimum(np.arange(len(t)) + 1, len(t) - np.arange(len(t)))
    return sound * np.minimum(1, inside / ramp)


def say(rng, word, snr, rate):
    def pause():
        return np.zeros(round(rng.integers(2, 7) * SLOT * rate))

    f0, scale = rng.uniform(100, 200), rng.uniform(0.9, 1.2)
    pieces = [pause()]
    for letter in word:
        pieces += [vowel(rng, letter, f0, scale, rate), pause()]
    sound = np.concatenate(pieces)
    return sound + 0.1 * 10**(-snr / 20) * rng.standard_normal(len(sound))


def random_word(rng, options):
    letters = rng.integers(options.min_letters or options.letters, options.letters + 1)
    return "".join(rng.choice(list(VOWELS)[:options.alphabet], letters))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("folder", type=Path)
    for name, fallback in (("count", 200), ("letters", 3), ("min-letters", 0), ("alphabet", 5),
                           ("words", 0), ("rate", 8000), ("seed", 0)):
        parser.add_argument(f"--{name}", type=int, default=fallback)
    parser.add_argument("--snr", type=float, default=20, help="dB")
    options = parser.parse_args()
    if not 2 <= options.alphabet <= len(VOWELS) or options.min_letters > options.letters:
        parser.error(f"give an --alphabet of 2 .. {len(VOWELS)}, and --min-letters <= --letters")
    rng = np.random.default_rng(options.seed)
    words = []
    for _ in range(1000 * options.words):
        word = random_word(rng, options)
        if word not in words and len(words) < options.words:
            words.append(word)
    if len(words) < options.words:
        parser.error(f"there are only {len(words)} different words; give more --letters")
    options.folder.mkdir(parents=True, exist_ok=True)
    with open(options.folder / "labels.tsv", "w", encoding="utf-8") as labels:
        for n in range(options.count):
            word = rng.choice(words) if words else random_word(rng, options)
            sound = say(rng, word, options.snr, options.rate)
            samples = np.clip(np.round(sound * 32768), -32768, 32767).astype("<i2")
            with wave.open(str(options.folder / f"{n:04}.wav"), "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(2)
                file.setframerate(options.rate)
                file.writeframes(samples.tobytes())
            labels.write(f"{n:04}.wav\t{word}\n")


if __name__ == "__main__":
    sys.exit(main())
