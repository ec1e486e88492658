"""Writes what torchvision computes for tiny random convolutional networks and Swin transformers: logits, loss and every gradient.

Run with Debian's python3-torch 1.13 and python3-torchvision 0.14 from this folder. Everything is computed in float64.
Weights have torchvision's names, gradients those of VptDsl (for ConvNeXt and Swin their authors').
"""
import re

import numpy
import torch
from torchvision.models.convnext import CNBlockConfig, ConvNeXt
from torchvision.models.resnet import BasicBlock, Bottleneck, ResNet
from torchvision.models.swin_transformer import SwinTransformer

from vectors import write

BATCH, CLASSES, IMAGE, PIXELS = 2, 3, 36, 3


def convnext():
    settings = [CNBlockConfig(4, 6, 1), CNBlockConfig(6, 8, 2), CNBlockConfig(8, 10, 1), CNBlockConfig(10, None, 1)]
    return ConvNeXt(settings, stochastic_depth_prob=0.0, num_classes=CLASSES)


def resnet(block, planes, depths):
    model = ResNet(block, [1, 1, 1, 1], num_classes=CLASSES)
    model.inplanes = 6
    model.conv1 = torch.nn.Conv2d(3, 6, 7, stride=2, padding=3, bias=False)
    model.bn1 = torch.nn.BatchNorm2d(6)
    for i in range(4):
        setattr(model, f"layer{i + 1}", model._make_layer(block, planes[i], depths[i], stride=1 if i == 0 else 2))
    model.fc = torch.nn.Linear(planes[3] * block.expansion, CLASSES)
    return model


def swin():
    return SwinTransformer(
        patch_size=[2, 2], embed_dim=6, depths=[2, 1, 2], num_heads=[1, 2, 3], window_size=[4, 4], stochastic_depth_prob=0.0,
        num_classes=CLASSES)


def canonical_swin(name):
    name = name.replace("features.0.0.", "patch_embed.proj.").replace("features.0.2.", "patch_embed.norm.")
    found = re.match(r"features\.(\d+)\.(.*)", name)
    if not found:
        return name
    stage, rest = (int(found[1]) - 1) // 2, found[2]
    if int(found[1]) % 2 == 0:
        return f"layers.{stage}.downsample.{rest}"
    return f"layers.{stage}.blocks.{rest}".replace("mlp.0.", "mlp.fc1.").replace("mlp.3.", "mlp.fc2.")


def canonical(name):
    name = re.sub(r"^fc\.|^classifier\.2\.", "head.", name)
    name = re.sub(r"^classifier\.0\.", "norm.", name)
    found = re.match(r"features\.(\d+)\.(.*)", name)
    if not found:
        return name
    stage, rest = int(found[1]) // 2, found[2]
    if int(found[1]) % 2 == 0:
        return f"downsample_layers.{stage}.{rest}"
    for theirs, ours in {"layer_scale": "gamma", "block.0": "dwconv", "block.2": "norm", "block.3": "pwconv1", "block.5": "pwconv2"}.items():
        rest = rest.replace(theirs, ours)
    return f"stages.{stage}.{rest}"


def case(name, model, image=IMAGE, pixels=PIXELS, canonical=canonical):
    model = model.double().eval()
    with torch.no_grad():
        for key, tensor in model.state_dict().items():
            if not tensor.is_floating_point():
                continue
            scale = 1.4 / max(1, tensor[0].numel()) ** 0.5 if tensor.dim() > 1 else 0.1
            tensor.copy_(scale * torch.randn(tensor.shape))
            if key.endswith("layer_scale") or (key.endswith("weight") and tensor.dim() == 1):
                tensor.add_(1)
            if key.endswith("running_var"):
                tensor.copy_(0.5 + torch.rand(tensor.shape))
            tensor.copy_(tensor.float().double())
    images = torch.randn(BATCH, 3, image, image).float().double()
    labels = torch.randint(CLASSES, (BATCH,))
    beside = torch.randn(3, image, 2 * pixels).float().double().requires_grad_()
    above = torch.randn(3, 2 * pixels, image + 2 * pixels).float().double().requires_grad_()
    left, right = beside.expand(BATCH, -1, -1, -1).split(pixels, dim=3)
    top, bottom = above.expand(BATCH, -1, -1, -1).split(pixels, dim=2)
    padded = torch.cat([top, torch.cat([left, images, right], dim=3), bottom], dim=2)
    logits = model(padded)
    loss = torch.nn.functional.cross_entropy(logits, labels)
    loss.backward()
    write(f"Vectors/{name}.weights.safetensors", model.state_dict())
    expected = {"images": images, "labels": labels, "logits": logits, "loss": loss.reshape(1)}
    expected |= {"prompts.lr": beside, "prompts.tb": above, "grad.prompts.lr": beside.grad, "grad.prompts.tb": above.grad}
    for key, parameter in model.named_parameters():
        ours = canonical(key)
        expected["grad." + ours] = parameter.grad
        if ours.startswith("head."):
            expected[ours] = parameter
    write(f"Vectors/{name}.expected.safetensors", expected)
    print(name, float(loss), numpy.abs(logits.detach().numpy()).max(), above.grad.abs().max())


torch.manual_seed(20)
case("convnext", convnext())
case("resnet_bottleneck", resnet(Bottleneck, [2, 3, 4, 5], [1, 2, 1, 1]))
case("resnet_basic", resnet(BasicBlock, [6, 7, 8, 9], [2, 1, 1, 2]))

torch.manual_seed(21)
case("swin", swin(), image=16, pixels=8, canonical=canonical_swin)
