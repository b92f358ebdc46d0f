"""Explains a data set on a Ray cluster: reads Parquet or CSV, runs a compiled explanation on every row with ONNX Runtime, writes Parquet.

Started by `explain-prediction batch … --engine ray` as a Ray job in a folder that holds this file, the package explain_ray, job.json and, unless job.json names
another place, explanation.onnx. It needs ray[data], onnxruntime, pyarrow and numpy on every node. What it has to say to the program that started it are lines of
standard output that begin with "explain-prediction " and go on with JSON.
"""

import sys

from explain_ray.job import main

if __name__ == "__main__":
    sys.exit(main())
