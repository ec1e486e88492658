"""Writes what PyTorch computes for tiny vision transformers with prompts and SETR's decoders (Zheng et al., 2021): the logits of every
pixel, loss, every gradient, and the running statistics of batch normalisation after one training step.

Run with Debian's python3-torch 1.13 from this folder. Everything is computed in float64. The decoders are as the paper draws them: the
map of channels is enlarged to the image first and the classes are told apart there, last of all.
"""
import torch
from torch import nn
from torch.nn import functional

from vectors import write

BATCH, CHANNELS, CLASSES, TOKENS, WIDTH, HEADS, MLP = 2, 1, 3, 2, 8, 2, 10


class Block(nn.Module):
    """A convolution, batch normalisation and ReLU."""

    def __init__(self, inputs, outputs, kernel):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, bias=False)
        self.norm = nn.BatchNorm2d(outputs)

    def forward(self, x):
        return torch.relu(self.norm(self.conv(x)))


def enlarge(x, side):
    return functional.interpolate(x, size=(side, side), mode="bilinear", align_corners=False)


class Linear(nn.Conv2d):
    streams = 1

    def __init__(self, image):
        super().__init__(WIDTH, CLASSES, 1)
        self.image = image

    def forward(self, maps):
        return super().forward(enlarge(maps[-1], self.image))


class Naive(nn.Conv2d):
    streams = 1

    def __init__(self, image, width):
        super().__init__(width, CLASSES, 1)
        self.image = image
        self.add_module("0", Block(WIDTH, width, 1))

    def forward(self, maps):
        return super().forward(enlarge(self.get_submodule("0")(maps[-1]), self.image))


class Pup(nn.Conv2d):
    streams = 1

    def __init__(self, image, width):
        super().__init__(width, CLASSES, 1)
        self.image = image
        for i in range(4):
            self.add_module(str(i), Block(WIDTH if i == 0 else width, width, 3))

    def forward(self, maps):
        x = maps[-1]
        for i in range(4):
            x = self.get_submodule(str(i))(x)
            # With patches of 16 pixels this is always so; of 6 there is room for one doubling, and the rest comes last.
            if self.image // x.shape[-1] % 2 == 0:
                x = enlarge(x, 2 * x.shape[-1])
        return super().forward(enlarge(x, self.image))


