"""Smooth the inputs of the linear maps before they become int8 (SmoothQuant, Xiao et al. 2023, arXiv:2211.10438).

int8 activations share one scale a text. A few channels are twenty times the size of the others, and with them in the
scale the others lose their digits: codes of unseen rows got worse by four to eight points. So each channel is divided
by a number, and the weights that read it are multiplied by the same: nothing changes, but for what rounding takes.
"""

import copy
from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

from pipeline.train.encoder.network import Layer, Network

SHARE = 0.7  # of the unevenness that moves from the inputs to the weights
_READERS = {"qkv": ("q", "k", "v"), "ao": ("ao",), "fi": ("fi",), "fo": ("fo",)}


class Scale(nn.Module):
    """Multiplies each channel by a number of its own."""

    def __init__(self, factor: Tensor):
        super().__init__()
        self.factor = nn.Parameter(factor, requires_grad=False)

    def forward(self, states: Tensor) -> Tensor:
        """The states (…, channels), scaled."""
        return states * self.factor


def smoothed(network: Network, texts: Iterable[Tensor]) -> Network:
    """A copy that gives the same numbers, with inputs that are even on `texts` (word embeddings, (tokens, width))."""
    result = copy.deepcopy(network).eval()
    layers: list[Any] = list(result.layers)
    for layer, largest in zip(layers, _largest(result, texts), strict=True):
        for name, readers in _READERS.items():
            _even_out(layer, name, [getattr(layer, reader) for reader in readers], largest[name])
    return result


def _even_out(layer: Layer, name: str, readers: list[nn.Linear], largest: Tensor) -> None:
    weights = torch.stack([reader.weight.data.abs().amax(0) for reader in readers]).amax(0)
    size = largest.clamp(min=1e-3) ** SHARE / weights.clamp(min=1e-3) ** (1 - SHARE)
    size = size / size.median()
    layer.before[name] = Scale(1 / size)
    for reader in readers:
        reader.weight.data *= size


@torch.no_grad()
def _largest(network: Network, texts: Iterable[Tensor]) -> list[dict[str, Tensor]]:
    """Largest absolute value of each channel that goes into the linear maps, by layer and place."""
    found: list[dict[str, Tensor]] = [{} for _ in network.layers]
    hooks = []
    for layer, mine in zip(network.layers, found, strict=True):
        for name, place in layer.before.items():  # type: ignore[operator,union-attr]

            def note(_: nn.Module, given: tuple[Tensor], mine: dict[str, Tensor] = mine, name: str = name) -> None:
                size = given[0].abs().flatten(end_dim=-2).amax(0)
                mine[name] = torch.maximum(mine[name], size) if name in mine else size

            hooks.append(place.register_forward_pre_hook(note))
    for text in texts:
        network(text[None], torch.ones(1, len(text)))
    for hook in hooks:
        hook.remove()
    return found
