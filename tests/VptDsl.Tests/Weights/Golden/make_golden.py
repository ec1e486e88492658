"""Writes the weight files that the tests read, with the tools that users write theirs with.

Made once with Debian's python3-numpy 1.24, python3-scipy 1.10 and python3-torch 1.13:

    /usr/bin/python3 make_golden.py

What every tensor holds is a formula that the tests know too (GoldenFiles.cs), so that no second copy is needed.
`jax_vit.npz` and `jax_vit.safetensors` beside this file do not come from here: they are a checkpoint in Google's layout and
what the paper's public code makes of it for a larger image.
"""

import argparse
import collections
import os

import numpy as np
import scipy.ndimage
import torch

FOLDER = os.path.dirname(os.path.abspath(__file__))


def path(name):
    return os.path.join(FOLDER, name)


def ramp(*shape):
    """0, 0.5, 1, ... less 3: exact in every floating-point type."""
    return (np.arange(int(np.prod(shape)), dtype=np.float32) / 2 - 3).reshape(shape)


def arrays():
    values = {
        "float16": ramp(2, 3).astype("<f2"),
        "float32": ramp(2, 3),
        "float64": ramp(2, 3).astype("<f8"),
        "bfloat16": (ramp(2, 3).view("<u4") >> 16).astype("<u2").view("V2"),
        "int64": np.arange(6, dtype="<i8").reshape(2, 3),
        "uint8": np.arange(6, dtype="u1").reshape(2, 3),
        "bool": np.array([True, False]),
        "scalar": np.float32(1.5),
        "empty": np.zeros((0, 3), dtype="<f4"),
        "fortran": np.asfortranarray(ramp(2, 3, 4)),
        "some/folder/name": ramp(5),
        "large": ramp(130, 130),
        "big_endian": ramp(2, 3).astype(">f4"),
        "text": np.array(["a", "bc"]),
        "record": np.zeros(2, dtype=[("x", "<f4"), ("y", "<i4", (2,))]),
    }
    np.savez(path("arrays.npz"), **values)
    np.savez_compressed(path("arrays_compressed.npz"), **values)
    small = {name: values[name] for name in ("float32", "fortran", "int64")}
    np.savez(path("small.npz"), **small)
    np.savez_compressed(path("small_compressed.npz"), **small)


def resampling():
    """Position embeddings without their class token: PyTorch as timm calls it, SciPy as the paper's code calls it."""
    random = np.random.default_rng(1)
    pairs = [(1, 3), (2, 2), (2, 7), (3, 4), (4, 3), (7, 14), (14, 16), (14, 12), (16, 5), (24, 14), (9, 1)]
    values = {}
    for old, new in pairs:
        grid = random.standard_normal((old, old, 3), dtype=np.float32)
        image = torch.from_numpy(grid).permute(2, 0, 1)[None]
        bicubic = torch.nn.functional.interpolate(image, size=(new, new), mode="bicubic", antialias=True, align_corners=False)
        name = f"{old}to{new}"
        values[f"{name}/grid"] = grid
        values[f"{name}/BicubicAntialias"] = bicubic[0].permute(1, 2, 0).contiguous().numpy()
        values[f"{name}/BilinearCorners"] = scipy.ndimage.zoom(grid, (new / old, new / old, 1), order=1)
    np.savez(path("resampling.npz"), **values)


def pattern(name, shape):
    phase = sum(name.encode())
    count = int(np.prod(shape))
    return torch.tensor([((7 * i + phase) % 61) / 16 - 2 for i in range(count)]).reshape(shape)


