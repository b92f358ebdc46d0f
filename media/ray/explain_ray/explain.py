"""Rows of a table explained."""

import json

import numpy as np
import onnxruntime as ort
import pyarrow as pa
import pyarrow.compute as pc

from .feeds import feeds_of, token_names
from .folder import in_folder

_sessions = {}


def explain(table, job, watch):
    """The rows of a table with what the compiled explanation says of them. `watch` is told of them."""
    feeds, reasons = feeds_of(table, job)
    results = _run(feeds, table.num_rows, job)
    for row in np.nonzero(~_finite(results, table.num_rows))[0]:
        reasons[row] = reasons[row] or "the model or its credits give NaN or infinity"
    bad = np.asarray([reason is not None for reason in reasons], dtype=bool)
    columns = {job["names"]["row"]: table["__row"].combine_chunks()}
    for column, name in job["kept"].items():
        columns[name] = pc.cast(table[column].combine_chunks(), pa.string())
    for output in job["outputs"]:
        columns.update(zip(output["columns"], _KINDS[output["kind"]](results[output["output"]], bad, output, feeds, job)))
    columns[job["names"]["file"]] = table["__file"].combine_chunks()
    columns[job["names"]["reason"]] = pa.array(reasons, pa.string())
    result = pa.table(columns)
    watch.explained(result, feeds, bad)
    return result


def _session(job):
    """One session a process: Ray keeps its workers, so a model is loaded once in each."""
    path = job["explanation"] or in_folder("explanation.onnx")
    if path not in _sessions:
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        _sessions[path] = ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    return _sessions[path]


def _run(feeds, count, job):
    """What the outputs say, each as a row a row."""
    session = _session(job)
    wanted = sorted({output["output"] for output in job["outputs"]})
    parts = {name: [] for name in wanted}
    step = max(1, job["rowsPerRun"])
    for start in range(0, count, step):
        found = session.run(wanted, {name: values[start : start + step] for name, values in feeds.items()})
        for name, values in zip(wanted, found):
            parts[name].append(np.asarray(values).reshape(min(step, count - start), -1))
    return {name: np.concatenate(values) if values else np.zeros((0, 0)) for name, values in parts.items()}


def _finite(results, count):
    """Which rows have numbers throughout."""
    finite = np.ones(count, dtype=bool)
    for values in results.values():
        if values.dtype.kind == "f":
            finite &= np.isfinite(values).all(axis=1)
    return finite


def _number(values, bad, output, feeds, job):
    return [pa.array(np.ascontiguousarray(values[:, k]), mask=bad) for k in range(len(output["columns"]))]


def _named(picked, bad, output):
    return [pa.DictionaryArray.from_arrays(pa.array(picked, mask=bad), pa.array(output["names"], pa.string())).dictionary_decode()]


def _best(values, bad, output, feeds, job):
    return _named(values.argmax(axis=1), bad, output)


def _name(values, bad, output, feeds, job):
    return _named(values[:, 0].astype(np.int64), bad, output)


def _list(values, bad, output, feeds, job):
    """Credits of each row as one JSON list, and the names of what they belong to: a text's tokens, padding left out."""
    numbers = [[float(np.format_float_positional(v, unique=True)) for v in row] for row in values.astype(np.float32)]
    source = output.get("tokens")
    names, kept = ["[]"] * len(numbers), [json.dumps(row) for row in numbers]
    if source is not None:
        real = feeds[source].reshape(len(numbers), -1) != job["inputs"][source]["pad"]
        ids = feeds[source].reshape(len(numbers), -1)
        names = [json.dumps(token_names(row[mask]), ensure_ascii=False) for row, mask in zip(ids, real)]
        kept = [json.dumps([v for v, keep in zip(row, mask) if keep]) for row, mask in zip(numbers, real)]
    return [pa.array(names, pa.string(), mask=bad), pa.array(kept, pa.string(), mask=bad)]


_KINDS = {"number": _number, "best": _best, "name": _name, "list": _list}
