#!/usr/bin/env python3
"""Prints milliseconds of a training step side by side, from the lines of JSON in log files: table.py LOG..."""
import json
import os
import sys

cells, columns, keys = {}, [], []
for path in sys.argv[1:]:
    if not os.path.exists(path):
        continue
    for line in open(path, errors="replace"):
        if not line.startswith('{"who"'):
            continue
        row = json.loads(line)
        who = row["who"] + (" + cuBLAS" if "plain products by" in row["device"] else "")
        column, key = f'{who} {row["precision"]}', (row["model"], row["batch"])
        # Below a linear head VptDsl computes features when images come.
        cells[key, column] = row["ms_with_images"] if row["who"] == "VptDsl" and row["model"] == "linear" else row["ms"]
        columns += [] if column in columns else [column]
        keys += [] if key in keys else [key]

if not cells:
    sys.exit(1)
print("ms a step       " + "".join(f"{c:>22}" for c in columns))
for model, batch in keys:
    line = [cells.get(((model, batch), c)) for c in columns]
    print(f"{model:8} {batch:4}   " + "".join(f"{'' if v is None else f'{v:.2f}':>22}" for v in line))
