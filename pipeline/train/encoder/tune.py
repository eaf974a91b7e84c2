"""Fine-tuning: many codes at once, the quotation among them, the lower layers frozen and computed once."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - the name that PyTorch's own documentation uses
from rich.console import Console
from torch import Tensor

from pipeline.train.encoder.network import Network
from pipeline.train.encoder.rows import Row

_WEIGHTS = {
    "cluster": 1.0,
    "level": 0.8,
    "participation_in": 0.2,
    "mandate": 0.2,
    "publics": 0.1,
    "policy_areas": 0.1,
    "touchpoints": 0.1,
}
_WRITTEN_ONLY = ("policy_areas", "touchpoints")  # the real rows are not coded for these
_EVIDENCE = 2.0


def tune(network: Network, rows: list[Row], embed: Any, params: dict[str, Any], checkpoint: Path) -> None:
    """Train `network` in place on `rows`; `embed` turns ids (batch, tokens) into word embeddings.

    `params`: epochs, batch, rate, head_rate, frozen (layers), written_from and written_to (weight of written rows,
    falling over the run), seed. The state after each epoch is saved to `checkpoint`. Progress goes to stderr.
    """
    torch.manual_seed(int(params["seed"]))
    rng = np.random.default_rng(int(params["seed"]))
    frozen = int(params["frozen"])
    for part in (network.first_norm, *list(network.layers)[:frozen]):
        part.requires_grad_(False)
    cache = _lower_states(network, rows, embed, frozen)
    body = [p for layer in list(network.layers)[frozen:] for p in layer.parameters()]
    known = set(map(id, body))
    others = [p for p in network.parameters() if p.requires_grad and id(p) not in known]
    groups = [{"params": body, "lr": float(params["rate"])}, {"params": others, "lr": float(params["head_rate"])}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    epochs, size = int(params["epochs"]), int(params["batch"])
    steps = epochs * math.ceil(len(rows) / size)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: min(1, (s + 1) / (0.08 * steps)) * max(0.02, 1 - s / steps)
    )
    console, step = Console(stderr=True), 0
    for epoch in range(epochs):
        network.train()
        total = 0.0
        for batch in _batches(rows, size, rng):
            progress = step / steps
            written = float(params["written_from"]) * (1 - progress) + float(params["written_to"]) * progress
            chosen = [rows[i] for i in batch]
            weight = torch.tensor([written if row.written else 1.0 for row in chosen])
            loss = _loss(network, chosen, [cache[i] for i in batch], weight, frozen)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            step, total = step + 1, total + float(loss.detach())
        torch.save(network.state_dict(), checkpoint)
        console.print(f"epoch {epoch + 1} of {epochs}: mean loss {total * epochs / steps:.3f}")
    network.eval()


def _loss(network: Network, rows: list[Row], lower: list[Tensor], weight: Tensor, frozen: int) -> Tensor:
    tokens = max(len(row.ids) for row in rows)
    states, mask, quoted = (
        torch.zeros(len(rows), tokens, lower[0].shape[1]),
        torch.zeros(len(rows), tokens),
        torch.zeros(len(rows), tokens),
    )
    for i, (row, known) in enumerate(zip(rows, lower, strict=True)):
        count = len(row.ids)
        states[i, :count], mask[i, :count], quoted[i, :count] = known.float(), 1.0, torch.tensor(row.quoted)
    pooled, scores = network.pool(network.above(states, mask, frozen), mask)
    codes = network.codes(pooled)
    loss = torch.zeros(len(rows))
    written = torch.tensor([float(row.written) for row in rows])
    for name, share in _WEIGHTS.items():
        target = torch.tensor(np.stack([row.targets[name] for row in rows]))
        if name in ("cluster", "participation_in", "mandate"):
            term = -(target * F.log_softmax(codes[name], dim=1)).sum(1)
        else:
            term = F.binary_cross_entropy_with_logits(codes[name], target, reduction="none").sum(1)
        loss = loss + share * term * (written if name in _WRITTEN_ONLY else 1.0)
    token = F.binary_cross_entropy_with_logits(scores[..., 0], quoted, reduction="none", pos_weight=torch.tensor(3.0))
    found = torch.tensor([row.quotation_found for row in rows])
    loss = loss + _EVIDENCE * found * (token * mask).sum(1) / mask.sum(1)
    return (loss * weight).sum() / weight.sum()


def _lower_states(network: Network, rows: list[Row], embed: Any, frozen: int) -> list[Tensor]:
    """States after the frozen layers, row by row: they never change, so they are computed once (float16)."""
    network.eval()
    states: list[Tensor] = [torch.empty(0)] * len(rows)
    with torch.no_grad():
        for batch in _batches(rows, 16, None):
            tokens = max(len(rows[i].ids) for i in batch)
            ids, mask = np.ones((len(batch), tokens), dtype=np.int64), torch.zeros(len(batch), tokens)
            for place, i in enumerate(batch):
                ids[place, : len(rows[i].ids)] = rows[i].ids
                mask[place, : len(rows[i].ids)] = 1
            found = network.below(torch.tensor(embed(ids)), mask, frozen)
            for place, i in enumerate(batch):
                states[i] = found[place, : len(rows[i].ids)].half()
    return states


def _batches(rows: list[Row], size: int, rng: np.random.Generator | None) -> list[np.ndarray]:
    """Indices in batches of similar length; with `rng`, lengths are blurred and the batches shuffled."""
    lengths = np.array([len(row.ids) for row in rows], dtype=float)
    order = np.argsort(lengths + (rng.random(len(rows)) * 20 if rng else 0), kind="stable")
    batches = np.array_split(order, math.ceil(len(rows) / size))  # never a batch of one: its statistics would be void
    if rng is not None:
        batches = [batches[i] for i in rng.permutation(len(batches))]
    return batches
