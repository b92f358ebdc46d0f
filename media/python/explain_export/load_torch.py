"""From files to an nn.Module."""

import importlib
import inspect
import os
import pickle
import sys
import zipfile

from .describe import package_root
from .failure import Failure, failure_of

# Where checkpoints keep the weights.
WEIGHT_KEYS = ("state_dict", "model_state_dict", "model_state", "net", "model", "weights", "params")


def from_source(torch, request):
    """The class (made with its arguments and weights), function or instance that the request names."""
    file = request["file"]
    folder = os.path.dirname(file)
    module = import_file(file, request.get("roots", []))
    name = request["name"]
    found = getattr(module, name, None)
    if found is None:
        known = [key for key, value in vars(module).items() if is_model(torch, value) and not key.startswith("_")]
        raise Failure("unknownName", name=name, known=known, subject=file)
    state, hyper = weights_of(torch, request)
    if isinstance(found, torch.nn.Module):
        return with_weights(torch, found, state, request)
    if not callable(found):
        raise Failure("notAModel", name=name, type=type(found).__name__, subject=file)
    arguments = arguments_for(torch, found, request.get("arguments", {}), state, hyper, module, request)
    try:
        model = found(**arguments)
    except Exception as error:
        raise failure_of("constructorFailed", error, folder, name=name) from error
    if not isinstance(model, torch.nn.Module):
        raise Failure("notAModel", name=name, type=type(model).__name__, subject=file)
    return with_weights(torch, model, state, request)


def from_pickle(torch, request):
    """A model that was saved whole. A file of weights alone is said to be one."""
    file = request["file"]
    for path in [os.path.dirname(file), *request.get("roots", [])]:
        if path not in sys.path:
            sys.path.insert(0, path)
    loaded = load(torch, file)
    if isinstance(loaded, torch.nn.Module):
        return loaded
    if isinstance(loaded, dict):
        state, _ = split_checkpoint(torch, loaded)
        if isinstance(state, torch.nn.Module):
            return state
        if state is not None:
            raise Failure("weightsOnly", subject=file, count=len(state))
    raise Failure("notAModel", name=os.path.basename(file), type=type(loaded).__name__, subject=file)


def is_model(torch, value):
    return isinstance(value, torch.nn.Module) or (inspect.isclass(value) and issubclass(value, torch.nn.Module) and not value.__module__.startswith("torch."))


def import_file(file, roots):
    """Imports a file under the name that it has in its package, so that the names of classes and relative imports are right."""
    root = package_root(file)
    for path in [*reversed(roots), root]:
        if path in sys.path:
            sys.path.remove(path)
        sys.path.insert(0, path)
    name = os.path.splitext(os.path.relpath(os.path.abspath(file), root))[0].replace(os.sep, ".")
    try:
        if name.isidentifier() or all(part.isidentifier() for part in name.split(".")):
            if name in sys.modules or name.split(".")[0] in sys.builtin_module_names:
                return import_as(file, name + "_model")
            module = importlib.import_module(name)
            if os.path.realpath(getattr(module, "__file__", "") or "") == os.path.realpath(file):
                return module
        return import_as(file, "model_file")
    except ModuleNotFoundError as error:
        raise failure_of("moduleMissing", error, root, name=error.name) from error
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        raise failure_of("importOfSource", error, root) from error


