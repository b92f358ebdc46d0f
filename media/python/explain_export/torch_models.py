"""PyTorch models: a class, function or instance of a Python file, a model saved whole, an exported program."""

import contextlib
import os
import warnings

from . import load_torch
from .example_inputs import example_inputs, forward_parameters, spans
from .failure import Failure, failure_of

OLDEST = (2, 6)
LARGEST_IN_ONE_FILE = 1500 * 1024 * 1024


def export_python(request, channel):
    torch = import_torch()
    model = load_torch.from_source(torch, request)
    return export_module(torch, model, request, channel)


def export_pickle(request, channel):
    torch = import_torch()
    model = load_torch.from_pickle(torch, request)
    return export_module(torch, model, request, channel)


def export_program(request, _channel):
    """A .pt2 file: its inputs, their sizes and which of them may vary were fixed when it was saved."""
    torch = import_torch()
    folder = os.path.dirname(request["file"])
    try:
        program = torch.export.load(request["file"])
    except Exception as error:
        raise failure_of("notAProgram", error, folder, subject=request["file"]) from error
    try:
        with quiet():
            made = torch.onnx.export(program, dynamo=True, verbose=False, **output_names(request, len(program.graph_signature.user_outputs)))
    except Exception as error:
        raise failure_of("exportFailed", error, folder) from error
    notes = [] if any(isinstance(dims[0], str) for dims in declared(made) if dims) else ["fixedBatch"]
    return save(torch, made, request, notes, prediction=example_of(torch, program))


def example_of(torch, program):
    """The example that a program was saved with, and what it says of it; None when it was saved without."""
    try:
        values, named = program.example_inputs
        outputs = program.module()(*values, **named)
        signature = program.graph_signature.user_inputs
        given = [one for one in [*values, *named.values()] if torch.is_tensor(one)]
        return numbers(torch, signature, given, outputs) if len(given) == len(signature) else None
    except Exception:  # pylint: disable=broad-except
        return None


def export_module(torch, model, request, channel):
    folder = os.path.dirname(request["file"])
    model = model.eval().to("cpu")
    parameters = forward_parameters(model)
    layer = first_layer(torch, model)
    reply = channel.ask({"inputs": parameters, "hint": layer})
    names, values, sequences = example_inputs(torch, model, parameters, layer, reply, request, folder)
    outputs, values = run_once(torch, model, names, values, folder)
    count = len(flat(torch, outputs))
    options = {**output_names(request, count), **keys_of(outputs, count)}
    first = None
    for note, dynamic in shape_attempts(torch, names, values, sequences):
        given = values if note != "fixedBatch" else [one[:1] if is_batched(torch, one, values) else one for one in values]
        try:
            with quiet():
                made = torch.onnx.export(
                    model,
                    (),
                    kwargs=dict(zip(names, given)),
                    input_names=leaf_names(torch, names, given),
                    dynamic_shapes=dynamic,
                    dynamo=True,
                    verbose=False,
                    **options,
                )
            return save(torch, made, request, [] if note is None else [note], prediction=numbers(torch, names, values, outputs))
        except Exception as error:  # pylint: disable=broad-except
            first = first or error
            last = error
    # What stops the plainest attempt is what has to change; an earlier one may only be about sizes.
    raise failure_of("exportFailed", last, folder) from first


def import_torch():
    try:
        import torch
        import onnx  # noqa: F401
        import onnxscript  # noqa: F401
    except Exception as error:
        raise failure_of("importFailed", error, None) from error
    version = tuple(int(part) for part in torch.__version__.split("+")[0].split(".")[:2])
    if version < OLDEST:
        raise Failure("torchTooOld", version=torch.__version__, oldest="%d.%d" % OLDEST)
    return torch


