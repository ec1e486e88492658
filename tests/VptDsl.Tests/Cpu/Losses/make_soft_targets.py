#!/usr/bin/env python3
"""Makes soft_targets.json: PyTorch's cross-entropy with mixed and smoothed targets, and its gradient.

Debian 12: apt-get install python3-torch
Made with PyTorch 1.13.0. Run it in this folder; the same version gives the same file.

Targets are built as timm's mixup_target defines them: smoothing / classes everywhere, 1 - smoothing more at the label, and two of these
mixed. With share 0 PyTorch's own label_smoothing gives the loss too, and the script fails where the two differ.
"""
import json

import torch


def one_hot(label, classes, smoothing):
    target = torch.full((classes,), smoothing / classes, dtype=torch.float64)
    target[label] = 1 - smoothing + smoothing / classes
    return target


def case(classes, label, other, share, smoothing, spread, seed):
    torch.manual_seed(seed)
    logits = (torch.randn(1, classes) * spread).to(torch.float32)
    exact = logits.to(torch.float64).requires_grad_()
    target = one_hot(label, classes, smoothing) * (1 - share) + one_hot(other, classes, smoothing) * share
    loss = torch.nn.functional.cross_entropy(exact, target[None])
    if share == 0:
        own = torch.nn.functional.cross_entropy(exact, torch.tensor([label]), label_smoothing=smoothing)
        assert abs(own.item() - loss.item()) < 1e-12
    loss.backward()
    return {"label": label, "other": other, "share": share, "smoothing": smoothing, "loss": loss.item(),
            "logits": logits[0].tolist(), "gradient": exact.grad[0].tolist()}


if __name__ == "__main__":
    cases = [
        case(2, 0, 1, 0.0, 0.0, 1, 1), case(2, 0, 1, 0.25, 0.0, 1, 2), case(5, 3, 0, 0.0, 0.1, 3, 3), case(5, 3, 3, 0.4, 0.2, 3, 4),
        case(17, 16, 2, 0.5, 0.1, 1, 5), case(17, 0, 9, 0.875, 0.0, 20, 6), case(33, 7, 31, 0.3, 0.9, 1, 7),
    ]
    open("soft_targets.json", "w").write("[\n" + ",\n".join(" " + json.dumps(c) for c in cases) + "\n]\n")
