#!/usr/bin/env python3
"""Makes the files in this folder with the tools whose results the library reproduces.

Debian 12: apt-get install python3-pil python3-numpy python3-torchvision
Made with Pillow 9.4.0, NumPy 1.24.2, torchvision 0.14.1. Run it in this folder; the same versions give the same bytes.

  NAME.png/.jpg/.webp    an image
  NAME.EXT.rgb           what Image.open(NAME.EXT).convert("RGB") holds: [height, width, 3]
  NAME.METHOD.WxH.rgb    NAME resized by Pillow: [height, width, 3]
  NAME.PIPELINE.f32      NAME through torchvision transforms: little-endian float32 [channels, height, width]
"""
import struct
import zlib

import numpy
from PIL import Image
from torchvision import transforms

IMAGENET = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])


def scene(width, height, noise, seed):
    """Smooth colours, fine texture and hard edges: what makes chroma subsampling and aliasing show."""
    random = numpy.random.default_rng(seed)
    y, x = numpy.mgrid[0:height, 0:width].astype(float)
    planes = [128 + 100 * numpy.sin(x / 7 + y / 11), 128 + 100 * numpy.cos(x / 5 - y / 9), (x * y * 3) % 256]
    image = numpy.stack(planes, -1) + random.normal(0, noise, (height, width, 3))
    image[height // 3 : height // 2, width // 4 : width // 2] = (250, 5, 30)
    return Image.fromarray(numpy.clip(image, 0, 255).astype(numpy.uint8))


def with_gamma(path, gamma):
    """Puts a gAMA chunk after a PNG's header: a reader that applied it would give other numbers."""
    content = open(path, "rb").read()
    body = b"gAMA" + struct.pack(">I", round(gamma * 100000))
    chunk = struct.pack(">I", 4) + body + struct.pack(">I", zlib.crc32(body))
    open(path, "wb").write(content[:33] + chunk + content[33:])


def make_decoding():
    image = scene(41, 31, 12, seed=7)
    image.save("colour.png")
    image.convert("L").save("grey.png")
    image.save("gamma.png")
    with_gamma("gamma.png", 1.0)
    palette = image.convert("P", palette=Image.ADAPTIVE, colors=32)
    palette.save("palette.png", transparency=3)
    alpha = numpy.tile((numpy.arange(41) * 255 // 41).astype(numpy.uint8), (31, 1))
    transparent = Image.fromarray(numpy.dstack([numpy.asarray(image), alpha]))
    transparent.save("transparent.png")
    transparent.save("transparent.webp", lossless=True, exact=True)
    image.save("lossy.webp", quality=80)
    image.save("subsampled.jpg", quality=85)
    image.save("full-chroma.jpg", quality=90, subsampling=0)
    image.save("progressive.jpg", quality=85, progressive=True)
    image.convert("L").save("grey.jpg")
    image.convert("CMYK").save("cmyk.jpg")
    turned = Image.Exif()
    turned[0x0112] = 6
    image.save("turned.jpg", quality=85, exif=turned)
    for name in ["colour.png", "grey.png", "gamma.png", "palette.png", "transparent.png", "transparent.webp", "lossy.webp",
                 "subsampled.jpg", "full-chroma.jpg", "progressive.jpg", "grey.jpg", "cmyk.jpg", "turned.jpg"]:
        open(name + ".rgb", "wb").write(numpy.asarray(Image.open(name).convert("RGB")).tobytes())


def make_resizes():
    image = Image.open("colour.png")
    for name, method in [("bilinear", Image.BILINEAR), ("bicubic", Image.BICUBIC)]:
        for size in [(24, 24), (41, 17), (13, 31), (64, 50), (7, 5), (1, 1), (90, 4)]:
            open(f"colour.{name}.{size[0]}x{size[1]}.rgb", "wb").write(numpy.asarray(image.resize(size, method)).tobytes())
    # A reduction by more than twenty, where each new pixel sums hundreds of old ones.
    large = Image.open("wide.jpg")
    for name, method in [("bilinear", Image.BILINEAR), ("bicubic", Image.BICUBIC)]:
        open(f"wide.{name}.15x11.rgb", "wb").write(numpy.asarray(large.resize((15, 11), method)).tobytes())


def save_pipeline(source, name, steps, mean, deviation, mode="RGB"):
    pipeline = transforms.Compose(steps + [transforms.ToTensor(), transforms.Normalize(mean, deviation)])
    result = pipeline(Image.open(source).convert(mode))
    open(f"{source.split('.')[0]}.{name}.f32", "wb").write(result.numpy().astype("<f4").tobytes())


def make_pipelines():
    for source in ["wide.jpg", "tall.jpg"]:
        short_side = [transforms.Resize(40), transforms.CenterCrop(35)]
        save_pipeline(source, "fgvc-test-35", short_side, *IMAGENET)
    bicubic = transforms.InterpolationMode.BICUBIC
    save_pipeline("wide.jpg", "vtab-32", [transforms.Resize((32, 32))], *IMAGENET)
    save_pipeline("wide.jpg", "vtab-bicubic-32", [transforms.Resize((32, 32), bicubic)], [0.5] * 3, [0.5] * 3)
    save_pipeline("wide.jpg", "grey-32", [transforms.Resize((32, 32))], [0.286], [0.353], mode="L")


if __name__ == "__main__":
    scene(331, 223, 4, seed=9).save("wide.jpg", quality=80)
    scene(150, 301, 4, seed=11).save("tall.jpg", quality=80)
    make_decoding()
    make_resizes()
    make_pipelines()
