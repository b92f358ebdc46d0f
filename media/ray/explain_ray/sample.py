"""Some of the rows, drawn at random, for the summary that people are shown. Which ones depends on their place in the data alone: whatever is explained twice, or by a
later run, draws the same."""

import hashlib
import json
import math

import numpy as np

# Beside the result, so that a run that goes on has the rows of the one before.
KEPT = "_sample.json"
MOST_ROWS = 5_000
FEWEST_ROWS = 50
# Numbers of all rows together: they come back as a line of the job's log.
MOST_NUMBERS = 2**17


class Sample:
    """The rows with the smallest draws."""

    def __init__(self, size, rows=()):
        self.size = size
        self.rows = {(row["cells"]["file"], row["cells"]["row"]): row for row in rows}

    def add(self, rows):
        self.rows.update({(row["cells"]["file"], row["cells"]["row"]): row for row in rows})
        if len(self.rows) > self.size:
            kept = sorted(self.rows.items(), key=lambda item: item[1]["draw"])[: self.size]
            self.rows = dict(kept)

    @property
    def threshold(self):
        """Draws from here on are not wanted."""
        return 1.0 if len(self.rows) < self.size else max(row["draw"] for row in self.rows.values())


def size_of(job):
    numbers = sum(len(output["columns"]) if output["kind"] != "list" else output["size"] for output in job["outputs"])
    return max(FEWEST_ROWS, min(MOST_ROWS, MOST_NUMBERS // max(1, numbers)))


def draws_of(files, rows):
    """A number from 0 to 1 for each row, the same for the same place in the data. The finishing step of SplitMix64: https://doi.org/10.1145/2660193.2660195"""
    seeds = {file: int.from_bytes(hashlib.sha256(file.encode()).digest()[:8], "big") for file in set(files)}
    with np.errstate(over="ignore"):
        x = np.asarray([seeds[file] for file in files], np.uint64) + rows.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        x ^= x >> np.uint64(31)
    return x.astype(np.float64) / 2.0**64


def rows_below(threshold, size, result, feeds, bad, job):
    """Of an explained table, the rows whose draws are below a threshold: their cells, and the values that the single credits are of."""
    names = job["names"]
    draws = draws_of(result[names["file"]].to_pylist(), result[names["row"]].to_numpy())
    picked = [int(i) for i in np.argsort(draws)[:size] if draws[i] < threshold and not bad[i]]
    cells = result.drop_columns([names["reason"]]).take(picked).to_pylist()
    return [{"draw": float(draws[i]), "cells": {name: _short(cell) for name, cell in row.items()}, "values": _values(feeds, i, job)} for i, row in zip(picked, cells)]


def _values(feeds, row, job):
    """By input, the row's values; inputs that are text or have too many elements have their credits in lists."""
    single = {output["input"] for output in job["outputs"] if output["kind"] == "number" and "input" in output}
    return {name: [_short(value) for value in feeds[name][row].ravel().tolist()] for name in single if name in feeds}


def _short(value):
    if not isinstance(value, float):
        return value
    return float(f"{value:.6g}") if math.isfinite(value) else None


def read_kept(filesystem, folder):
    try:
        with filesystem.open_input_stream(f"{folder}/{KEPT}") as stream:
            return json.loads(stream.read())
    except (OSError, ValueError):
        return []


def keep(filesystem, folder, rows):
    with filesystem.open_output_stream(f"{folder}/{KEPT}") as stream:
        stream.write(json.dumps(rows).encode())
