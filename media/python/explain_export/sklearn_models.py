"""scikit-learn models, saved with joblib or pickle, through skl2onnx."""

import math
import os
import re
import sys
import warnings

from .failure import Failure, failure_of
from .names import keep_labels, keep_names, merge_columns

ROWS = 8


def export(request, channel):
    file = request["file"]
    model, notes = load(file, request)
    names = feature_names(model)
    width = len(names) if names is not None else getattr(model, "n_features_in_", None)
    if width is None:
        width = getattr(model, "n_features_", None)
    reply = channel.ask({"table": {"columns": names, "width": None if width is None else int(width)}})
    rows = reply.get("rows")
    if names is None and width is None and rows:
        width = len(rows[0])
    if width is None:
        raise Failure("widthUnknown", subject=file, reason=reply.get("reason"))
    words = text_columns(model, names, rows)
    made = convert(model, names, int(width), words, request)
    columns = made.pop("columns")
    prediction = predict(model, names, columns, rows) if rows and not request.get("rawScores") else None
    write(made["model"], names if columns is None else columns["numbers"], request)
    return {"notes": notes, **({} if prediction is None else {"prediction": prediction})}


def load(file, request):
    """The estimator of a file, and a note when it was saved by another version. Unpickling runs what the file says: the person agreed to it."""
    import joblib

    for path in [os.path.dirname(file), *request.get("roots", [])]:
        if path not in sys.path:
            sys.path.insert(0, path)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            loaded = joblib.load(file)
        except FileNotFoundError as error:
            raise failure_of("weightsUnreadable", error, None, subject=file) from error
        except ModuleNotFoundError as error:
            raise failure_of("moduleMissing", error, None, name=error.name, saved=saved_with(file), subject=file) from error
        except Exception as error:
            raise failure_of("notUnpickled", error, None, subject=file, saved=saved_with(file), here=sklearn_version()) from error
    other = next((re.search(r"from version ([\w.]+) when using version ([\w.]+)", str(one.message)) for one in caught if "from version" in str(one.message)), None)
    notes = [] if other is None else ["otherVersion " + other.group(1) + " " + other.group(2)]
    if isinstance(loaded, dict):
        estimators = [value for value in loaded.values() if hasattr(value, "predict")]
        loaded = estimators[0] if len(estimators) == 1 else loaded
    if not hasattr(loaded, "predict"):
        raise Failure("notAnEstimator", subject=file, type=type(loaded).__module__.split(".")[0] + "." + type(loaded).__name__)
    from sklearn.exceptions import NotFittedError
    from sklearn.utils.validation import check_is_fitted

    try:
        check_is_fitted(loaded)
    except NotFittedError:
        raise Failure("notFitted", subject=file, type=type(loaded).__name__) from None
    except Exception:  # pylint: disable=broad-except
        pass
    return loaded, notes


def sklearn_version():
    import sklearn

    return sklearn.__version__


def saved_with(file):
    """The version of scikit-learn that a pickle names, without loading it."""
    try:
        with open(file, "rb") as source:
            found = re.search(rb"_sklearn_version.{1,12}?(\d+\.\d+(?:\.\d+)?)", source.read(64 * 1024 * 1024), re.DOTALL)
    except OSError:
        return None
    return None if found is None else found.group(1).decode()


def feature_names(model):
    names = getattr(model, "feature_names_in_", None)
    if names is None and hasattr(model, "steps") and model.steps:
        names = getattr(model.steps[0][1], "feature_names_in_", None)
    return None if names is None else [str(name) for name in names]


def text_columns(model, names, rows):
    """Columns that hold words: as the samples show them, or as encoders have learnt them."""
    if names is None:
        return set()
    found = set()
    if rows:
        found = {name for i, name in enumerate(names) if any(isinstance(row[i], str) for row in rows)}
    for transformer, columns in column_transformers(model, names):
        for encoder in parts_of(transformer):
            categories = getattr(encoder, "categories_", None)
            if categories is not None and not isinstance(categories, str):
                found |= {name for name, known in zip(columns, categories) if getattr(known, "dtype", None) is not None and known.dtype.kind in "OUS"}
    return found


def parts_of(transformer):
    return [step for _, step in transformer.steps] if hasattr(transformer, "steps") else [transformer]


def column_transformers(model, names):
    """(transformer, names of its columns) of a ColumnTransformer at the beginning; of another first step all columns."""
    first = model.steps[0][1] if hasattr(model, "steps") and model.steps else model
    if not hasattr(first, "transformers_"):
        return [(first, names)]
    found = []
    for entry in first.transformers_:
        transformer, columns = entry[1], entry[2]
        if isinstance(transformer, str):
            continue
        if isinstance(columns, str):
            columns = [columns]
        try:
            listed = [one if isinstance(one, str) else names[int(one)] for one in columns]
        except (TypeError, ValueError, IndexError):
            continue
        found.append((transformer, listed))
    return found


def by_column(model, words):
    """Whether the converter has to be told of every column: where columns are chosen by name, or some hold words."""
    first = model.steps[0][1] if hasattr(model, "steps") and model.steps else model
    return bool(words) or hasattr(first, "transformers_")


