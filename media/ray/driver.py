"""Explains a data set on a Ray cluster: reads Parquet or CSV, runs a compiled explanation on every row with ONNX Runtime, writes Parquet.

Started by `explain-prediction batch … --engine ray` as a Ray job in a folder that holds this file, job.json and, unless job.json names
another place, explanation.onnx. It needs ray[data], onnxruntime, pyarrow and numpy on every node. What it has to say to the program that
started it are lines of standard output that begin with "explain-prediction " and go on with JSON.
"""

import json
import os
import sys
import threading
import time

PACKAGES = ("ray.data", "pyarrow", "numpy", "onnxruntime")
ROWS_A_BLOCK = 16384
INSTALL = 'On every node: pip install "ray[data]" onnxruntime pyarrow numpy (and tokenizers for texts).'
SECONDS_BETWEEN_REPORTS = 2
SECONDS_FOR_A_PROBE = 60
HERE = os.path.dirname(os.path.abspath(__file__))


def say(kind, **content):
    print("explain-prediction " + json.dumps({"kind": kind, **content}), flush=True)


class Refused(Exception):
    """Something that the person who asked can change: a code, what was found, what to do."""

    def __init__(self, code, message, hint=None):
        super().__init__(message)
        self.code, self.hint = code, hint


def missing_packages():
    import importlib

    missing = {}
    for name in PACKAGES + (("tokenizers",) if os.path.exists(os.path.join(HERE, "tokenizer.json")) else ()):
        try:
            importlib.import_module(name)
        except Exception as error:
            missing[name] = str(error)
    return missing


def run_by_the_python_of_ray():
    """Starts this file again with the Python that runs Ray, where the `python` of the path is another one (an environment that nobody activated)."""
    process = os.getppid()
    for _ in range(6):
        try:
            with open(f"/proc/{process}/maps", encoding="utf-8", errors="replace") as maps:
                loaded = next((line.split(maxsplit=5)[5].strip() for line in maps if line.rstrip().endswith("/ray/_raylet.so")), None)
            with open(f"/proc/{process}/stat", encoding="utf-8", errors="replace") as stat:
                process = int(stat.read().rsplit(")", 1)[1].split()[1])
        except (OSError, ValueError, IndexError):
            return
        if loaded is None:
            continue
        python = os.path.join(loaded.split("/lib/python")[0], "bin", "python")
        if os.path.exists(python) and os.environ.get("EXPLAIN_PREDICTION_PYTHON") != python:
            os.environ["EXPLAIN_PREDICTION_PYTHON"] = python
            os.execv(python, [python, os.path.abspath(__file__)])
        return


# ---- reading ----------------------------------------------------------------------------------------------------------------------


def files_of(path):
    """The file system and the files of a path: itself, or what lies in the folder; names that begin with . or _ are not data."""
    import pyarrow.fs as pafs

    try:
        if "://" in path:
            filesystem, inner = pafs.FileSystem.from_uri(path)
        else:
            filesystem, inner = pafs.LocalFileSystem(), os.path.abspath(path)
        info = filesystem.get_file_info(inner)
    except Exception as error:
        raise Refused("FILE_NOT_FOUND", f"The cluster can't read {path}: {error}", "Name the data as the nodes of the cluster see it.")
    if info.type == pafs.FileType.File:
        return filesystem, [inner]
    if info.type == pafs.FileType.NotFound:
        raise Refused("FILE_NOT_FOUND", f"The cluster sees no {path}.", "Name the data as the nodes of the cluster see it: a shared folder, or an address such as s3://….")
    found = filesystem.get_file_info(pafs.FileSelector(inner, recursive=True))
    files = sorted(f.path for f in found if f.type == pafs.FileType.File and not os.path.basename(f.path).startswith((".", "_")))
    if not files:
        raise Refused("SAMPLES_EMPTY", f"There is no file in {path}.")
    return filesystem, files


def is_csv(path):
    return path.lower().endswith((".csv", ".tsv", ".csv.gz", ".tsv.gz"))


def open_csv(filesystem, path, job):
    import pyarrow as pa
    import pyarrow.csv as pacsv

    # All as text: what a column holds must not depend on what the first block of a file happens to hold.
    delimiter = "\t" if ".tsv" in path.lower() else ","
    return pacsv.open_csv(
        filesystem.open_input_stream(path),
        read_options=pacsv.ReadOptions(block_size=4 << 20),
        parse_options=pacsv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
        convert_options=pacsv.ConvertOptions(column_types={name: pa.string() for name in job["needed"]}, include_columns=list(job["needed"]), strings_can_be_null=True),
    )


