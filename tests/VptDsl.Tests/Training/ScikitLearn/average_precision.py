"""Writes average_precision.json: what scikit-learn and PyTorch say of drawn logits and sets of classes.

Run with Debian's python3-sklearn 1.2.1 and python3-torch 1.13: /usr/bin/python3 average_precision.py > average_precision.json
"""

import json

import numpy
import torch
from sklearn import metrics

CLASSES, IMAGES = 6, 40


def main():
    random = numpy.random.default_rng(11)
    has = (random.random((IMAGES, CLASSES)) < numpy.array([0.6, 0.4, 0.3, 0.2, 0.1, 0.05])).astype(int)
    has[0] = 1
    # Quarters: many images have equal scores.
    logits = numpy.round(4 * (random.normal(size=(IMAGES, CLASSES)) + 1.5 * has - 0.5)) / 4
    logits[1] = [40, -40, 100, -100, 0, 0.25]
    x = torch.tensor(logits, dtype=torch.float64, requires_grad=True)
    loss = torch.nn.BCEWithLogitsLoss()(x, torch.tensor(has, dtype=torch.float64))
    loss.backward()
    print(json.dumps({
        "labels": has.tolist(),
        "logits": logits.tolist(),
        "classes": [metrics.average_precision_score(has[:, c], logits[:, c]) for c in range(CLASSES)],
        "macro": metrics.average_precision_score(has, logits, average="macro"),
        "accuracy": ((logits > 0) == (has > 0)).mean(),
        "loss": loss.item(),
        "gradient": x.grad.tolist(),
    }))


main()