class Mla(nn.Conv2d):
    streams = 4

    def __init__(self, image, width):
        super().__init__(4 * (width // 2), CLASSES, 1)
        self.image = image
        half = width // 2
        for i in range(4):
            self.add_module(str(i), nn.Sequential(
                Block(WIDTH, width, 1), Block(width, width, 3), Block(width, half, 3), Block(half, half, 3)))

    def forward(self, maps):
        above, decoded = 0, []
        for i in reversed(range(4)):
            stream = self.get_submodule(str(i))
            above = stream[0](maps[i]) + above
            decoded.insert(0, enlarge(stream[3](stream[2](stream[1](above))), 4 * above.shape[-1]))
        return super().forward(enlarge(torch.cat(decoded, dim=1), self.image))


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.proj = nn.Linear(WIDTH, WIDTH)

    def forward(self, x):
        batch, tokens, _ = x.shape
        query, key, value = self.qkv(x).reshape(batch, tokens, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        weights = torch.softmax(query @ key.transpose(-1, -2) / (WIDTH // HEADS) ** 0.5, dim=-1)
        return self.proj((weights @ value).transpose(1, 2).reshape(batch, tokens, WIDTH))


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1 = nn.LayerNorm(WIDTH, eps=1e-6)
        self.attn = Attention()
        self.norm2 = nn.LayerNorm(WIDTH, eps=1e-6)
        self.mlp = nn.ModuleDict({"fc1": nn.Linear(WIDTH, MLP), "fc2": nn.Linear(MLP, WIDTH)})

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp["fc2"](functional.gelu(self.mlp["fc1"](self.norm2(x))))


class Segmenter(nn.Module):
    """Parameters have timm's names, those of prompts and decoder VptDsl's."""

    def __init__(self, image, patch, layers, decoder):
        super().__init__()
        self.side = image // patch
        self.cls_token = nn.Parameter(torch.zeros(1, 1, WIDTH))
        self.pos_embed = nn.Parameter(torch.zeros(1, 1 + self.side ** 2, WIDTH))
        self.patch_embed = nn.ModuleDict({"proj": nn.Conv2d(CHANNELS, WIDTH, patch, stride=patch)})
        self.blocks = nn.ModuleList(Layer() for _ in range(layers))
        self.norm = nn.LayerNorm(WIDTH, eps=1e-6)
        self.prompts = nn.ParameterList(nn.Parameter(torch.zeros(TOKENS, WIDTH)) for _ in range(layers))
        self.head = decoder

    def forward(self, images):
        patches = self.patch_embed["proj"](images).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls_token.expand(len(images), -1, -1), patches], dim=1) + self.pos_embed
        maps = []
        for layer, prompts in zip(self.blocks, self.prompts):
            x = layer(torch.cat([x[:, :1], prompts.expand(len(images), -1, -1), x[:, -self.side ** 2:]], dim=1))
            tokens = self.norm(x)[:, -self.side ** 2:]
            maps.append(tokens.transpose(1, 2).reshape(len(images), WIDTH, self.side, self.side))
        step = len(maps) // self.head.streams
        return self.head(maps[step - 1::step])


def pixels_first(logits):
    return logits.permute(0, 2, 3, 1)


def case(name, image, patch, layers, decoder, ignored):
    model = Segmenter(image, patch, layers, decoder).double()
    with torch.no_grad():
        for key, tensor in model.state_dict().items():
            if not tensor.is_floating_point():
                continue
            scale = 1.4 / tensor[0].numel() ** 0.5 if tensor.dim() > 1 else 0.1
            tensor.copy_(scale * torch.randn(tensor.shape))
            if key.endswith("running_var"):
                tensor.copy_(0.5 + torch.rand(tensor.shape))
            elif "norm" in key and key.endswith("weight"):
                tensor.add_(1)
            tensor.copy_(tensor.float().double())
    images = torch.randn(BATCH, CHANNELS, image, image).float().double()
    labels = torch.randint(CLASSES, (BATCH, image, image))
    # Unequal shares: the mean over all pixels that count is not the mean of the images' means.
    shares = torch.tensor([0.1, 0.6]).reshape(BATCH, 1, 1)
    labels[torch.rand(labels.shape) < shares] = ignored
    state = {key: tensor.clone() for key, tensor in model.state_dict().items() if tensor.is_floating_point()}
    tuned = [key for key in state if key.startswith(("prompts.", "head."))]
    for key, parameter in model.named_parameters():
        parameter.requires_grad_(key in tuned)

    logits = model.train()(images)
    loss = functional.cross_entropy(logits, labels, ignore_index=ignored)
    loss.backward()
    counted = labels != ignored
    correct = ((logits.argmax(1) == labels) & counted).sum((1, 2)) / counted.sum((1, 2))
    expected = {"images": images, "labels": labels, "logits": pixels_first(logits), "loss": loss.reshape(1), "correct": correct}
    expected |= {key: state[key] for key in tuned}
    expected |= {"grad." + key: parameter.grad for key, parameter in model.named_parameters() if parameter.requires_grad}
    expected |= {"next." + key: tensor for key, tensor in model.state_dict().items() if "running" in key}
    with torch.no_grad():
        expected["inference_logits"] = pixels_first(model.eval()(images))
    write(f"Vectors/{name}.weights.safetensors", {key: tensor for key, tensor in state.items() if key not in tuned})
    write(f"Vectors/{name}.expected.safetensors", expected)
    print(name, float(loss), correct, *(float(t.abs().max()) for t in (logits, model.prompts[0].grad, expected["inference_logits"] - pixels_first(logits))))


torch.manual_seed(22)
case("setr_linear", 15, 5, 3, Linear(15), ignored=255)
case("setr_naive", 18, 6, 3, Naive(18, 5), ignored=7)
case("setr_pup", 32, 16, 2, Pup(32, 4), ignored=255)
case("setr_pup_odd", 18, 6, 2, Pup(18, 4), ignored=255)
case("setr_mla", 24, 8, 8, Mla(24, 4), ignored=255)
