"""Names of features in an ONNX file."""

import json


def keep_names(made, names):
    """Writes the features' names where the explanation looks for them."""
    entry = made.metadata_props.add()
    entry.key = "feature_names"
    entry.value = json.dumps(list(names))


def keep_labels(made, labels):
    """Writes the classes' names likewise."""
    entry = made.metadata_props.add()
    entry.key = "labels"
    entry.value = json.dumps(list(labels))


def merge_columns(made, columns, name):
    """One input [N, k] in place of k inputs [N, 1] of numbers, split into the columns again: explanations have one list of features then."""
    import onnx
    from onnx import TensorProto, helper

    graph = made.graph
    kept = [one for one in graph.input if one.name not in columns]
    if not columns or any(one.name == name for one in kept):
        return
    rows = helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", len(columns)])
    del graph.input[:]
    graph.input.extend([rows, *kept])
    nodes = []
    for i, column in enumerate(columns):
        index = "explain_column_%d" % i
        graph.initializer.append(helper.make_tensor(index, TensorProto.INT64, [1], [i]))
        nodes.append(helper.make_node("Gather", [name, index], [column], name="column_%d" % i, axis=1))
    rest = list(graph.node)
    del graph.node[:]
    graph.node.extend(nodes + rest)
    onnx.checker.check_model(made)
