"""params.yaml as it ships, and with an analyst's slips."""

import pytest

from pipeline.domain import params
from pipeline.domain.errors import UserError

TRAIN = {
    "components": "128",
    "c": "0.1",
    "crisp_weight": "0.5",
    "styled_weight": "0.5",
    "reviewed_weight": "1",
    "alternative_share": "0.3",
    "coverage": "0.9",
    "folds": "5",
    "seed": "1",
}


def with_train(tmp_path, **changes):
    values = {name: value for name, value in (TRAIN | changes).items() if value is not None}
    path = tmp_path / "params.yaml"
    path.write_text("train:\n" + "".join(f"  {name}: {value}\n" for name, value in values.items()))
    return path


@pytest.mark.parametrize("stage", ["extract", "segment", "classify", "train", "evaluate", "measure"])
def test_the_shipped_file_passes(stage):
    assert params.load(stage, params.ROOT / "params.yaml")


def test_values_come_as_they_stand(tmp_path):
    assert params.load("train", with_train(tmp_path))["c"] == 0.1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"train: [1, 2\n", ("not valid YAML", "line")),
        (b"train:\n\tfolds: 5\n", ("not valid YAML", "line 2")),
        (b"", ("no block 'train'",)),
        (b"- a\n", ("no block 'train'",)),
        (b"train: 5\n", ("no block 'train'",)),
        ("train: {a: Gestión}".encode("latin-1"), ("UTF-8",)),
    ],
)
def test_a_broken_file_is_told(tmp_path, content, words):
    path = tmp_path / "params.yaml"
    path.write_bytes(content)
    with pytest.raises(UserError) as told:
        params.load("train", path)
    assert "\n" not in str(told.value)
    assert all(word in str(told.value) for word in (str(path), *words)), str(told.value)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(UserError, match="not found"):
        params.load("train", tmp_path / "params.yaml")


@pytest.mark.parametrize(
    "slip",
    [
        {"folds": None},
        {"folds": "1"},
        {"folds": "five"},
        {"folds": "true"},
        {"folds": "2.5"},
        {"coverage": "90"},
        {"coverage": "1"},
        {"c": "0"},
        {"components": "0"},
        {"alternative_share": "-0.1"},
        {"crisp_weight": "much"},
        {"styled_weight": ".nan"},
    ],
)
def test_a_value_that_training_cannot_use_is_told_by_name(tmp_path, slip):
    (name,) = slip
    with pytest.raises(UserError, match=rf"train\.{name}.*use") as told:
        params.load("train", with_train(tmp_path, **slip))
    assert "\n" not in str(told.value)


def test_an_unknown_threshold_is_told(tmp_path):
    path = tmp_path / "params.yaml"
    path.write_text("evaluate: {threshold: involved, bootstrap: 300, seed: 1}\n")
    with pytest.raises(UserError, match=r"evaluate\.threshold is 'involved'; use one of .*involve"):
        params.load("evaluate", path)


def test_an_unknown_encoder_is_told(tmp_path):
    path = tmp_path / "params.yaml"
    path.write_text("classify: {encoder: bert}\n")
    with pytest.raises(UserError, match=r"classify\.encoder is 'bert'; use one of tuned, lexical"):
        params.load("classify", path)
