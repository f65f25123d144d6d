"""Recommends from a model folder of aws-user-personalization-v2 as docs/model-format.md says, with nothing of OpenPersonalize."""

import json
import sys

import numpy
import onnxruntime
from safetensors.numpy import load_file

folder, user, count, context = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), json.loads(sys.argv[4])
with open(f"{folder}/model.json") as file:
    description = json.load(file)
constants = description["constants"]
tensors = load_file(f"{folder}/tensors.safetensors")
encoder = onnxruntime.InferenceSession(f"{folder}/encoder.onnx", providers=["CPUExecutionProvider"])
inputs = {each.name: each for each in encoder.get_inputs()}
length = inputs["positions"].shape[1]

begin, end = tensors["history_offsets"][user : user + 2]
history = tensors["history_items"][begin:end].astype(int)
items = history[-length:]
times = tensors["history_times"][begin:end][-length:]

table = tensors["items.table"]
vectors = numpy.zeros((1, length, table.shape[1]), numpy.float32)
vectors[0, : len(items)] = table[items]
positions = numpy.zeros((1, length), numpy.int32)
positions[0, : len(items)] = numpy.arange(len(items))
gaps = numpy.zeros((1, length), numpy.int32)
gaps[0, 1 : len(items)] = numpy.minimum(31, 1 + numpy.ceil(numpy.log2(1 + numpy.diff(times))))
feeds = {name: tensors[name] for name in inputs if name in tensors}
feeds |= {"vectors": vectors, "positions": positions, "gaps": gaps, "last": numpy.array([len(items) - 1], numpy.int32)}
for n, column in enumerate(description.get("columns", [])):
    name = column["name"]
    happened = numpy.zeros((1, length), numpy.int32)
    happened[0, : len(items)] = tensors[f"history_codes_{n}"][begin:end][-length:]
    feeds[f"happened.{name}"] = happened
    if f"asked.{name}" not in inputs:
        continue
    asked = numpy.zeros((1, length), numpy.int32)
    if name in context and column["kind"] == "categorical":
        asked[0, len(items) - 1] = 1 + column["values"].index(context[name])
    elif name in context:
        asked[0, len(items) - 1] = 1 + sum(context[name] >= bound for bound in column["bounds"])
    feeds[f"asked.{name}"] = asked
(hidden,) = encoder.run(["hidden"], feeds)


def sums(kind, weights):
    """The evidence of some items, each with its weight."""
    offsets, others, values = (tensors[f"{kind}_{part}"] for part in ("offsets", "items", "values"))
    total = numpy.zeros(len(table))
    for item, weight in weights:
        entries = slice(offsets[item], offsets[item + 1])
        numpy.add.at(total, others[entries], weight * values[entries])
    return total


different = list(dict.fromkeys(history[::-1]))
transitions = sums("transitions", [(item, 0.3**age) for age, item in enumerate(history[::-1][:3])])
companions = sums("companions", [(item, 1 / (1 + age)) for age, item in enumerate(different[:20])])
neighbours = sums("neighbours", [(item, 1) for item in different])
neighbours /= neighbours.sum() or 1
logits = (
    constants["encoder_weight"] * (table @ hidden[0])
    + constants["transitions_weight"] * numpy.log1p(transitions / 1e-3)
    + constants["companions_weight"] * numpy.log1p(companions / 1e-3)
    + constants["neighbours_weight"] * numpy.log1p(neighbours / 1e-3)
    + constants["popularity_weight"] * tensors["log_popularity"]
)[: constants["interacted_items"]]
scores = numpy.exp(logits - logits.max())
scores /= scores.sum()
best = numpy.argsort(-scores, kind="stable")[:count]
print(json.dumps({"items": best.tolist(), "scores": scores[best].tolist()}))