def columns_of(filesystem, path):
    """Names (and of Parquet types) of a file's columns."""
    import pyarrow.csv as pacsv
    import pyarrow.parquet as pq

    if not is_csv(path):
        return {field.name: str(field.type) for field in pq.read_schema(path, filesystem=filesystem)}
    delimiter = "\t" if ".tsv" in path.lower() else ","
    with filesystem.open_input_stream(path) as stream:
        reader = pacsv.open_csv(stream, parse_options=pacsv.ParseOptions(delimiter=delimiter, newlines_in_values=True), read_options=pacsv.ReadOptions(block_size=1 << 20))
        return {field.name: "csv" for field in reader.schema}


def pieces_of(job, done):
    """What can be read on its own: row groups of Parquet files, whole CSV files; each knows the number of its first row in the file."""
    import pyarrow.parquet as pq

    filesystem, files = files_of(job["data"])
    pieces, total, first_types = [], 0, None
    for path in files:
        try:
            types = columns_of(filesystem, path)
        except Exception as error:
            raise Refused("SAMPLES_INVALID", f"{path} can't be read: {error}", "Parquet and CSV files can be explained on Ray.")
        lost = [name for name in job["needed"] if name not in types]
        if lost:
            raise Refused(
                "COLUMN_MISSING",
                f"{path} lacks the column{'s' if len(lost) > 1 else ''} {', '.join(lost)}. It has {', '.join(list(types)[:20])}.",
                "All files need the same columns." if first_types is not None else "Name the columns with --column INPUT=A,B.",
            )
        needed = {name: types[name] for name in job["needed"]}
        if first_types is not None and needed != first_types:
            changed = [f"{name} is {needed[name]} and was {first_types[name]}" for name in needed if needed[name] != first_types[name]]
            raise Refused("SAMPLES_INVALID", f"The schema changes in {path}: {'; '.join(changed)}.", "Explain files of different kinds separately.")
        first_types = needed
        finished = done.get(path, [])
        if is_csv(path):
            total = None
            pieces.append({"path": path, "group": -1, "first": 0, "rows": -1})
            continue
        metadata = pq.read_metadata(path, filesystem=filesystem)
        first = 0
        for group in range(metadata.num_row_groups):
            rows = metadata.row_group(group).num_rows
            if not covered(finished, first, first + rows):
                pieces.append({"path": path, "group": group, "first": first, "rows": rows})
            first += rows
        if total is not None:
            total += metadata.num_rows
    return pieces, total, len(files)


