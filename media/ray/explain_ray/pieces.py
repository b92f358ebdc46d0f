"""The data in pieces that can be read on their own: row groups of Parquet files, whole CSV files."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from .finished import covered, not_in
from .said import Refused
from .storage import columns_of, files_of, is_csv, open_csv, reach

ROWS_A_BLOCK = 16384


def columns_in(job, filesystem, path):
    """The columns to read, and those to keep: a row's name and true answer only where the data has them."""
    types = types_in(filesystem, path)
    needed = job["needed"] + [name for name in job["optional"] if name in types]
    return needed, {name: column for name, column in job["kept"].items() if name in needed}


def types_in(filesystem, path):
    try:
        return columns_of(filesystem, path)
    except Exception as error:
        raise Refused("SAMPLES_INVALID", f"{path} can't be read: {error}", "Parquet and CSV files can be explained on Ray.")


def pieces_of(job, filesystem, files, done):
    """The pieces that are not done, each with the number of its first row in the file, and the number of all rows; None where nobody knows it."""
    pieces, total, first_types = [], 0, None
    for path in (info.path for info in files):
        first_types = checked(path, types_in(filesystem, path), first_types, job["needed"])
        finished = done.get(path, [])
        if is_csv(path):
            total = None
            pieces.append({"path": path, "group": -1, "first": 0})
            continue
        metadata = pq.read_metadata(path, filesystem=filesystem)
        first = 0
        for group in range(metadata.num_row_groups):
            rows = metadata.row_group(group).num_rows
            if not covered(finished, first, first + rows):
                pieces.append({"path": path, "group": group, "first": first})
            first += rows
        if total is not None:
            total += metadata.num_rows
    return pieces, total


def checked(path, types, first_types, wanted):
    """The types of the needed columns, which have to be those of the first file."""
    lost = [name for name in wanted if name not in types]
    if lost:
        raise Refused(
            "COLUMN_MISSING",
            f"{path} lacks the column{'s' if len(lost) > 1 else ''} {', '.join(lost)}. It has {', '.join(list(types)[:20])}.",
            "All files need the same columns." if first_types is not None else "Name the columns with --column INPUT=A,B.",
        )
    needed = {name: types[name] for name in wanted}
    if first_types is not None and needed != first_types:
        changed = [f"{name} is {needed[name]} and was {first_types[name]}" for name in needed if needed[name] != first_types[name]]
        raise Refused("SAMPLES_INVALID", f"The schema changes in {path}: {'; '.join(changed)}.", "Explain files of different kinds separately.")
    return needed


def read_piece(batch, job, done):
    """A piece as tables of its needed columns, with file and row beside them."""
    filesystem, _, _ = reach(job["data"])
    needed = list(job["needed"])
    for path, group, first in zip(batch["path"], batch["group"], batch["first"]):
        path, at = str(path), int(first)
        if int(group) < 0:
            # All as text: what a column holds must not depend on what the first block of a file happens to hold.
            source = open_csv(filesystem, path, 4 << 20, column_types={name: pa.string() for name in needed}, include_columns=needed, strings_can_be_null=True)
        else:
            source = pq.ParquetFile(filesystem.open_input_file(path)).iter_batches(ROWS_A_BLOCK, row_groups=[int(group)], columns=needed)
        finished = done.get(path, [])
        for part in source:
            table = pa.Table.from_batches([part]).select(needed)
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
