"""Runs a compiled explanation in Python's onnxruntime as it comes, on feeds given as JSON, and prints its outputs as JSON."""

import json
import sys

import numpy as np
import onnxruntime as ort

session = ort.InferenceSession(sys.argv[1])
types = {"tensor(float)": np.float32, "tensor(double)": np.float64, "tensor(int64)": np.int64, "tensor(int32)": np.int32, "tensor(bool)": np.bool_}
given = json.load(sys.stdin)
feeds = {i.name: np.asarray(given[i.name], types[i.type]).reshape([1 if isinstance(d, str) else d for d in i.shape]) for i in session.get_inputs()}
outputs = session.run(None, feeds)
print(json.dumps({o.name: np.asarray(value, np.float64).ravel().tolist() for o, value in zip(session.get_outputs(), outputs)}))