def read_piece(batch, job, done):
    """A piece as tables of its needed columns, with file and row beside them."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    filesystem, _ = files_of(job["data"])
    for path, group, first in zip(batch["path"], batch["group"], batch["first"]):
        path, at = str(path), int(first)
        if int(group) < 0:
            source = open_csv(filesystem, path, job)
        else:
            source = pq.ParquetFile(filesystem.open_input_file(path)).iter_batches(ROWS_A_BLOCK, row_groups=[int(group)], columns=list(job["needed"]))
        finished = done.get(path, [])
        for part in source:
            table = pa.Table.from_batches([part]).select(list(job["needed"]))
            rows = np.arange(at, at + table.num_rows, dtype=np.int64)
            at += table.num_rows
            table = table.append_column("__row", pa.array(rows)).append_column("__file", pa.array([path] * table.num_rows))
            for start in range(0, table.num_rows, ROWS_A_BLOCK):
                piece = table.slice(start, ROWS_A_BLOCK)
                left = not_in(rows[start : start + ROWS_A_BLOCK], finished)
                if left is not None:
                    piece = piece.take(pa.array(left))
                if piece.num_rows:
                    yield piece


# ---- what is there already --------------------------------------------------------------------------------------------------------


def covered(intervals, start, end):
    return any(a <= start and end <= b for a, b in intervals)


def not_in(rows, intervals):
    """Positions of the rows that lie in no interval; None when all do."""
    import numpy as np

    keep = np.ones(len(rows), dtype=bool)
    for a, b in intervals:
        keep &= (rows < a) | (rows >= b)
    return None if keep.all() else np.nonzero(keep)[0]


def finished_rows(job):
    """By file, the rows that an earlier run wrote, as intervals; files that it left half-written are removed."""
    import numpy as np
    import pyarrow.fs as pafs
    import pyarrow.parquet as pq

    if "://" in job["out"]:
        filesystem, inner = pafs.FileSystem.from_uri(job["out"])
    else:
        filesystem, inner = pafs.LocalFileSystem(), os.path.abspath(job["out"])
    info = filesystem.get_file_info(inner)
    if info.type == pafs.FileType.File:
        raise Refused("FILE_EXISTS", f"{job['out']} is a file; on Ray the result is a folder of Parquet files.", "Name another place with --out.")
    written = [] if info.type == pafs.FileType.NotFound else [f.path for f in filesystem.get_file_info(pafs.FileSelector(inner, recursive=True)) if f.type == pafs.FileType.File]
    if written and not job["resume"]:
        raise Refused("FILE_EXISTS", f"{job['out']} holds {len(written)} files already.", "Go on with --resume, or name another place with --out.")
    done = {}
    for path in written:
        try:
            table = pq.read_table(path, filesystem=filesystem, columns=[job["names"]["file"], job["names"]["row"]])
        except Exception:
            filesystem.delete_file(path)
            continue
        files, rows = np.asarray(table[0].to_pylist(), dtype=object), table[1].to_numpy()
        for name in set(files):
            done.setdefault(name, []).append(rows[files == name])
    return {name: intervals_of(np.concatenate(parts)) for name, parts in done.items()}, sum(sum(map(len, parts)) for parts in done.values())


def intervals_of(rows):
    import numpy as np

    rows = np.unique(rows)
    breaks = np.nonzero(np.diff(rows) > 1)[0]
    starts = np.concatenate([rows[:1], rows[breaks + 1]])
    ends = np.concatenate([rows[breaks], rows[-1:]]) + 1
    return [(int(a), int(b)) for a, b in zip(starts, ends)]


# ---- explaining -------------------------------------------------------------------------------------------------------------------

_sessions = {}


def session_of(job):
    """One session a process: Ray keeps its workers, so a model is loaded once in each."""
    import onnxruntime as ort

    path = job["explanation"] or os.path.join(HERE, "explanation.onnx")
    if path not in _sessions:
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        _sessions[path] = ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    return _sessions[path]


def numbers(column):
    """A column of numbers, or of text that says numbers, and which of its rows hold none."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

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


_tokenizers = {}


def tokens(texts, given):
    """Ids of texts, padded to the length that the explanation has; None for a text that does not fit."""
    from tokenizers import Tokenizer

    if "one" not in _tokenizers:
        tokenizer = Tokenizer.from_file(os.path.join(HERE, "tokenizer.json"))
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


def feeds_of(table, job):
    """The model's inputs of a table's rows, and by row why it can't be explained."""
    import numpy as np

    count = table.num_rows
    reasons = [None] * count
    feeds = {}

    def refuse(bad, why):
        for row in np.nonzero(bad)[0]:
            reasons[row] = reasons[row] or why

    for name, given in job["inputs"].items():
        shape, dtype = [count] + given["dims"], np.dtype(given["dtype"])
        if given["kind"] == "columns":
            parts = []
            for column in given["columns"]:
                values, lost = numbers(table[column])
                refuse(lost, f"{column} holds no number")
                parts.append(np.nan_to_num(values, nan=0.0) if dtype.kind in "iu" else values)
            feeds[name] = np.stack(parts, axis=1).astype(dtype).reshape(shape)
        elif given["kind"] == "cell":
            size = int(np.prod(given["dims"])) if given["dims"] else 1
            whole = np.zeros((count, size), dtype)
            for row, value in enumerate(table[given["columns"][0]].to_pylist()):
                try:
                    flat = np.asarray(json.loads(value) if isinstance(value, str) else value, dtype=dtype).ravel()
                    if flat.size != size:
                        raise ValueError(f"has {flat.size} numbers, not {size}")
                    whole[row] = flat
                except Exception as error:
                    reasons[row] = reasons[row] or f"{given['columns'][0]}: {error}"
            feeds[name] = whole.reshape(shape)
        elif given["kind"] == "text":
            column = table[given["columns"][0]].to_pylist()
            ids = tokens([text or "" for text in column], given)
            refuse([i is None for i in ids], f"{given['columns'][0]} has {'other than' if given.get('exact') else 'more than'} {given['dims'][-1]} tokens")
            feeds[name] = np.asarray([i if i is not None else [given["pad"]] * given["dims"][-1] for i in ids], dtype).reshape(shape)
        elif given["kind"] == "constant":
            feeds[name] = np.broadcast_to(np.asarray(given["value"], dtype).reshape([1] + given["dims"]), shape).copy()
    for name, given in job["inputs"].items():
        if given["kind"] == "mask":
            feeds[name] = (feeds[given["from"]] != given["pad"]).astype(np.dtype(given["dtype"]))
    return feeds, reasons


