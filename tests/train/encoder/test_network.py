"""The network's own heads as linear functions of its pooled vectors: the same scores without PyTorch."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed (pip install -e '.[encoder]')")

from pipeline.train.encoder.network import INNER, OUTPUTS, WIDTH, Network  # noqa: E402 - needs torch
from pipeline.train.encoder.smooth import smoothed  # noqa: E402
from pipeline.train.encoder.tune import mean_of  # noqa: E402


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


def test_smoothing_evens_the_inputs_out_and_changes_nothing_else():
    tuned = network()
    with torch.no_grad():
        tuned.layers[0].fi.bias[7] += 200  # a channel far larger than the others, as trained networks have them
    texts = [torch.randn(tokens, WIDTH) for tokens in (5, 12)]
    even = smoothed(tuned, texts)
    uneven, smooth = (unevenness(each, texts[1]) for each in (tuned, even))
    assert uneven > 50 and smooth < uneven / 3
    with torch.no_grad():
        for text in texts:
            for before, after in zip(
                tuned(text[None], torch.ones(1, len(text))), even(text[None], torch.ones(1, len(text))), strict=True
            ):
                assert torch.allclose(before, after, atol=1e-3)


def unevenness(given: Network, text: "torch.Tensor") -> float:
    """Largest channel against the median one, where the inner layer's values are read."""
    seen = []
    hook = given.layers[0].fo.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0].abs().amax((0, 1))))
    with torch.no_grad():
        given(text[None], torch.ones(1, len(text)))
    hook.remove()
    return float(seen[0].max() / seen[0].median())


def test_the_mean_of_two_states_lies_between_them():
    first, second = network().state_dict(), {name: value + 2 for name, value in network().state_dict().items()}
    mean = mean_of([first, second])
    assert all(
        torch.allclose(mean[name], first[name] + 1, atol=1e-5) for name in first if first[name].is_floating_point()
    )
    assert all(mean[name].dtype == first[name].dtype for name in first)