def import_as(file, name):
    spec = importlib.util.spec_from_file_location(name, file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def arguments_for(torch, maker, expressions, state, hyper, module, request):
    """What is said, evaluated in the file's own names with torch and the weights as `state`; then what the checkpoint keeps; then tensors of the weights with such a name."""
    try:
        signature = inspect.signature(maker)
    except (TypeError, ValueError):
        signature = inspect.Signature()
    given = {}
    names = {**vars(module), "torch": torch, "nn": torch.nn, "state": state}
    takes_any = any(p.kind is p.VAR_KEYWORD for p in signature.parameters.values())
    for name, expression in expressions.items():
        if name not in signature.parameters and not takes_any:
            raise Failure("unknownArgument", name=name, known=list(signature.parameters), maker=request["name"])
        try:
            given[name] = eval(expression, names)  # pylint: disable=eval-used
        except Exception as error:
            raise failure_of("argumentFailed", error, None, name=name, expression=expression) from error
    missing = []
    for name, parameter in signature.parameters.items():
        if name in given or parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        if name in hyper:
            given[name] = hyper[name]
        elif parameter.default is parameter.empty:
            held = None if state is None else named_tensor(name, state)
            if held is None:
                missing.append(name)
            else:
                given[name] = held.clone()
    if missing:
        raise Failure("argumentsMissing", names=missing, maker=request["name"])
    return given


def named_tensor(name, state):
    if name in state:
        return state[name]
    found = [key for key in state if key.split(".")[-1] == name]
    return state[found[0]] if len(found) == 1 else None


def weights_of(torch, request):
    """The weights that the request names, and the constructor's arguments that a checkpoint keeps beside them."""
    file = request.get("weights")
    if file is None:
        return None, {}
    if file.lower().endswith(".safetensors"):
        try:
            from safetensors.torch import load_file
        except ImportError:
            raise Failure("packagesMissing", packages=["safetensors"], subject=file) from None
        try:
            return load_file(file), {}
        except Exception as error:
            raise failure_of("weightsUnreadable", error, None, subject=file) from error
    loaded = load(torch, file)
    if isinstance(loaded, torch.nn.Module):
        return loaded.state_dict(), {}
    if isinstance(loaded, dict):
        state, hyper = split_checkpoint(torch, loaded)
        if isinstance(state, torch.nn.Module):
            return state.state_dict(), hyper
        if state is not None:
            return state, hyper
    raise Failure("notWeights", subject=file, type=type(loaded).__name__)


def split_checkpoint(torch, loaded):
    hyper = loaded.get("hyper_parameters") or loaded.get("hparams") or {}
    hyper = dict(hyper) if isinstance(hyper, dict) else {}
    if loaded and all(torch.is_tensor(value) for value in loaded.values()):
        return loaded, {}
    for key in WEIGHT_KEYS:
        value = loaded.get(key)
        if isinstance(value, torch.nn.Module):
            return value, hyper
        if isinstance(value, dict) and value and all(torch.is_tensor(one) for one in value.values()):
            return value, hyper
    tensors = {key: value for key, value in loaded.items() if torch.is_tensor(value)}
    return (tensors, hyper) if tensors else (None, hyper)


def load(torch, file):
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
        if any(name.split("/")[-1] == "constants.pkl" for name in names):
            raise Failure("torchScript", subject=file)
    try:
        return torch.load(file, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise failure_of("weightsUnreadable", error, None, subject=file) from error
    except Exception:  # pylint: disable=broad-except
        pass
    # Not tensors alone: Python's objects, which the person agreed to load.
    try:
        return torch.load(file, map_location="cpu", weights_only=False)
    except ModuleNotFoundError as error:
        raise failure_of("moduleMissing", error, None, name=error.name) from error
    except AttributeError as error:
        raise failure_of("classMissing", error, None, subject=file) from error
    except (pickle.UnpicklingError, EOFError, RuntimeError, ValueError, ImportError, KeyError) as error:
        raise failure_of("weightsUnreadable", error, None, subject=file) from error


def with_weights(torch, model, state, request):
    if state is None:
        return model
    own = model.state_dict().keys()
    fitted = state
    for prefix in ("module.", "_orig_mod.", "model.", "net.", "network."):
        if state and all(key.startswith(prefix) for key in state) and not all(key in own for key in state):
            fitted = {key[len(prefix) :]: value for key, value in state.items()}
            break
    try:
        model.load_state_dict(fitted)
    except RuntimeError as error:
        raise failure_of("weightsDoNotFit", error, None, subject=request["weights"], name=request["name"]) from error
    return model
