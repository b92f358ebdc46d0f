"""The tensors that a model is traced with: from the chosen samples, from sizes, from an expression, from the model itself."""

import inspect
import math
import sys

from .failure import Failure, failure_of

ROWS = 2


def forward_parameters(model):
    """Names of what forward takes, and which of them it can do without."""
    try:
        signature = inspect.signature(model.forward)
    except (TypeError, ValueError):
        return []
    plain = [p for p in signature.parameters.values() if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY, p.POSITIONAL_ONLY)]
    return [
        {"name": p.name, "required": p.default is p.empty, **({} if p.annotation is p.empty else {"annotation": annotation(p.annotation)})} for p in plain
    ]


def annotation(value):
    return value if isinstance(value, str) else getattr(value, "__name__", str(value))


def example_inputs(torch, model, parameters, layer, reply, request, folder):
    """Names, values, and the names of those whose axis 1 is the length of a sequence."""
    names = [p["name"] for p in parameters]
    if request.get("example"):
        return from_expression(torch, model, names, request, folder)
    given = {one["name"]: tensor(torch, one) for one in reply.get("inputs", [])}
    for name, shape in request.get("shapes", {}).items():
        if name not in names:
            raise Failure("unknownInput", name=name, known=names)
        given.setdefault(name, random(torch, shape["dims"], shape.get("dtype", "float32")))
    own = own_example(torch, model, names)
    missing = [p["name"] for p in parameters if p["required"] and p["name"] not in given]
    if missing and own is not None:
        return names[: len(own)], own, []
    required = [p["name"] for p in parameters if p["required"]]
    if len(required) == 1 and missing == required and reply.get("none"):
        # Nothing is said of the one input, and no samples contradict: the first layer tells what it takes.
        derived = for_layer(torch, layer or {})
        if derived is not None:
            return required, [derived], required if "tokens" in layer else []
    if not parameters:
        raise Failure("noParameters", maker=type(model).__name__)
    if missing:
        raise Failure("noExample", names=missing, reason=reply.get("reason"))
    kept = [name for name in names if name in given]
    sequences = [one["name"] for one in reply.get("inputs", []) if one.get("sequence")]
    return kept, [given[name] for name in kept], sequences


def from_expression(torch, model, names, request, folder):
    module = sys.modules.get(type(model).__module__)
    scope = {**(vars(module) if module is not None else {}), "torch": torch}
    try:
        value = eval(request["example"], scope)  # pylint: disable=eval-used
    except Exception as error:
        raise failure_of("argumentFailed", error, folder, name="example", expression=request["example"]) from error
    if isinstance(value, dict):
        return list(value), list(value.values()), []
    values = list(value) if isinstance(value, (tuple, list)) else [value]
    return names[: len(values)], values, []


def own_example(torch, model, names):
    """What Lightning calls example_input_array, or the file's example_inputs."""
    module = sys.modules.get(type(model).__module__)
    found = getattr(model, "example_input_array", None)
    for name in ("example_inputs", "example_input", "dummy_input"):
        found = found if found is not None else getattr(module, name, None)
    if callable(found):
        found = found()
    if torch.is_tensor(found):
        return [found]
    if isinstance(found, dict):
        return [found[name] for name in names if name in found]
    return list(found) if isinstance(found, (tuple, list)) and all(torch.is_tensor(one) for one in found) else None


def tensor(torch, one):
    return torch.tensor(one["data"], dtype=getattr(torch, one["dtype"])).reshape(one["dims"])


def for_layer(torch, layer):
    if "features" in layer:
        return random(torch, [layer["features"]], "float32")
    if "tokens" in layer:
        return random(torch, [8], "int64")
    return None


def random(torch, dims, dtype):
    generator = torch.Generator().manual_seed(0)
    shape = [ROWS, *dims]
    kind = getattr(torch, dtype)
    if kind.is_floating_point:
        return torch.rand(shape, generator=generator).to(kind)
    return torch.randint(0, 2, shape, generator=generator).to(kind)


def spans(torch, value):
    """A tensor as plain data; what is not finite is null, for JSON has no word for it."""
    dtype = str(value.dtype).replace("torch.", "")
    data = [one if math.isfinite(one) else None for one in value.detach().to(torch.float64).reshape(-1).tolist()]
    return {"dtype": dtype, "dims": list(value.shape), "data": data}
