"""What an earlier run wrote, and whether it is of the same question."""

import hashlib
import json

import numpy as np
import pyarrow.fs as pafs
import pyarrow.parquet as pq

from .folder import in_folder
from .said import Refused
from .storage import is_data, reach, within

# Readers of Parquet pass over names that begin with _.
RECORD = "_explain-prediction.json"


def covered(intervals, start, end):
    return any(a <= start and end <= b for a, b in intervals)


def not_in(rows, intervals):
    """Positions of the rows that lie in no interval; None when all do."""
    keep = np.ones(len(rows), dtype=bool)
    for a, b in intervals:
        keep &= (rows < a) | (rows >= b)
    return None if keep.all() else np.nonzero(keep)[0]


def intervals_of(rows):
    rows = np.unique(rows)
    breaks = np.nonzero(np.diff(rows) > 1)[0]
    starts = np.concatenate([rows[:1], rows[breaks + 1]])
    ends = np.concatenate([rows[breaks], rows[-1:]]) + 1
    return [(int(a), int(b)) for a, b in zip(starts, ends)]


def finished_rows(job, data):
    """By file, the rows that an earlier run of the same question wrote, as intervals; files that it left half-written are removed. Writes down what this run is of."""
    filesystem, inner, info = reach(job["out"])
    if info.type == pafs.FileType.File:
        raise Refused("FILE_EXISTS", f"{job['out']} is a file; on Ray the result is a folder of Parquet files.", "Name another place with --out.")
    there = [] if info.type == pafs.FileType.NotFound else [found.path for found in within(filesystem, inner)]
    written = [path for path in there if is_data(path)]
    if written and not job["resume"]:
        raise Refused("FILE_EXISTS", f"{job['out']} holds {len(written)} files already.", "Go on with --resume, or name another place with --out.")
    record = f"{inner}/{RECORD}"
    now = record_of(job, data)
    if written:
        must_match(read_record(filesystem, record) if record in there else None, now, job["out"])
    filesystem.create_dir(inner, recursive=True)
    with filesystem.open_output_stream(record) as stream:
        stream.write(json.dumps(now).encode())
    done = {}
    for path in (path for path in written if path.endswith(".parquet")):
        try:
            table = pq.read_table(path, filesystem=filesystem, columns=[job["names"]["file"], job["names"]["row"]])
        except Exception:
            filesystem.delete_file(path)
            continue
        files, rows = np.asarray(table[0].to_pylist(), dtype=object), table[1].to_numpy()
        for name in set(files):
            done.setdefault(name, []).append(rows[files == name])
    return {name: intervals_of(np.concatenate(parts)) for name, parts in done.items()}, sum(sum(map(len, parts)) for parts in done.values())


def record_of(job, data):
    """What decides a result: the compiled explanation with how its inputs are fed, and the files of the data by size and time."""
    explanation = hashlib.sha256()
    with open(job["explanation"] or in_folder("explanation.onnx"), "rb") as file:
        for part in iter(lambda: file.read(1 << 20), b""):
            explanation.update(part)
    asked = json.dumps({key: job[key] for key in ("inputs", "outputs", "kept")}, sort_keys=True)
    explanation.update(asked.encode())
    return {"explanation": explanation.hexdigest(), "data": {info.path: [info.size, info.mtime_ns] for info in data}}


def read_record(filesystem, path):
    try:
        with filesystem.open_input_stream(path) as stream:
            record = json.loads(stream.read())
        return record if isinstance(record.get("explanation"), str) and isinstance(record.get("data"), dict) else None
    except ValueError:
        return None


def must_match(before, now, out):
    """Refuses to mix results of different questions. Files that came to the data since are explained with the others."""
    if before is None:
        raise Refused("FILE_EXISTS", f"{out} holds files, and nothing that says what they were made of.", "Name another place with --out.")
    changed = [path for path, made_of in before["data"].items() if now["data"].get(path) != made_of]
    other = (["the model or the request"] if before["explanation"] != now["explanation"] else []) + [f"the data ({path})" for path in changed[:3]]
    if other:
        raise Refused("OPTION_INVALID", f"The run in {out} can't be continued: {', '.join(other)} changed since it was begun.", "Ask as before, or name another place with --out.")
