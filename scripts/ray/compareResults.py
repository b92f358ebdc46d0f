"""Holds the result of a cluster to that of one machine: the same rows, each credit within 1e-5 of its row's largest. Prints a line of JSON."""

import json
import sys

import numpy as np
import pyarrow.parquet as pq

here, there = pq.read_table(sys.argv[1]), pq.read_table(sys.argv[2])
names = [name for name in here.column_names if name not in ("row", "file", "reason")]
lost = [name for name in names if name not in there.column_names]
credits = [name for name in names if "." in name and not name.startswith("prediction.")]
order = [np.argsort(np.asarray(table["id"].to_pylist(), dtype=object)) for table in (here, there)]
ids = [np.asarray(table["id"].to_pylist(), dtype=object)[o] for table, o in zip((here, there), order)]
same = len(ids[0]) == len(ids[1]) and bool((ids[0] == ids[1]).all())
worst = wrong = None
if same and not lost:
    a, b = [np.stack([table[name].to_numpy().astype(np.float64)[o] for name in credits], axis=1) for table, o in zip((here, there), order)]
    worst = float((np.abs(a - b).max(axis=1) / np.abs(a).max(axis=1)).max())
    words = [[np.asarray(table[name].to_pylist(), dtype=object)[o] for name in ("prediction", "target")] for table, o in zip((here, there), order)]
    wrong = int(sum((p != q).sum() for p, q in zip(*words)))
print(json.dumps({"rows": [len(i) for i in ids], "sameRows": same, "lostColumns": lost, "largestDeviation": worst, "otherWords": wrong}))
