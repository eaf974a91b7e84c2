"""The network that is tuned: BERT layers (Devlin et al. 2019), two attention pools, and a head for each code.

The level's pool attends where the evidence is, and learns that from the labelled quotations: the strongest passage
decides the level, as the codebook has it. The cluster's pool learns its attention from the cluster alone.
"""

from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - the name that PyTorch's own documentation uses
from torch import Tensor, nn

from pipeline.classify.heads import LinearHead
from pipeline.train.encoder.rows import BY_EVIDENCE

WIDTH, HEADS, INNER = 384, 12, 1536
OUTPUTS = {
    "cluster": 6,
    "level": 5,
    "participation_in": 3,
    "publics": 5,
    "mandate": 3,
    "policy_areas": 12,
    "touchpoints": 5,
}


class Layer(nn.Module):
    """One encoder layer."""

    def __init__(self, dropout: float):
        super().__init__()
        self.q, self.k, self.v, self.ao = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.aln, self.oln = nn.LayerNorm(WIDTH, eps=1e-12), nn.LayerNorm(WIDTH, eps=1e-12)
        self.fi, self.fo = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.dropout = nn.Dropout(dropout)
        self.before = nn.ModuleDict({name: nn.Identity() for name in ("qkv", "ao", "fi", "fo")})  # see smooth.py

    def forward(self, states: Tensor, bias: Tensor) -> Tensor:
        """States (batch, tokens, width) through attention and the inner layer; `bias` hides the padding."""
        batch, tokens, _ = states.shape
        asked = self.before["qkv"](states)
        split = [part(asked).view(batch, tokens, HEADS, -1).transpose(1, 2) for part in (self.q, self.k, self.v)]
        attended = F.scaled_dot_product_attention(*split, attn_mask=bias).transpose(1, 2).reshape(batch, tokens, WIDTH)
        states = self.aln(states + self.dropout(self.ao(self.before["ao"](attended))))
        inner = F.gelu(self.fi(self.before["fi"](states)))
        return self.oln(states + self.dropout(self.fo(self.before["fo"](inner))))


class Network(nn.Module):
    """Encoder with pools and heads; `layers` are the numbers of the base model's layers that are kept."""

    def __init__(self, tensors: dict[str, np.ndarray], layers: list[int], dropout: float = 0.1):
        super().__init__()
        self.position = nn.Parameter(torch.tensor(tensors["emb.pos"].reshape(-1, WIDTH)), requires_grad=False)
        self.segment = nn.Parameter(torch.tensor(tensors["emb.type"][:WIDTH]), requires_grad=False)
        self.first_norm = nn.LayerNorm(WIDTH, eps=1e-12)
        _fill(self.first_norm, tensors, "emb.ln")
        self.layers = nn.ModuleList(Layer(dropout) for _ in layers)
        for layer, number in zip(self.layers, layers, strict=True):
            for name, part in layer.named_children():
                if name not in ("dropout", "before"):
                    _fill(part, tensors, f"l{number}.{name}")
        self.evidence, self.focus = nn.Linear(WIDTH, 1), nn.Linear(WIDTH, 1)
        self.norms = nn.ModuleDict(
            {n: nn.BatchNorm1d(2 * WIDTH, affine=False, momentum=0.05) for n in ("level", "cluster")}
        )
        self.heads = nn.ModuleDict({name: nn.Linear(2 * WIDTH, size) for name, size in OUTPUTS.items()})
        self.dropout = nn.Dropout(0.25)
        for part in (self.evidence, self.focus, *self.heads.values()):
            nn.init.normal_(part.weight, std=0.02)  # type: ignore[arg-type,union-attr]
            nn.init.zeros_(part.bias)  # type: ignore[arg-type,union-attr]

    def below(self, embeddings: Tensor, mask: Tensor, count: int) -> Tensor:
        """States after the first `count` layers."""
        states = self.first_norm(embeddings + self.position[: embeddings.shape[1]] + self.segment)
        return self.above(states, mask, 0, count)

    def above(self, states: Tensor, mask: Tensor, first: int, last: int | None = None) -> Tensor:
        """States after layers `first` to `last`, from the states before them."""
        bias = (1 - mask[:, None, None, :]) * -1e4
        for layer in list(self.layers)[first:last]:
            states = layer(states, bias)
        return states

    def pool(self, states: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Pooled vectors (batch, 3 x width: mean, evidence, cluster), and the token scores (batch, tokens, 2)."""
        scores = torch.cat([self.evidence(states), self.focus(states)], dim=2)
        hidden = scores + (1 - mask[..., None]) * -1e4
        share = torch.softmax(hidden, dim=1)
        mean = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        pools = torch.einsum("bts,btw->bsw", share, states)
        return torch.cat([mean, pools[:, 0], pools[:, 1]], dim=1), scores

    def codes(self, pooled: Tensor) -> dict[str, Tensor]:
        """Logits of every head from the pooled vectors."""
        by_evidence = self.dropout(self.norms["level"](pooled[:, : 2 * WIDTH]))
        by_focus = self.dropout(self.norms["cluster"](torch.cat([pooled[:, :WIDTH], pooled[:, 2 * WIDTH :]], dim=1)))
        return {name: head(by_evidence if name in BY_EVIDENCE else by_focus) for name, head in self.heads.items()}

    @torch.no_grad()
    def own_heads(self) -> dict[str, LinearHead]:
        """The heads as linear functions of the pooled vectors (3 x width), their normalisation taken in.

        `mandate` is without its output for "no participation to speak of": it is asked only where there is some.
        """
        found = {}
        for name, head in self.heads.items():
            pool = "level" if name in BY_EVIDENCE else "cluster"
            norm: Any = self.norms[pool]
            spread = torch.sqrt(norm.running_var + norm.eps)
            weights = (head.weight / spread).numpy().astype(float)
            intercept = (head.bias - (head.weight / spread) @ norm.running_mean).numpy().astype(float)
            whole = np.zeros((len(weights), 3 * WIDTH))
            whole[:, :WIDTH] = weights[:, :WIDTH]
            second = slice(WIDTH, 2 * WIDTH) if pool == "level" else slice(2 * WIDTH, 3 * WIDTH)
            whole[:, second] = weights[:, WIDTH:]
            kept = slice(1, None) if name == "mandate" else slice(None)
            found[name] = LinearHead(whole[kept], intercept[kept], np.zeros(3 * WIDTH), np.ones(3 * WIDTH))
        return found

    def forward(self, embeddings: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """What is exported: pooled vectors and token scores from word embeddings and mask."""
        return self.pool(self.below(embeddings, mask, len(self.layers)), mask)


def _fill(part: Any, tensors: dict[str, np.ndarray], name: str) -> None:
    part.weight.data = torch.tensor(tensors[f"{name}.w"]).reshape(part.weight.shape)
    part.bias.data = torch.tensor(tensors[f"{name}.b"]).reshape(part.bias.shape)
