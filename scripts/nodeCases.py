"""Packs ONNX's operator conformance cases into test/fixtures/onnx-node/cases.zip.

    pip install onnx==1.23.2
    python scripts/nodeCases.py OUT.zip [FOLDER]

Takes the cases that the installed `onnx` package defines (newest forms) and, from FOLDER (`onnx/backend/test/data/node` of an older release,
such as the wheel of 1.14.1), those whose operator has another version today. Left out: cases above LIMIT bytes, values at the border that are
no tensors or of types below a byte, opsets that ONNX Runtime 1.30 does not load, and training.
"""

import os
import sys
import zipfile

import numpy as np
import onnx
from onnx import defs, numpy_helper

LIMIT = 5000
NEWEST_OPSET = 26
PLAIN = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 16}


def wanted(model):
    if any(o.domain == "ai.onnx.preview.training" or (o.domain in ("", "ai.onnx") and o.version > NEWEST_OPSET) for o in model.opset_import):
        return False
    values = list(model.graph.input) + list(model.graph.output)
    return all(v.type.WhichOneof("value") == "tensor_type" and v.type.tensor_type.elem_type in PLAIN for v in values)


def current():
    from onnx.backend.test.case.node import collect_testcases

    for case in collect_testcases(None):
        if not wanted(case.model):
            continue
        inputs, outputs = case.data_sets[0]
        files = {"model.onnx": case.model.SerializeToString()}
        for kind, values, infos in (("input", inputs, case.model.graph.input), ("output", outputs, case.model.graph.output)):
            for i, (value, info) in enumerate(zip(values, infos)):
                proto = value if isinstance(value, onnx.TensorProto) else numpy_helper.from_array(np.asarray(value), info.name)
                files[f"{kind}_{i}.pb"] = proto.SerializeToString()
        yield case.name.removeprefix("test_"), files


def changed(model):
    """Whether an operator of the model has another version in the installed package."""
    for node in model.graph.node:
        if node.domain not in ("", "ai.onnx"):
            continue
        version = next(o.version for o in model.opset_import if o.domain in ("", "ai.onnx"))
        if not defs.has(node.op_type) or defs.get_schema(node.op_type, version).since_version < defs.get_schema(node.op_type).since_version:
            return True
    return False


def older(folder):
    for name in sorted(os.listdir(folder)):
        model = onnx.load(os.path.join(folder, name, "model.onnx"), load_external_data=False)
        data = os.path.join(folder, name, "test_data_set_0")
        if name.endswith("_expanded") or not os.path.isdir(data) or not wanted(model) or not changed(model):
            continue
        files = {"model.onnx": model.SerializeToString()}
        for file in sorted(os.listdir(data)):
            with open(os.path.join(data, file), "rb") as f:
                files[file] = f.read()
        yield f"{name.removeprefix('test_')}_old", files


def main(out, *folders):
    taken = set()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
        for source in (current(), *map(older, folders)):
            for name, files in source:
                if name in taken or sum(map(len, files.values())) > LIMIT:
                    continue
                taken.add(name)
                for file, content in sorted(files.items()):
                    # A fixed date: the same cases give the same bytes.
                    z.writestr(zipfile.ZipInfo(f"{name}/{file}", (2020, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED, 9)
    print(f"{len(taken)} cases, {os.path.getsize(out)} bytes")


main(*sys.argv[1:])
