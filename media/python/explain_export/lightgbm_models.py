"""LightGBM models saved as text, through onnxmltools."""

import math
import warnings

from .failure import Failure, failure_of
from .names import keep_names
from .sklearn_models import number, plain

ROWS = 8


def export(request, channel):
    file = request["file"]
    try:
        import lightgbm
        import numpy
        from onnxmltools.convert import convert_lightgbm
        from onnxmltools.convert.common.data_types import FloatTensorType
    except Exception as error:
        raise failure_of("importFailed", error, None) from error
    try:
        booster = lightgbm.Booster(model_file=file)
    except Exception as error:
        raise failure_of("notABooster", error, None, subject=file) from error
    names = booster.feature_name()
    if not names:
        raise Failure("notABooster", subject=file)
    given = any(name != "Column_%d" % i for i, name in enumerate(names))
    reply = channel.ask({"table": {"columns": names if given else None, "width": len(names)}})
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made = convert_lightgbm(booster, initial_types=[("X", FloatTensorType([None, len(names)]))], zipmap=False)
    except Exception as error:
        raise failure_of("exportFailed", error, None) from error
    if given:
        keep_names(made, names)
    try:
        with open(request["out"], "wb") as target:
            target.write(made.SerializeToString())
    except OSError as error:
        raise failure_of("notWritten", error, None, subject=request["out"]) from error
    rows = (reply.get("rows") or [])[:ROWS]
    if not rows:
        return {"notes": []}
    table = numpy.array([[number(cell) for cell in row] for row in rows], dtype=numpy.float32)
    said = numpy.asarray(booster.predict(table), dtype=numpy.float64)
    outputs = [one.name for one in made.graph.output]
    if len(outputs) == 2 and said.ndim == 1:
        # Of two classes LightGBM says the second one's probability.
        said = numpy.stack([1 - said, said], axis=1)
    scores = said.reshape(len(rows), -1)
    found = {"dtype": "float64", "dims": list(scores.shape), "data": [one if math.isfinite(one) else None for one in scores.reshape(-1).tolist()]}
    feeds = {"X": {"dtype": "float32", "dims": list(table.shape), "data": plain(table)}}
    return {"notes": [], "prediction": {"inputs": feeds, "outputs": [None, found] if len(outputs) == 2 else [found]}}
