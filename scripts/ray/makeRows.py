"""Rows like those of a CSV file, each a row of it with its numbers moved a little, as a Parquet file with an id column."""

import csv
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

source, out, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
with open(source, encoding="utf-8", newline="") as file:
    header, *rows = list(csv.reader(file))
names = header[:-1]
values = np.array([[float(cell) for cell in row[:-1]] for row in rows])
random = np.random.default_rng(1)
picked = values[random.integers(0, len(values), count)] * (1 + 0.1 * random.standard_normal((count, len(names))))
table = {"id": [f"row {i}" for i in range(count)], **{name: picked[:, i].astype(np.float32) for i, name in enumerate(names)}}
pq.write_table(pa.table(table), out, row_group_size=50_000)