def convert(model, names, width, words, request):
    try:
        import skl2onnx
        from skl2onnx.common.data_types import FloatTensorType, StringTensorType
    except Exception as error:
        raise failure_of("importFailed", error, None) from error
    register_boosters()
    separate = names is not None and by_column(model, words)
    types = [(name, StringTensorType([None, 1]) if name in words else FloatTensorType([None, 1])) for name in names] if separate else [("X", FloatTensorType([None, width]))]
    last = last_step(model)
    options = {}
    if hasattr(model, "classes_"):
        options[id(model)] = {"zipmap": False}
        if request.get("rawScores"):
            options[id(last)] = {"zipmap": False, "raw_scores": True}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made = converted(skl2onnx, model, types, options or None)
    except Exception as error:
        if request.get("rawScores") and re.search("raw_scores|decision_function", str(error)):
            raise failure_of("noRawScores", error, None, maker=type(last).__name__) from error
        raise failure_of("exportFailed", error, None, maker=type(last).__name__) from error
    classes = getattr(model, "classes_", None)
    if classes is not None and getattr(classes, "ndim", 0) == 1:
        keep_labels(made, [str(one) for one in classes])
    columns = {"numbers": [name for name in names if name not in words], "words": [name for name in names if name in words]} if separate else None
    if columns is not None:
        merge_columns(made, columns["numbers"], "X")
    return {"model": made, "columns": columns}


def converted(skl2onnx, model, types, options):
    try:
        return skl2onnx.convert_sklearn(model, initial_types=types, options=options)
    except RuntimeError as error:
        # Converters of other packages know older operators only.
        if "target_opset" not in str(error):
            raise
        return skl2onnx.convert_sklearn(model, initial_types=types, options=options, target_opset={"": 15, "ai.onnx.ml": 3})


def last_step(model):
    return model.steps[-1][1] if hasattr(model, "steps") and model.steps else model


def register_boosters():
    """LightGBM's and XGBoost's estimators inside a pipeline, where their converters are installed."""
    try:
        from onnxmltools.convert.lightgbm.operator_converters.LightGbm import convert_lightgbm
        from skl2onnx import update_registered_converter
        from skl2onnx.common.shape_calculator import calculate_linear_classifier_output_shapes, calculate_linear_regressor_output_shapes
        from lightgbm import LGBMClassifier, LGBMRegressor
    except Exception:  # pylint: disable=broad-except
        return
    options = {"nocl": [True, False], "zipmap": [True, False, "columns"], "raw_scores": [True, False]}
    update_registered_converter(LGBMClassifier, "LightGbmLGBMClassifier", calculate_linear_classifier_output_shapes, convert_lightgbm, options=options)
    update_registered_converter(LGBMRegressor, "LightGbmLGBMRegressor", calculate_linear_regressor_output_shapes, convert_lightgbm, options={"split": None})


def predict(model, names, columns, rows):
    """A few samples and what Python's model says of them, as the file's inputs."""
    import numpy

    rows = rows[:ROWS]
    numeric = columns is None
    table = numpy.array([[number(cell) for cell in row] for row in rows], dtype=numpy.float32) if numeric else None
    try:
        if numeric:
            given = table if names is None else frame(names, table)
            feeds = {"X": {"dtype": "float32", "dims": list(table.shape), "data": plain(table)}}
        else:
            given = frame(names, [[cell if name in columns["words"] else number(cell) for name, cell in zip(names, row)] for row in rows])
            feeds = {}
            if columns["numbers"]:
                values = given[columns["numbers"]].to_numpy(dtype=numpy.float32)
                feeds["X"] = {"dtype": "float32", "dims": list(values.shape), "data": plain(values)}
            for name in columns["words"]:
                feeds[name] = {"dtype": "string", "dims": [len(rows), 1], "data": ["" if cell is None else str(cell) for cell in given[name]]}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            said = model.predict_proba(given) if hasattr(model, "predict_proba") else model.predict(given)
    except Exception:  # pylint: disable=broad-except
        # The check is left out; the model has been converted.
        return None
    scores = numpy.asarray(said)
    if scores.dtype.kind not in "fiu":
        return None
    scores = scores.reshape(len(rows), -1).astype(numpy.float64)
    found = {"dtype": "float64", "dims": list(scores.shape), "data": plain(scores)}
    return {"inputs": feeds, "outputs": [None, found] if hasattr(model, "predict_proba") else [found]}


def frame(names, rows):
    import pandas

    return pandas.DataFrame(rows, columns=names)


def number(cell):
    try:
        return float(cell)
    except (TypeError, ValueError):
        return math.nan


def plain(array):
    return [float(one) if math.isfinite(one) else None for one in array.reshape(-1)]


def write(made, names, request):
    if names is not None:
        keep_names(made, names)
    try:
        with open(request["out"], "wb") as target:
            target.write(made.SerializeToString())
    except OSError as error:
        raise failure_of("notWritten", error, None, subject=request["out"]) from error
