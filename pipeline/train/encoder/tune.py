"""Fine-tuning: many codes at once, the quotation among them, the lower layers frozen."""

import math
from collections import deque
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - the name that PyTorch's own documentation uses
from rich.console import Console
from torch import Tensor

from pipeline.train.encoder.mix import Bank, mixed, passages_of
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
_EVIDENCE = 2.0


def tune(network: Network, rows: list[Row], embed: Any, params: dict[str, Any], checkpoint: Path) -> None:
    """Train `network` in place on `rows`; `embed` turns ids (batch, tokens) into word embeddings.

    `params`: epochs, batch, rate, head_rate, frozen (layers), crisp_share (of the crisp written rows, taken anew in
    each epoch), crisp_weight and styled_weight (of written rows against real ones), mixed_share (of the real and
    styled rows that get a foreign passage), averaged (epochs at the end whose weights are averaged: Izmailov et al.
    2018, arXiv:1803.05407), bfloat16 (whether the layers reckon with 16 bits), seed. The state after each epoch, and
    the averaged one at last, is saved to `checkpoint`. Progress goes to stderr.
    """
    torch.manual_seed(int(params["seed"]))
    rng = np.random.default_rng(int(params["seed"]))
    frozen = int(params["frozen"])
    for part in (network.first_norm, *list(network.layers)[:frozen]):
        part.requires_grad_(False)
    bank = passages_of([row for row in rows if row.origin != "crisp"])
    weights = {"real": 1.0, "styled": float(params["styled_weight"]), "crisp": float(params["crisp_weight"])}
    body = [p for layer in list(network.layers)[frozen:] for p in layer.parameters()]
    known = set(map(id, body))
    others = [p for p in network.parameters() if p.requires_grad and id(p) not in known]
    groups = [{"params": body, "lr": float(params["rate"])}, {"params": others, "lr": float(params["head_rate"])}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    epochs, size = int(params["epochs"]), int(params["batch"])
    crisp = np.array([row.origin == "crisp" for row in rows])
    count = int((~crisp).sum() + round(float(params["crisp_share"]) * crisp.sum()))
    steps = epochs * math.ceil(count / size)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: min(1, (s + 1) / (0.08 * steps)) * max(0.02, 1 - s / steps)
    )
    console = Console(stderr=True)
    last: deque[dict[str, Tensor]] = deque(maxlen=int(params["averaged"]))
    for epoch in range(epochs):
        network.train()
        total = 0.0
        some = rng.choice(np.flatnonzero(crisp), count - int((~crisp).sum()), replace=False)
        drawn = [rows[i] for i in [*np.flatnonzero(~crisp), *some]]
        for batch in _batches(drawn, size, rng):
            chosen = [drawn[i] for i in batch]
            chosen = [_varied(row, bank, float(params["mixed_share"]), rng) for row in chosen]
            weight = torch.tensor([weights[row.origin] for row in chosen])
            loss = _loss(network, chosen, embed, weight, frozen, bool(params["bfloat16"]))
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total += float(loss.detach())
        torch.save(network.state_dict(), checkpoint)
        last.append({name: value.clone() for name, value in network.state_dict().items()})
        console.print(f"epoch {epoch + 1} of {epochs}: mean loss {total * epochs / steps:.3f}")
    network.load_state_dict(mean_of(list(last)))
    torch.save(network.state_dict(), checkpoint)
    network.eval()


def mean_of(states: list[dict[str, Tensor]]) -> dict[str, Tensor]:
    """The mean of each weight over several states of one network."""
    return {
        name: torch.stack([s[name].float() for s in states]).mean(0).to(states[0][name].dtype) for name in states[0]
    }


def _varied(row: Row, bank: Bank, share: float, rng: np.random.Generator) -> Row:
    return mixed(row, bank, rng) if row.origin != "crisp" and rng.random() < share else row


def _loss(network: Network, rows: list[Row], embed: Any, weight: Tensor, frozen: int, brief: bool) -> Tensor:
    tokens = max(len(row.ids) for row in rows)
    ids, mask, quoted = (
        np.ones((len(rows), tokens), dtype=np.int64),
        torch.zeros(len(rows), tokens),
        torch.zeros(len(rows), tokens),
    )
    for i, row in enumerate(rows):
        count = len(row.ids)
        ids[i, :count], mask[i, :count], quoted[i, :count] = row.ids, 1.0, torch.tensor(row.quoted)
    with torch.autocast("cpu", torch.bfloat16, enabled=brief):
        with torch.no_grad():
            states = network.below(torch.tensor(embed(ids)), mask, frozen)
        states = network.above(states, mask, frozen)
    pooled, scores = network.pool(states.float(), mask)
    codes = network.codes(pooled)
    loss = torch.zeros(len(rows))
    for name, share in _WEIGHTS.items():
        target = torch.tensor(np.stack([row.targets[name] for row in rows]))
        if name in ("cluster", "participation_in", "mandate"):
            term = -(target * F.log_softmax(codes[name], dim=1)).sum(1)
        else:
            term = F.binary_cross_entropy_with_logits(codes[name], target, reduction="none").sum(1)
        loss = loss + share * term
    token = F.binary_cross_entropy_with_logits(scores[..., 0], quoted, reduction="none", pos_weight=torch.tensor(3.0))
    found = torch.tensor([row.quotation_found for row in rows])
    loss = loss + _EVIDENCE * found * (token * mask).sum(1) / mask.sum(1)
    return (loss * weight).sum() / weight.sum()


def _batches(rows: list[Row], size: int, rng: np.random.Generator) -> list[np.ndarray]:
    """Indices in shuffled batches of similar length."""
    lengths = np.array([len(row.ids) for row in rows], dtype=float)
    order = np.argsort(lengths + rng.random(len(rows)) * 20, kind="stable")
    batches = np.array_split(order, math.ceil(len(rows) / size))  # never a batch of one: its statistics would be void
    return [batches[i] for i in rng.permutation(len(batches))]
