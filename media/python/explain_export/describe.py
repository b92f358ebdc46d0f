"""What a Python file holds, read as text: classes that look like modules, functions that look like they make one, instances, and the local files that it imports."""

import ast
import os

from .failure import Failure


def describe(file, roots):
    tree = parse(file)
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    by_name = {node.name: node for node in classes}
    modules = [node for node in classes if is_module(node, by_name, set())]
    names = {node.name for node in modules}
    # The classes of a file that others of it are made of come last: the whole model is what is wanted.
    inner = {used for node in modules for used in called_in(node) if used in names and used != node.name}
    inner |= {base for node in modules for base in bases_of(node) if base in names}
    found = [class_entry(node, by_name, node.name in inner) for node in modules]
    found += [function_entry(node) for node in tree.body if isinstance(node, ast.FunctionDef) and makes_model(node, names)]
    found += instances(tree, names)
    return {"entries": found, "files": local_files(file, roots)}


def parse(file):
    try:
        with open(file, "rb") as source:
            return ast.parse(source.read(), file)
    except SyntaxError as error:
        raise Failure("syntax", reason=error.msg, file=file, line=error.lineno) from None
    except ValueError as error:
        raise Failure("syntax", reason=str(error), file=file) from None


def last_name(node):
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def bases_of(node):
    return [last_name(base) for base in node.bases]


def is_module(node, by_name, seen):
    """A class that inherits from something called Module, from such a class of the file, or from a class of elsewhere and has a forward."""
    if node.name in seen:
        return False
    seen = seen | {node.name}
    for base in bases_of(node):
        if base.endswith("Module") or base in ("Sequential", "PreTrainedModel"):
            return True
        if base in by_name and is_module(by_name[base], by_name, seen):
            return True
        if base not in by_name and base not in ("object", "ABC", "Enum", "") and method(node, "forward") is not None:
            return True
    return False


def method(node, name):
    return next((item for item in node.body if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)) and item.name == name), None)


def inherited(node, by_name, name):
    """The class's own method, else that of the nearest base in the file."""
    seen = set()
    todo = [node]
    while todo:
        one = todo.pop(0)
        if one.name in seen:
            continue
        seen.add(one.name)
        found = method(one, name)
        if found is not None:
            return found
        todo += [by_name[base] for base in bases_of(one) if base in by_name]
    return None


def called_in(node):
    return {last_name(call.func) for call in ast.walk(node) if isinstance(call, ast.Call)}


def class_entry(node, by_name, inner):
    init = inherited(node, by_name, "__init__")
    return {"kind": "class", "name": node.name, "line": node.lineno, "inner": inner, "parameters": [] if init is None else parameters(init, 1)}


def function_entry(node):
    return {"kind": "function", "name": node.name, "line": node.lineno, "inner": False, "parameters": parameters(node, 0)}


def makes_model(node, classes):
    if any(p["required"] for p in parameters(node, 0)):
        return False
    if node.returns is not None and last_name(node.returns) in classes | {"Module"}:
        return True
    lower = node.name.lower()
    named = lower.split("_")[0] in ("load", "get", "build", "make", "create") and any(word in lower for word in ("model", "net", "classifier", "regressor"))
    returns = any(isinstance(item, ast.Return) and isinstance(item.value, ast.Call) and last_name(item.value.func) in classes for item in ast.walk(node))
    return named or returns


def parameters(function, skip):
    """Name, annotation and default of a function's parameters, as the source writes them; those of *args and **kwargs are left out."""
    spec = function.args
    positional = (list(getattr(spec, "posonlyargs", [])) + list(spec.args))[skip:]
    defaults = [None] * (len(positional) - len(spec.defaults)) + list(spec.defaults)
    found = [entry(arg, default) for arg, default in zip(positional, defaults)]
    return found + [entry(arg, default) for arg, default in zip(spec.kwonlyargs, spec.kw_defaults)]


def entry(arg, default):
    found = {"name": arg.arg, "required": default is None}
    if arg.annotation is not None:
        found["annotation"] = source_of(arg.annotation)
    if default is not None:
        found["default"] = source_of(default)
    return found


def source_of(node):
    return ast.unparse(node)[:80] if hasattr(ast, "unparse") else "..."


def instances(tree, classes):
    """model = Network(...) at the top level of the file."""
    found = []
    for node in tree.body:
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call) or len(node.targets) != 1:
            continue
        name = last_name(node.targets[0])
        made = last_name(node.value.func)
        if name and (made in classes or made == "Sequential"):
            found.append({"kind": "instance", "name": name, "line": node.lineno, "inner": False, "parameters": []})
    return found


def local_files(file, roots, most=500):
    """The file and those that it imports, directly or not, from its own folder or the roots: what an export depends on."""
    found = []
    todo = [os.path.abspath(file)]
    while todo and len(found) < most:
        one = todo.pop(0)
        if one in found:
            continue
        found.append(one)
        try:
            tree = parse(one)
        except (Failure, OSError):
            continue
        for name, level in imports(tree):
            if level > 0:
                base = os.path.dirname(one)
                for _ in range(level - 1):
                    base = os.path.dirname(base)
                todo += candidates(base, name)
            else:
                for base in [os.path.dirname(os.path.abspath(file)), package_root(file), *roots]:
                    todo += candidates(base, name)
    return found


def imports(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, 0
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            yield module, node.level
            for alias in node.names:
                yield (module + "." if module else "") + alias.name, node.level


def candidates(base, name):
    path = os.path.join(base, *name.split(".")) if name else base
    return [one for one in (path + ".py", os.path.join(path, "__init__.py")) if os.path.isfile(one)]


def package_root(file):
    """The folder that holds the outermost package of a file."""
    folder = os.path.dirname(os.path.abspath(file))
    while os.path.isfile(os.path.join(folder, "__init__.py")) and os.path.dirname(folder) != folder:
        folder = os.path.dirname(folder)
    return folder
