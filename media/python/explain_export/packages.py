"""Which packages are there, without importing them."""

import importlib.util
import platform
import sys
from importlib import metadata

# By kind of model: the module's name and the name that pip knows it by.
NEEDED = {
    "python": [("torch", "torch"), ("onnx", "onnx"), ("onnxscript", "onnxscript")],
    "pt": [("torch", "torch"), ("onnx", "onnx"), ("onnxscript", "onnxscript")],
    "pt2": [("torch", "torch"), ("onnx", "onnx"), ("onnxscript", "onnxscript")],
    "sklearn": [("sklearn", "scikit-learn"), ("joblib", "joblib"), ("skl2onnx", "skl2onnx"), ("onnx", "onnx")],
    "lightgbm": [("lightgbm", "lightgbm"), ("onnxmltools", "onnxmltools"), ("skl2onnx", "skl2onnx"), ("onnx", "onnx")],
}


def python():
    return {"executable": sys.executable, "version": platform.python_version()}


def versions(kind):
    """pip's name -> version; None where a package is missing."""
    return {name: version(module, name) for module, name in NEEDED[kind]}


def version(module, name):
    try:
        if importlib.util.find_spec(module) is None:
            return None
    except (ImportError, ValueError):
        return None
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "unknown"
