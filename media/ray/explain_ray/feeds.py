"""Rows of a table as the model's inputs."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .folder import in_folder

_tokenizers = {}


def feeds_of(table, job):
    """The model's inputs of a table's rows, and by row why it can't be explained."""
    count = table.num_rows
    reasons = [None] * count
    feeds = {}

    def refuse(bad, why):
        for row in np.nonzero(bad)[0]:
            reasons[row] = reasons[row] or why

    for name, given in job["inputs"].items():
        if given["kind"] != "mask":
            shape, dtype = [count] + given["dims"], np.dtype(given["dtype"])
            feeds[name] = _READERS[given["kind"]](table, given, dtype, refuse).astype(dtype, copy=False).reshape(shape)
    for name, given in job["inputs"].items():
        if given["kind"] == "mask":
            feeds[name] = (feeds[given["from"]] != given["pad"]).astype(np.dtype(given["dtype"]))
    return feeds, reasons


def token_names(ids):
    return [_tokenizers["one"].id_to_token(int(i)) for i in ids]


def _columns(table, given, dtype, refuse):
    parts = []
    for column in given["columns"]:
        values, lost = _numbers(table[column])
        refuse(lost, f"{column} holds no number")
        parts.append(np.nan_to_num(values, nan=0.0) if dtype.kind in "iu" else values)
    return np.stack(parts, axis=1)


def _cell(table, given, dtype, refuse):
    size = int(np.prod(given["dims"])) if given["dims"] else 1
    whole = np.zeros((table.num_rows, size), dtype)
    for row, value in enumerate(table[given["columns"][0]].to_pylist()):
        try:
            flat = np.asarray(json.loads(value) if isinstance(value, str) else value, dtype=dtype).ravel()
            if flat.size != size:
                raise ValueError(f"has {flat.size} numbers, not {size}")
            whole[row] = flat
        except Exception as error:
            refuse(np.arange(table.num_rows) == row, f"{given['columns'][0]}: {error}")
    return whole


def _text(table, given, dtype, refuse):
    (column,), length = given["columns"], given["dims"][-1]
    ids = _tokens([text or "" for text in table[column].to_pylist()], given)
    refuse([i is None for i in ids], f"{column} has {'other than' if given.get('exact') else 'more than'} {length} tokens")
    return np.asarray([i if i is not None else [given["pad"]] * length for i in ids], dtype)


def _constant(table, given, dtype, refuse):
    shape = [table.num_rows] + given["dims"]
    return np.broadcast_to(np.asarray(given["value"], dtype).reshape([1] + given["dims"]), shape).copy()


_READERS = {"columns": _columns, "cell": _cell, "text": _text, "constant": _constant}


def _numbers(column):
    """A column of numbers, or of text that says numbers, and which of its rows hold none."""
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        trimmed = pc.utf8_trim_whitespace(column)
        try:
            column = pc.cast(trimmed, pa.float64())
        except pa.ArrowInvalid:
            column = pa.array([_number(text) for text in trimmed.to_pylist()], pa.float64())
    values = column.cast(pa.float64()).to_numpy(zero_copy_only=False)
    return values, np.isnan(values) & np.asarray(column.is_null())


def _number(text):
    try:
        return float(text)
    except (TypeError, ValueError):
        return None


def _tokens(texts, given):
    """Ids of texts, padded to the length that the explanation has; None for a text that does not fit."""
    from tokenizers import Tokenizer

    if "one" not in _tokenizers:
        tokenizer = Tokenizer.from_file(in_folder("tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        _tokenizers["one"] = tokenizer
    length, pad, left = given["dims"][-1], given["pad"], given["left"]
    exact = given.get("exact", False)
    result = []
    for encoding in _tokenizers["one"].encode_batch(texts):
        ids = encoding.ids
        fill = [pad] * (length - len(ids))
        result.append(None if len(ids) > length or (exact and fill) else fill + ids if left else ids + fill)
    return result
