"""Trains the transformer of bench/transformer with PyTorch on the processor, as fast as PyTorch does it.

torch_transformer.py SETTINGS, a JSON object as bench/peers/torch.ts writes it. It says "ready" once it is warm. Then each line that it
reads is a number of steps to take, and it answers with their seconds and the last loss as JSON.

Left out, because it is slower: torch.compile (which takes no sparse gradients either) and dense Adam where a step touches few rows.
"""

import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional


class Block(nn.Module):
    """Normalises before attention and before feed-forward."""

    def __init__(self, width, heads, dropout, attention_dropout):
        super().__init__()
        self.heads, self.dropout, self.attention_dropout = heads, dropout, attention_dropout
        self.norm_1, self.norm_2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.query_key_value = nn.Linear(width, 3 * width)
        self.output = nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 2 * width), nn.Linear(2 * width, width)
        for layer in (self.query_key_value, self.output, self.up, self.down):
            nn.init.zeros_(layer.bias)
            for part in layer.weight.split(width) if layer is self.query_key_value else [layer.weight]:
                nn.init.xavier_uniform_(part)

    def forward(self, x, mask):
        rows, length, width = x.shape
        projected = self.query_key_value(self.norm_1(x)).view(rows, length, 3, self.heads, width // self.heads)
        query, key, value = projected.permute(2, 0, 3, 1, 4).unbind(0)
        mixed = functional.scaled_dot_product_attention(query, key, value, mask, dropout_p=self.attention_dropout)
        attended = self.output(mixed.transpose(1, 2).reshape(x.shape))
        x = x + functional.dropout(attended, self.dropout)
        hidden = functional.dropout(functional.relu(self.up(self.norm_2(x))), self.dropout)
        return x + functional.dropout(self.down(hidden), self.dropout)


class Model(nn.Module):
    def __init__(self, settings):
        super().__init__()
        width, self.length, self.dropout = settings["width"], settings["length"], settings["dropout"]
        self.items = nn.Embedding(settings["items"], width, sparse=settings["negatives"] > 0)
        self.positions = nn.Embedding(self.length, width)
        self.gaps = nn.Embedding(settings["gaps"], width)
        for table in (self.items, self.positions, self.gaps):
            nn.init.normal_(table.weight, std=0.02)
        self.blocks = nn.ModuleList(
            Block(width, settings["heads"], self.dropout, settings["attentionDropout"])
            for _ in range(settings["blocks"])
        )
        self.norm = nn.LayerNorm(width)
        self.register_buffer("before", torch.ones(self.length, self.length, dtype=torch.bool).tril())

    def forward(self, items, positions, gaps, segments):
        x = self.items(items) * self.items.embedding_dim**0.5 + self.positions(positions) + self.gaps(gaps)
        x = functional.dropout(x, self.dropout)
        mask = (segments[:, None, :, None] == segments[:, None, None, :]) & self.before
        for block in self.blocks:
            x = block(x, mask)
        return self.norm(x).flatten(0, 1)


def full_loss(model, batch, _):
    hidden = model(batch["items"], batch["positions"], batch["gaps"], batch["segments"])
    return functional.cross_entropy(hidden @ model.items.weight.t(), batch["targets"])


def sampled_loss(model, batch, settings):
    """Over the target and shared uniform negatives with logQ correction; a target among the negatives does not count twice."""
    hidden = model(batch["items"], batch["positions"], batch["gaps"], batch["segments"])
    targets = batch["targets"]
    negatives = torch.randint(settings["items"], (settings["negatives"],))
    own = (hidden * model.items(targets)).sum(1, keepdim=True)
    correction = torch.log(torch.tensor(settings["negatives"] / settings["items"]))
    others = hidden @ model.items(negatives).t() - correction
    others = others.masked_fill(targets[:, None] == negatives[None, :], float("-inf"))
    scores = torch.cat([own, others], 1)
    return functional.cross_entropy(scores, torch.zeros(len(targets), dtype=torch.long))


def clip(parameters, limit):
    """As clip_grad_norm_, which does not take sparse gradients."""
    gradients = [parameter.grad for parameter in parameters]
    gradients = [gradient.coalesce().values() if gradient.is_sparse else gradient for gradient in gradients]
    length = torch.linalg.vector_norm(torch.stack(torch._foreach_norm(gradients)))
    torch._foreach_mul_(gradients, torch.clamp(limit / (length + 1e-6), max=1.0))


def optimisers_of(model, settings):
    options = {"lr": 1e-3, "betas": (0.9, 0.98)}
    if settings["negatives"] == 0:
        return [torch.optim.Adam(model.parameters(), fused=True, **options)]
    dense = [parameter for parameter in model.parameters() if parameter is not model.items.weight]
    return [torch.optim.SparseAdam([model.items.weight], **options), torch.optim.Adam(dense, fused=True, **options)]


def batches_of(settings, count=8):
    """Rows of packed histories, each item the last plus 5."""
    rows, length = settings["rows"], settings["length"]
    for _ in range(count):
        segments = torch.arange(length).div(settings["segment"], rounding_mode="floor").expand(rows, length)
        items = (torch.randint(settings["items"], (rows, 1)) + 5 * torch.arange(length)) % settings["items"]
        yield {
            "items": items,
            "targets": ((items + 5) % settings["items"]).flatten(),
            "positions": torch.arange(length).remainder(settings["segment"]).expand(rows, length).contiguous(),
            "gaps": torch.randint(settings["gaps"], (rows, length)),
            "segments": segments.contiguous(),
        }


def main(settings):
    torch.set_num_threads(settings["threads"])
    torch.manual_seed(1)
    torch.set_flush_denormal(True)
    model = Model(settings)
    batches = list(batches_of(settings))
    optimisers = optimisers_of(model, settings)
    parameters = list(model.parameters())
    loss_of = sampled_loss if settings["negatives"] > 0 else full_loss

    def train(steps):
        for step in range(steps):
            for optimiser in optimisers:
                optimiser.zero_grad(set_to_none=True)
            loss = loss_of(model, batches[step % len(batches)], settings)
            loss.backward()
            clip(parameters, 5.0)
            for optimiser in optimisers:
                optimiser.step()
        return loss.item()

    train(settings["warmUp"])
    print("ready", flush=True)
    for line in sys.stdin:
        started = time.perf_counter()
        loss = train(int(line))
        print(json.dumps({"seconds": time.perf_counter() - started, "loss": loss}), flush=True)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