def vit(width=4, layers=2, patch=2, image=4):
    shapes = {
        "cls_token": (1, 1, width),
        "pos_embed": (1, 1 + (image // patch) ** 2, width),
        "patch_embed.proj.weight": (width, 3, patch, patch),
        "patch_embed.proj.bias": (width,),
    }
    for i in range(layers):
        for name, shape in (
            ("norm1.weight", (width,)),
            ("norm1.bias", (width,)),
            ("attn.qkv.weight", (3 * width, width)),
            ("attn.qkv.bias", (3 * width,)),
            ("attn.proj.weight", (width, width)),
            ("attn.proj.bias", (width,)),
            ("norm2.weight", (width,)),
            ("norm2.bias", (width,)),
            ("mlp.fc1.weight", (4 * width, width)),
            ("mlp.fc1.bias", (4 * width,)),
            ("mlp.fc2.weight", (width, 4 * width)),
            ("mlp.fc2.bias", (width,)),
        ):
            shapes[f"blocks.{i}.{name}"] = shape
    shapes["norm.weight"] = (width,)
    shapes["norm.bias"] = (width,)
    return collections.OrderedDict((name, pattern(name, shape)) for name, shape in shapes.items())


def prefixed(prefix, tensors):
    return collections.OrderedDict((prefix + name, tensor) for name, tensor in tensors.items())


def adamw_state():
    parameter = torch.nn.Parameter(torch.ones(3))
    optimizer = torch.optim.AdamW([parameter], lr=1e-3)
    parameter.sum().backward()
    optimizer.step()
    return optimizer.state_dict()


def masked_autoencoder():
    """As MAE's pre-training writes its checkpoints: the decoder too, the optimiser's state, and the command line."""
    model = vit()
    model["mask_token"] = torch.zeros(1, 1, 2)
    model["decoder_pos_embed"] = torch.zeros(1, 5, 2)
    model["decoder_embed.weight"] = torch.zeros(2, 4)
    model["decoder_blocks.0.norm1.weight"] = torch.zeros(2)
    model["decoder_pred.bias"] = torch.zeros(12)
    checkpoint = {
        "model": model,
        "optimizer": adamw_state(),
        "epoch": 3,
        "scaler": {"scale": 65536.0, "growth_factor": 2.0, "_growth_tracker": 7},
        "args": argparse.Namespace(lr=1.5e-4, blr=None, model="mae_vit", output_dir="out", device=torch.device("cpu"), big=1 << 80),
    }
    torch.save(checkpoint, path("mae.pth"))


def momentum_contrast():
    """As MoCo v3 writes its checkpoints: pre-training with both encoders, and the linear probe."""
    pretrained = prefixed("module.base_encoder.", vit())
    pretrained.update(prefixed("module.momentum_encoder.", {name: tensor + 1 for name, tensor in vit().items()}))
    pretrained["module.base_encoder.head.0.weight"] = torch.zeros(2, 4)
    pretrained["module.base_encoder.head.1.num_batches_tracked"] = torch.tensor(5)
    pretrained["module.predictor.0.weight"] = torch.zeros(2, 2)
    torch.save(
        {"epoch": 300, "arch": "vit_base", "state_dict": pretrained, "optimizer": adamw_state(), "scaler": {}}, path("moco.pth.tar")
    )
    linear = prefixed("module.", vit())
    linear["module.head.weight"] = torch.zeros(5, 4)
    linear["module.head.bias"] = torch.zeros(5)
    linear._metadata = collections.OrderedDict([("", {"version": 1})])
    torch.save({"epoch": 90, "state_dict": linear, "best_acc1": torch.tensor(76.5)}, path("moco_linear.pth.tar"))


def views():
    whole = torch.from_numpy(ramp(4, 6))
    tensors = {
        "whole": whole,
        "transposed": whole.T,
        "slice": whole[1:3, 2:5],
        "step": whole[::2, ::3],
        "column": whole[:, 1],
        "expanded": whole[0, :2].expand(3, 2),
        "permuted": torch.from_numpy(ramp(2, 3, 4)).permute(2, 0, 1),
        "channels_last": torch.from_numpy(ramp(2, 3, 2, 2)).to(memory_format=torch.channels_last),
        "parameter": torch.nn.Parameter(torch.from_numpy(ramp(3))),
        "float16": torch.from_numpy(ramp(2, 3)).half(),
        "bfloat16": torch.from_numpy(ramp(2, 3)).bfloat16(),
        "float64": torch.from_numpy(ramp(2, 3)).double(),
        "int64": torch.arange(6),
        "int32": torch.arange(6).int(),
        "int16": torch.arange(6).short(),
        "int8": torch.arange(6).char(),
        "uint8": torch.arange(6).byte(),
        "bool": torch.tensor([True, False]),
        "complex64": torch.tensor([1 + 2j]),
        "scalar": torch.tensor(1.5),
        "empty": torch.zeros(0, 3),
        "quantized": torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8),
        "not a tensor": [1, (2.5, None), {"a": {3: True}}, "text", b"bytes", {1, 2}, frozenset([3])],
    }
    torch.save(tensors, path("views.pth"))
    torch.save(tensors, path("views_protocol4.pth"), pickle_protocol=4)


def others():
    small = {"weight": torch.from_numpy(ramp(2, 3)), "view": torch.from_numpy(ramp(2, 3)).T, "count": torch.tensor(3)}
    torch.save(small, path("small.pth"))
    torch.save(small, path("old_format.pth"), _use_new_zipfile_serialization=False)
    torch.save(torch.nn.Linear(2, 3), path("whole_module.pth"))
    torch.save(torch.from_numpy(ramp(2, 3)), path("lone_tensor.pth"))
    torch.jit.save(torch.jit.script(torch.nn.Linear(2, 3)), path("script.pth"))


if __name__ == "__main__":
    torch.manual_seed(0)
    arrays()
    resampling()
    masked_autoencoder()
    momentum_contrast()
    views()
    others()
