#!/usr/bin/env python3
"""Makes augmentations.json: what torchvision makes of colour.png with given magnitudes, and which magnitudes and sizes it draws.

Debian 12: apt-get install python3-pil python3-numpy python3-torchvision
Made with Pillow 9.4.0, NumPy 1.24.2, PyTorch 1.13.0, torchvision 0.14.1. Run it in this folder; the same versions give the same file.

  changes      name, value, image -> the MD5 of [height, width, 3]; wide.jpg has ties and flat parts that colour.png lacks
  magnitudes   space, bins, size -> the magnitudes of each kind that has some
  crops        size, share and proportion (numbers from 0 to 1) -> width and height, or null where torchvision tries again
  largest      size -> torchvision's last resort: left, top, width, height
"""
import hashlib
import json
from unittest import mock

import numpy
import torch
from PIL import Image
from torchvision import transforms
from torchvision.transforms import autoaugment, functional

NEAREST = transforms.InterpolationMode.NEAREST


def digest(image):
    return hashlib.md5(numpy.asarray(image).tobytes()).hexdigest()


def changes():
    values = {
        "ShearX": [0.0, 0.1, -0.3, 0.99, -0.99], "ShearY": [0.1, -0.3, 0.99],
        "TranslateX": [5.9, -18.57, 32.0], "TranslateY": [0.0, 12.3, -32.0],
        "Rotate": [0.0, 9.0, -30.0, 90.0, 135.0, -4.5],
        "Brightness": [0.9, -0.9, 0.03, -0.99, 0.0], "Color": [0.9, -0.9, 0.27, 0.99], "Contrast": [0.9, -0.9, 0.27, -0.99],
        "Sharpness": [0.9, -0.9, 0.27, -0.99], "Posterize": [8, 6, 4, 2], "Solarize": [255.0, 178.5, 0.0, 110.5],
        "AutoContrast": [0], "Equalize": [0], "Identity": [0],
    }
    for name in ["colour.png", "wide.jpg"]:
        image = Image.open(name).convert("RGB")
        for kind, magnitudes in values.items():
            for magnitude in magnitudes:
                magnitude = float(numpy.float32(magnitude))
                result = autoaugment._apply_op(image, kind, magnitude, NEAREST, None)
                yield {"kind": kind, "value": magnitude, "image": name, "md5": digest(result)}
        for turn in [0.5, -0.5, 0.1, -0.1, 0.003, 0.25, -0.37]:
            turn = float(numpy.float32(turn))
            yield {"kind": "Hue", "value": turn, "image": name, "md5": digest(functional.adjust_hue(image, turn))}


def magnitudes():
    spaces = [("rand", transforms.RandAugment()), ("trivial", transforms.TrivialAugmentWide())]
    for name, space in spaces:
        for bins in [31, 10, 2]:
            for height, width in [(224, 331), (31, 41)]:
                arguments = (bins, (height, width)) if name == "rand" else (bins,)
                for kind, (values, signed) in space._augmentation_space(*arguments).items():
                    if values.ndim > 0:
                        yield {"space": name, "bins": bins, "height": height, "width": width, "kind": kind, "signed": signed,
                               "values": [float(v) for v in values]}


def crops():
    for height, width in [(224, 331), (31, 41), (9, 200), (200, 9)]:
        for share in [0.0, 0.01, 0.2, 0.5, 0.77, 0.999]:
            for proportion in [0.0, 0.3, 0.5, 0.9]:
                yield {"height": height, "width": width, "share": share, "proportion": proportion,
                       "crop": first_try(crop_size, height, width, share, proportion),
                       "erased": first_try(erased_size, height, width, share, proportion)}


def first_try(size, height, width, share, proportion):
    """The size of torchvision's first try: every uniform number it draws comes from a script, and the second try ends it."""
    script = iter([share, proportion])

    class Ended(Exception):
        pass

    def uniform(self, low, high):
        value = next(script, None)
        if value is None:
            raise Ended
        return self.fill_(low + (high - low) * value)

    with mock.patch.object(torch.Tensor, "uniform_", uniform):
        try:
            return size(height, width)
        except Ended:
            return None


def crop_size(height, width):
    _, _, h, w = transforms.RandomResizedCrop.get_params(Image.new("RGB", (width, height)), [0.08, 1.0], [3 / 4, 4 / 3])
    return [w, h]


def erased_size(height, width):
    _, _, h, w, _ = transforms.RandomErasing.get_params(torch.zeros(3, height, width), (0.02, 0.33), (0.3, 3.3), [0.0])
    return [w, h]


def largest():
    for height, width in [(9, 200), (200, 9), (31, 41), (1, 3), (3, 1)]:
        impossible = transforms.RandomResizedCrop.get_params(Image.new("RGB", (width, height)), [4.0, 4.0], [3 / 4, 4 / 3])
        top, left, h, w = impossible
        yield {"height": height, "width": width, "part": [left, top, w, h]}


if __name__ == "__main__":
    content = {"changes": list(changes()), "magnitudes": list(magnitudes()), "crops": list(crops()), "largest": list(largest())}
    lines = ",\n".join(f' "{name}": [\n' + ",\n".join("  " + json.dumps(row) for row in rows) + "\n ]" for name, rows in content.items())
    open("augmentations.json", "w").write("{\n" + lines + "\n}\n")
