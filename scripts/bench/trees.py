"""Trains 50 trees of depth 6, writes them as an ONNX file with the training rows that each node saw, and times the shap package on all samples.

trees.py TRAIN.csv SAMPLES.csv MODEL.onnx: prints JSON. An existing model file is taken as it is for another round: the seed makes it the same.
"""
import json
import sys
import time

import numpy
import onnx
import pandas
import shap
from skl2onnx import to_onnx
from sklearn.ensemble import GradientBoostingClassifier

BACKGROUND = 100
train, samples, target = sys.argv[1:]
table = pandas.read_csv(train)
features, answers = table.iloc[:, :-1].to_numpy(dtype=numpy.float32), table.iloc[:, -1].astype(object)
rows = pandas.read_csv(samples)[table.columns[:-1]].to_numpy(dtype=numpy.float32)
model = GradientBoostingClassifier(n_estimators=50, max_depth=6, random_state=0).fit(features, answers)


def with_covers(exported):
    """skl2onnx leaves the covers out: they are counted."""
    node = next(one for one in exported.graph.node if one.op_type.startswith("TreeEnsemble"))
    held = {one.name: onnx.helper.get_attribute_value(one) for one in node.attribute}
    place = {key: i for i, key in enumerate(zip(held["nodes_treeids"], held["nodes_nodeids"]))}
    covers = numpy.zeros(len(place))
    for tree in set(held["nodes_treeids"]):
        for row in features:
            at = place[(tree, 0)]
            covers[at] += 1
            while held["nodes_modes"][at] != b"LEAF":
                left = row[held["nodes_featureids"][at]] <= held["nodes_values"][at]
                at = place[(tree, held["nodes_truenodeids" if left else "nodes_falsenodeids"][at])]
                covers[at] += 1
    for one in [one for one in node.attribute if one.name == "nodes_hitrates"]:
        node.attribute.remove(one)
    node.attribute.append(onnx.helper.make_attribute("nodes_hitrates", covers.tolist()))
    return exported


with open(target, "wb") as file:
    file.write(with_covers(to_onnx(model, features[:1], options={"zipmap": False})).SerializeToString())
found = {"version": shap.__version__, "trees": len(model.estimators_.ravel()), "nodes": int(sum(tree.tree_.node_count for tree in model.estimators_.ravel()))}
for name, explainer in [
    ("path", shap.TreeExplainer(model)),
    ("interventional", shap.TreeExplainer(model, features[:BACKGROUND], feature_perturbation="interventional")),
]:
    times = []
    for _ in range(7):
        started = time.perf_counter()
        values = explainer.shap_values(rows, check_additivity=False)
        times.append(1000 * (time.perf_counter() - started))
    changes = model.decision_function(rows) - numpy.ravel(explainer.expected_value)[0]
    found[name] = {"milliseconds": sorted(times)[len(times) // 2], "values": numpy.asarray(values).reshape(-1).tolist(), "changes": changes.tolist()}
print(json.dumps(found))
