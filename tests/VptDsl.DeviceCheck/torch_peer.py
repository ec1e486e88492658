#!/usr/bin/env python3
"""Training steps of ViT-B/16 with visual prompts in PyTorch, for comparison on the same card. A line of JSON each.

The network is the one that the paper's public code builds: prompts are tokens like others and go through every sub-layer; with
deep prompts each layer puts its own in their place. Random weights. '--pruned' leaves out what no result depends on, as VptDsl does:
of deep prompts only keys and values, and in the last layer the class token's row alone.
"""
import argparse
import json
import statistics
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

WIDTH, LAYERS, HEADS, MLP, PATCH, IMAGE, TOKENS, CLASSES = 768, 12, 12, 3072, 16, 224, 50, 102


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH, eps=1e-6), nn.LayerNorm(WIDTH, eps=1e-6)
        self.qkv, self.proj = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.fc1, self.fc2 = nn.Linear(WIDTH, MLP), nn.Linear(MLP, WIDTH)

    def forward(self, x):
        b, n, _ = x.shape
        q, k, v = self.qkv(self.norm1(x)).reshape(b, n, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        x = x + self.proj(F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(b, n, WIDTH))
        return x + self.fc2(F.gelu(self.fc1(self.norm2(x))))

    def pruned(self, x, prompts, last):
        """x without prompts: they are keys and values only; of the last layer, the class token's row alone."""
        b, n, _ = x.shape
        y = self.norm1(x)
        w, bias = self.qkv.weight, self.qkv.bias
        rows = y[:, :1] if last else y
        q = F.linear(rows, w[:WIDTH], bias[:WIDTH])
        kv = F.linear(y, w[WIDTH:], bias[WIDTH:])
        kvp = F.linear(self.norm1(prompts), w[WIDTH:], bias[WIDTH:]).expand(b, -1, -1)
        k, v = torch.cat([kv, kvp], 1).chunk(2, -1)
        heads = lambda t: t.reshape(b, -1, HEADS, WIDTH // HEADS).transpose(1, 2)
        o = F.scaled_dot_product_attention(heads(q), heads(k), heads(v)).transpose(1, 2).reshape(b, -1, WIDTH)
        x = (x[:, :1] if last else x) + self.proj(o)
        return x + self.fc2(F.gelu(self.fc1(self.norm2(x))))


class Prompted(nn.Module):
    def __init__(self, scheme, pruned):
        super().__init__()
        self.scheme, self.is_pruned = scheme, pruned
        self.patch = nn.Conv2d(3, WIDTH, PATCH, PATCH)
        self.cls = nn.Parameter(torch.randn(1, 1, WIDTH) * 0.02)
        self.pos = nn.Parameter(torch.randn(1, (IMAGE // PATCH) ** 2 + 1, WIDTH) * 0.02)
        self.blocks = nn.ModuleList(Block() for _ in range(LAYERS))
        self.norm = nn.LayerNorm(WIDTH, eps=1e-6)
        for p in self.parameters():
            p.requires_grad_(scheme == "full")
        count = {"deep": LAYERS, "shallow": 1}.get(scheme, 0)
        self.prompts = nn.Parameter(torch.randn(count, 1, TOKENS, WIDTH) * 0.02) if count else None
        self.head = nn.Linear(WIDTH, CLASSES)

    def forward(self, images):
        x = self.patch(images).flatten(2).transpose(1, 2)
        b = x.shape[0]
        x = torch.cat([self.cls.expand(b, -1, -1), x], 1) + self.pos
        for i, block in enumerate(self.blocks):
            if self.scheme == "deep" and self.is_pruned:
                x = block.pruned(x, self.prompts[i], i == LAYERS - 1)
                continue
            if self.scheme == "deep" or (self.scheme == "shallow" and i == 0):
                rest = x[:, 1:] if i == 0 else x[:, 1 + TOKENS:]
                x = torch.cat([x[:, :1], self.prompts[i].expand(b, -1, -1), rest], 1)
            x = block(x)
        return self.head(self.norm(x)[:, 0])


def measure(scheme, batch, precision, steps, pruned, compiled):
    torch.manual_seed(1)
    tf32 = precision == "tf32"
    torch.backends.cuda.matmul.allow_tf32 = tf32
    torch.backends.cudnn.allow_tf32 = tf32
    model = Prompted(scheme, pruned).cuda()
    step_model = torch.compile(model) if compiled else model
    trained = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.SGD(trained, lr=1e-3, momentum=0.9)
    images, labels = torch.randn(batch, 3, IMAGE, IMAGE, device="cuda"), torch.randint(0, CLASSES, (batch,), device="cuda")

    def step():
        optimiser.zero_grad(set_to_none=True)
        with torch.autocast("cuda", torch.bfloat16, enabled=precision == "bf16"):
            loss = F.cross_entropy(step_model(images), labels)
        loss.backward()
        optimiser.step()
        return loss

    started = time.perf_counter()
    for _ in range(3):
        loss = step()
    torch.cuda.synchronize()
    first = time.perf_counter() - started
    torch.cuda.reset_peak_memory_stats()
    times = []
    for _ in range(steps):
        begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        begin.record()
        step()
        end.record()
        torch.cuda.synchronize()
        times.append(begin.elapsed_time(end))
    print(json.dumps({"who": "PyTorch" + (" compiled" if compiled else "") + (" pruned" if pruned else ""), "device": torch.cuda.get_device_name(),
                      "model": scheme, "batch": batch, "precision": precision, "ms": round(statistics.median(times), 3), "min_ms": round(min(times), 3),
                      "first_s": round(first, 2), "peak_gb": round(torch.cuda.max_memory_allocated() / 1e9, 2), "loss": float(loss)}), flush=True)
    del model, optimiser
    torch.cuda.empty_cache()


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--models", default="deep,shallow,linear,full")
    a.add_argument("--batches", default="32,64")
    a.add_argument("--precisions", default="fp32,tf32,bf16")
    a.add_argument("--steps", type=int, default=10)
    a.add_argument("--pruned", action="store_true")
    a.add_argument("--compile", action="store_true")
    a = a.parse_args()
    print("torch", torch.__version__, "cuda", torch.version.cuda, file=sys.stderr)
    for scheme in a.models.split(","):
        for batch in map(int, a.batches.split(",")):
            for precision in a.precisions.split(","):
                try:
                    measure(scheme, batch, precision, a.steps, a.pruned, a.compile)
                except Exception as e:  # one configuration must not end the others
                    print("FAILED", scheme, batch, precision, repr(e)[:300], flush=True)


if __name__ == "__main__":
    main()