def listed(values, feeds, job, output):
    """Credits of each row as one JSON list, and the names of what they belong to: a text's tokens, padding left out."""
    import numpy as np

    numbers = [[float(np.format_float_positional(v, unique=True)) for v in row] for row in values.astype(np.float32)]
    source = output.get("tokens")
    if source is None:
        return ["[]"] * len(numbers), [json.dumps(row) for row in numbers]
    given, tokenizer = job["inputs"][source], _tokenizers["one"]
    names, kept = [], []
    for ids, row in zip(feeds[source].reshape(len(numbers), -1), numbers):
        real = ids != given["pad"]
        names.append(json.dumps([tokenizer.id_to_token(int(i)) for i in ids[real]], ensure_ascii=False))
        kept.append(json.dumps([v for v, keep in zip(row, real) if keep]))
    return names, kept


def explain(table, job, counter):
    """The rows of a table with what the compiled explanation says of them."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    session = session_of(job)
    wanted = sorted({output["output"] for output in job["outputs"]})
    feeds, reasons = feeds_of(table, job)
    parts = {name: [] for name in wanted}
    step = max(1, job["rowsPerRun"])
    for start in range(0, table.num_rows, step):
        found = session.run(wanted, {name: values[start : start + step] for name, values in feeds.items()})
        rows = min(step, table.num_rows - start)
        for name, values in zip(wanted, found):
            parts[name].append(np.asarray(values).reshape(rows, -1))
    results = {name: np.concatenate(values) if values else np.zeros((0, 0)) for name, values in parts.items()}
    columns, names = [], []

    def give(name, values):
        names.append(name)
        columns.append(values)

    give(job["names"]["row"], table["__row"].combine_chunks())
    for column, name in job["kept"].items():
        give(name, pc.cast(table[column].combine_chunks(), pa.string()))
    bad = np.asarray([reason is not None for reason in reasons], dtype=bool)
    for output in job["outputs"]:
        values = results[output["output"]]
        if output["kind"] == "number":
            for k, column in enumerate(output["columns"]):
                give(column, pa.array(np.ascontiguousarray(values[:, k]), mask=bad))
        elif output["kind"] == "list":
            elements, lists = listed(values, feeds, job, output)
            give(output["columns"][0], pa.array(elements, pa.string(), mask=bad))
            give(output["columns"][1], pa.array(lists, pa.string(), mask=bad))
        else:
            picked = values.argmax(axis=1) if output["kind"] == "best" else values[:, 0].astype(np.int64)
            give(output["columns"][0], pa.DictionaryArray.from_arrays(pa.array(picked, mask=bad), pa.array(output["names"], pa.string())).dictionary_decode())
    give(job["names"]["file"], table["__file"].combine_chunks())
    give(job["names"]["reason"], pa.array(reasons, pa.string()))
    try:
        counter.add.remote(table.num_rows, int(bad.sum()))
    except Exception:
        pass  # Progress is for people; the result does not depend on it.
    return pa.Table.from_arrays(columns, names=names)


# ---- the job ----------------------------------------------------------------------------------------------------------------------


def probe_nodes():
    """The packages that alive nodes lack, by package."""
    import ray
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    nodes = [node for node in ray.nodes() if node["Alive"]]
    probe = ray.remote(num_cpus=0, max_retries=0)(missing_packages)
    asked = {probe.options(scheduling_strategy=NodeAffinitySchedulingStrategy(node["NodeID"], soft=False)).remote(): node["NodeManagerAddress"] for node in nodes}
    ready, _ = ray.wait(list(asked), num_returns=len(asked), timeout=SECONDS_FOR_A_PROBE)
    lacking = {}
    for reference in ready:
        try:
            found = ray.get(reference)
        except Exception:
            continue  # A node that went away meanwhile lacks nothing.
        for name in found:
            lacking.setdefault(name, []).append(asked[reference])
    return lacking, len(nodes)


def counting_actor():
    import ray
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    @ray.remote(num_cpus=0)
    class Counter:
        def __init__(self):
            self.rows = self.bad = 0

        def add(self, rows, bad):
            self.rows += rows
            self.bad += bad

        def read(self):
            return self.rows, self.bad

    here = NodeAffinitySchedulingStrategy(ray.get_runtime_context().get_node_id(), soft=False)
    return Counter.options(scheduling_strategy=here).remote()


def report(counter, total, before, stop):
    import ray

    began = time.time()
    while not stop.wait(SECONDS_BETWEEN_REPORTS):
        try:
            rows, _ = ray.get(counter.read.remote(), timeout=10)
        except Exception:
            continue
        # Rows of a node that was lost are explained, and counted, again.
        say("progress", rows=before + rows if total is None else min(before + rows, total), total=total, seconds=round(time.time() - began, 1))


def main():
    missing = missing_packages()
    if "ray.data" in missing:
        run_by_the_python_of_ray()
    if missing:
        instead = " If Ray lives in another environment, start it with that one activated." if "ray.data" in missing else ""
        raise Refused("RAY_PACKAGES", f"The Python that jobs of the cluster run with ({sys.executable}) lacks {', '.join(missing)}.", INSTALL + instead)
    import ray

    with open(os.path.join(HERE, "job.json"), encoding="utf-8") as file:
        job = json.load(file)
    ray.init(log_to_driver=False)
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    # Small blocks: a lost one costs little to compute again, and work spreads evenly.
    context.target_max_block_size = 4 << 20
    lacking, nodes = probe_nodes()
    if lacking:
        where = "; ".join(f"{name} on {', '.join(sorted(set(addresses)))}" for name, addresses in lacking.items())
        raise Refused("RAY_PACKAGES", f"Nodes of the cluster lack packages: {where}.", INSTALL)
    done, before = finished_rows(job)
    pieces, total, files = pieces_of(job, done)
    say("started", nodes=nodes, files=files, pieces=len(pieces), total=total, done=before)
    began = time.time()
    counter, stop = counting_actor(), threading.Event()
    if pieces:
        reporter = threading.Thread(target=report, args=(counter, total, before, stop), daemon=True)
        reporter.start()
        known = ray.put(done)

        def read(batch):
            yield from read_piece(batch, job, ray.get(known) if done else {})

        def explained(table):
            return explain(table, job, counter)

        try:
            data = ray.data.from_items(pieces, override_num_blocks=len(pieces))
            data = data.map_batches(read, batch_size=1, num_cpus=0.5)
            data = data.map_batches(explained, batch_size=None, batch_format="pyarrow", num_cpus=1)
            data.write_parquet(job["out"])
        finally:
            stop.set()
    rows, bad = ray.get(counter.read.remote())
    say("finished", rows=before + rows if total is None else total, explained=rows, rejected=bad, seconds=round(time.time() - began, 2), nodes=nodes)


def causes(error):
    """Everything that an error and what lies behind it say."""
    texts, seen = [], set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        texts.append(f"{type(error).__name__}: {error}")
        error = getattr(error, "cause", None) if isinstance(getattr(error, "cause", None), BaseException) else (error.__cause__ or error.__context__)
    return texts


if __name__ == "__main__":
    try:
        main()
    except Refused as refused:
        say("error", code=refused.code, message=str(refused), hint=refused.hint)
        sys.exit(3)
    except BaseException as error:
        texts = causes(error)
        whole = "\n".join(texts)
        last = texts[-1].replace("\\n", "\n").strip().splitlines()[0].split(": 'Failed to apply")[0][:300]
        if "No space left on device" in whole or "Disk quota exceeded" in whole or "OutOfDiskError" in whole:
            say("error", code="DISK_FULL", message=f"A disk of the cluster is full: {last}", hint="Make room where --out lies (or where Ray spills), then go on with --resume: what was written stays.")
        elif "ModuleNotFoundError" in whole:
            say("error", code="RAY_PACKAGES", message=f"A node of the cluster lacks a package: {last}", hint=INSTALL)
        else:
            say("error", code="RAY_FAILED", message=f"The job failed on the cluster: {last}", hint="Its log says more. What was written stays: go on with --resume.")
        sys.exit(1)
