"""The network's own heads as linear functions of its pooled vectors: the same scores without PyTorch."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed (pip install -e '.[encoder]')")

from pipeline.train.encoder.network import INNER, OUTPUTS, WIDTH, Network  # noqa: E402 - needs torch


def network() -> Network:
    """One layer of random weights, and normalisations that have seen something."""
    rng = np.random.default_rng(0)
    shapes = dict.fromkeys(("q", "k", "v", "ao"), (WIDTH, WIDTH)) | {"fi": (INNER, WIDTH), "fo": (WIDTH, INNER)}
    tensors = {"emb.pos": rng.normal(size=(20, WIDTH)), "emb.type": rng.normal(size=WIDTH)}
    for name, shape in shapes.items():
        tensors |= {f"l0.{name}.w": rng.normal(size=shape) * 0.05, f"l0.{name}.b": rng.normal(size=shape[0])}
    for name in ("emb.ln", "l0.aln", "l0.oln"):
        tensors |= {f"{name}.w": np.ones(WIDTH), f"{name}.b": np.zeros(WIDTH)}
    torch.manual_seed(0)
    made = Network({name: values.astype(np.float32) for name, values in tensors.items()}, [0])
    made.train()
    made.codes(torch.randn(64, 3 * WIDTH) * 3 + 1)
    return made.eval()


def test_own_heads_score_as_the_network_does():
    tuned = network()
    pooled = torch.randn(9, 3 * WIDTH)
    with torch.no_grad():
        codes = {name: values.numpy() for name, values in tuned.codes(pooled).items()}
    heads = tuned.own_heads()
    assert list(heads) == list(OUTPUTS)
    for name, head in heads.items():
        expected = codes[name][:, 1:] if name == "mandate" else codes[name]
        assert np.allclose(head.scores(pooled.numpy().astype(float)), expected, atol=1e-4), name
