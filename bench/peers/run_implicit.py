"""Runs one model of `implicit` on a matrix that the bench has written, and prints its seconds as JSON.

run_implicit.py FOLDER MODEL THREADS SIZE ITERATIONS, where FOLDER has shape.json, offsets.u32 and indices.u32 (CSR, users x items)
and SIZE is the number of factors (als) or of neighbours (co-occurrence).
"""

import json
import sys
import time

import numpy
import scipy.sparse
from implicit.als import AlternatingLeastSquares
from implicit.nearest_neighbours import ItemItemRecommender


def read_matrix(folder):
    with open(f"{folder}/shape.json") as file:
        shape = json.load(file)
    offsets = numpy.fromfile(f"{folder}/offsets.u32", dtype=numpy.int32)
    indices = numpy.fromfile(f"{folder}/indices.u32", dtype=numpy.int32)
    ones = numpy.ones(len(indices), dtype=numpy.float32)
    return scipy.sparse.csr_matrix((ones, indices, offsets), shape=(shape["rows"], shape["columns"]))


def run_als(matrix, threads, factors, iterations):
    model = AlternatingLeastSquares(
        factors=factors, iterations=iterations, num_threads=threads, use_gpu=False, random_state=1
    )
    seconds = []
    model.fit(matrix, show_progress=False, callback=lambda iteration, elapsed, loss: seconds.append(elapsed))
    return seconds


def run_co_occurrence(matrix, threads, neighbours, _):
    model = ItemItemRecommender(K=neighbours, num_threads=threads)
    matrix = matrix.astype(numpy.float64)  # it takes no other type
    started = time.perf_counter()
    model.fit(matrix, show_progress=False)
    return [time.perf_counter() - started]


if __name__ == "__main__":
    folder, model, *numbers = sys.argv[1:]
    run = {"als": run_als, "co-occurrence": run_co_occurrence}[model]
    matrix = read_matrix(folder)
    before = time.process_time()
    seconds = run(matrix, *map(int, numbers))
    print(json.dumps({"seconds": seconds, "cpuSeconds": (time.process_time() - before) / len(seconds)}))
