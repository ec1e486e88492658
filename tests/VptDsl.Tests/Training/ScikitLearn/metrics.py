"""Writes metrics.json: what scikit-learn says of drawn logits (Debian's python3-sklearn, 1.2.1).

Run it as: /usr/bin/python3 metrics.py > metrics.json
"""

import json

import numpy
from sklearn import metrics

CLASSES, IMAGES, ABSENT = 7, 60, 4


def rounded(values):
    """Logits that a 32-bit float holds exactly, and no two of an image alike."""
    return numpy.round(values * 1024) / 1024


def main():
    random = numpy.random.default_rng(7)
    present = [label for label in range(CLASSES) if label != ABSENT]
    weights = numpy.array([10, 6, 4, 2, 1, 1], dtype=float)
    labels = random.choice(present, IMAGES, p=weights / weights.sum())
    logits = rounded(random.normal(size=(IMAGES, CLASSES)) + 1.2 * numpy.eye(CLASSES)[labels])
    assert all(len(set(row)) == CLASSES for row in logits)
    predicted = logits.argmax(axis=1)
    kept = dict(labels=present, average=None, zero_division=0)
    print(json.dumps({
        "labels": labels.tolist(),
        "logits": logits.tolist(),
        "accuracy": metrics.accuracy_score(labels, predicted),
        "balanced": recall_of_present(labels, predicted),
        "top": [metrics.top_k_accuracy_score(labels, logits, k=k, labels=range(CLASSES)) for k in range(1, CLASSES + 1)],
        "present": present,
        "recall": metrics.recall_score(labels, predicted, **kept).tolist(),
        "precision": metrics.precision_score(labels, predicted, **kept).tolist(),
    }, indent=None))


def recall_of_present(labels, predicted):
    """balanced_accuracy_score leaves out classes without images, with a warning."""
    import warnings
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return metrics.balanced_accuracy_score(labels, predicted)


main()