@contextlib.contextmanager
def quiet():
    """The exporter's own warnings are not about the model."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def run_once(torch, model, names, values, folder):
    """The model on its example: what it says is what the exported file has to say. Whole numbers are tried as indices where decimals are refused."""
    try:
        with torch.no_grad():
            return model(**dict(zip(names, values))), values
    except Exception as error:  # pylint: disable=broad-except
        whole = [as_indices(torch, one) for one in values]
        if any(one is not other for one, other in zip(whole, values)):
            try:
                with torch.no_grad():
                    return model(**dict(zip(names, whole))), whole
            except Exception:  # pylint: disable=broad-except
                pass
        shapes = ["%s %s %s" % (name, str(one.dtype).replace("torch.", ""), list(one.shape)) for name, one in zip(names, values) if torch.is_tensor(one)]
        raise failure_of("forwardFailed", error, folder, inputs=shapes) from error


def as_indices(torch, value):
    if torch.is_tensor(value) and value.dtype == torch.float32 and bool((value == value.round()).all()):
        return value.to(torch.int64)
    return value


def is_batched(torch, value, values):
    """Whether axis 0 is the rows': it is as long as that of the other tensors."""
    sizes = {one.shape[0] for one in values if torch.is_tensor(one) and one.dim() > 0}
    return torch.is_tensor(value) and value.dim() > 0 and len(sizes) == 1


def shape_attempts(torch, names, values, sequences):
    """Which sizes may vary: rows and lengths of sequences, then rows alone, then none."""
    rows = {name: {0: "batch"} if is_batched(torch, value, values) else None for name, value in zip(names, values)}
    lengths = {name: {**(rows[name] or {}), **({1: "sequence"} if name in sequences else {})} or None for name in names}
    attempts = []
    if lengths != rows:
        attempts.append((None, lengths))
    attempts.append(("fixedLength" if lengths != rows else None, rows))
    attempts.append(("fixedBatch", None))
    return attempts


def leaf_names(torch, names, values):
    return [name for name, value in zip(names, values) if torch.is_tensor(value)]


def flat(torch, outputs):
    if torch.is_tensor(outputs):
        return [outputs]
    if isinstance(outputs, dict):
        return [one for value in outputs.values() for one in flat(torch, value)]
    if isinstance(outputs, (tuple, list)):
        return [one for value in outputs for one in flat(torch, value)]
    return []


def keys_of(outputs, count):
    """Names of the outputs where forward gives them."""
    if isinstance(outputs, dict) and len(outputs) == count and all(isinstance(key, str) for key in outputs):
        return {"output_names": list(outputs)}
    fields = getattr(outputs, "_fields", None)
    return {"output_names": list(fields)} if fields is not None and len(fields) == count else {}


def output_names(request, count):
    """Those that the sidecar names, where it names as many as there are."""
    names = request.get("outputNames") or []
    return {"output_names": names} if len(names) == count else {}


def first_layer(torch, model):
    """What the first layer with weights takes: {"features": 8}, {"tokens": 3000} (entries of its table), {"channels": 3}."""
    for module in model.modules():
        if isinstance(module, torch.nn.LazyLinear):
            return None
        if isinstance(module, torch.nn.Linear):
            return {"features": module.in_features}
        if isinstance(module, (torch.nn.Embedding, torch.nn.EmbeddingBag)):
            return {"tokens": module.num_embeddings}
        if isinstance(module, torch.nn.Conv2d):
            return {"channels": module.in_channels}
        if isinstance(module, (torch.nn.LSTM, torch.nn.GRU, torch.nn.RNN)):
            return {"sequence": module.input_size}
    return None


def numbers(torch, names, values, outputs):
    """The example and what Python's model says of it, for the check of the file."""
    tensors = flat(torch, outputs)
    feeds = {name: spans(torch, value) for name, value in zip(names, values) if torch.is_tensor(value)}
    return {"inputs": feeds, "outputs": [spans(torch, one) for one in tensors]}


def declared(made):
    return [[str(dim) if not isinstance(dim, int) else dim for dim in (value.shape or [])] for value in made.model.graph.inputs]


def save(torch, made, request, notes, prediction):
    size = sum(value.const_value.nbytes for value in made.model.graph.initializers.values() if value.const_value is not None)
    try:
        with quiet():
            made.save(request["out"], external_data=size > LARGEST_IN_ONE_FILE)
    except OSError as error:
        raise failure_of("notWritten", error, None, subject=request["out"]) from error
    return {"notes": notes, **({} if prediction is None else {"prediction": prediction})}
