"""The packages of the nodes, and the Python that has them."""

import importlib
import os
import sys

from .folder import in_folder

PACKAGES = ("ray.data", "pyarrow", "numpy", "onnxruntime")
INSTALL = 'On every node: pip install "ray[data]" onnxruntime pyarrow numpy (and tokenizers for texts).'
SECONDS_FOR_A_PROBE = 60


def missing_packages():
    missing = {}
    for name in PACKAGES + (("tokenizers",) if os.path.exists(in_folder("tokenizer.json")) else ()):
        try:
            importlib.import_module(name)
        except Exception as error:
            missing[name] = str(error)
    return missing


def run_by_the_python_of_ray():
    """Starts the driver again with the Python that runs Ray, where the `python` of the path is another one (an environment that nobody activated)."""
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
            os.execv(python, [python, os.path.abspath(sys.argv[0])])
        return


def probe_nodes():
    """The packages that alive nodes lack, by package, and how many nodes there are."""
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
