"""Scores an exported graph with ONNX Runtime, and reads its weights with the safetensors library: prints both as JSON."""

import json
import sys

import numpy
import onnxruntime
from safetensors.numpy import load_file

folder, items = sys.argv[1], json.loads(sys.argv[2])
session = onnxruntime.InferenceSession(f"{folder}/score.onnx", providers=["CPUExecutionProvider"])
feeds = {
    "items": numpy.array([items], dtype=numpy.int32),
    "segments": numpy.zeros((1, len(items)), dtype=numpy.int32),
}
(scores,) = session.run(["scores"], feeds)
weights = load_file(f"{folder}/weights.safetensors")
print(json.dumps({
    "scores": scores.ravel().tolist(),
    "weights": {name: float(values.astype(numpy.float64).sum()) for name, values in weights.items()},
}))
