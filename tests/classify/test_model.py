"""Saved models: the same bytes for the same model, and one clear line for a damaged one."""

import json
import pickle
import shutil
import time
from dataclasses import replace

import numpy as np
import pytest

from pipeline.classify import lexical
from pipeline.classify.choose import load_encoder
from pipeline.classify.encoder import TunedEncoder
from pipeline.classify.lexical import load_lexical
from pipeline.classify.model import load, save
from pipeline.domain.errors import UserError


@pytest.fixture
def models(small_models, tmp_path):
    return shutil.copytree(small_models, tmp_path / "models")


def test_what_is_saved_is_loaded(small_models, tmp_path):
    model = load(small_models / "classifier")
    save(model, tmp_path)
    again = load(tmp_path)
    assert again.id == model.id and again.meta == model.meta
    for name, head in model.heads.items():
        assert np.array_equal(head.weights, again.heads[name].weights), name
    assert model.calibration.keys() == again.calibration.keys()


def test_the_same_model_gives_the_same_bytes_at_another_time(small_models, tmp_path, monkeypatch):
    model = load(small_models / "classifier")
    save(model, tmp_path / "1")
    then = time.time() + 86_400
    monkeypatch.setattr(time, "time", lambda: then)
    save(model, tmp_path / "2")
    for name in ("heads.npz", "model.json"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()


def test_the_same_examples_give_the_same_fallback_encoder(few_examples, tmp_path, monkeypatch):
    lexical.fit_lexical(few_examples, 16, seed=1).save(tmp_path / "1" / "lexical.skops")
    then = time.time() + 86_400
    monkeypatch.setattr(time, "time", lambda: then)
    lexical.fit_lexical(few_examples.copy(), 16, seed=1).save(tmp_path / "2" / "lexical.skops")
    for name in ("lexical.skops", "lexical.json"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes(), name
    assert load_lexical(tmp_path / "2" / "lexical.skops").encode(["open data portal"])[0].vector.shape == (16,)


def test_a_loaded_fallback_encoder_encodes_as_the_fitted_one(few_examples, tmp_path):
    fitted = lexical.fit_lexical(few_examples, 16, seed=1)
    fitted.save(tmp_path / "lexical.skops")
    text = few_examples["text"][0]
    before, after = fitted.encode([text])[0], load_lexical(tmp_path / "lexical.skops").encode([text])[0]
    assert np.array_equal(before.vector, after.vector)
    assert np.allclose(before.passages, after.passages, atol=0.001)


def one_line(function, *words):
    with pytest.raises(UserError) as told:
        function()
    assert "\n" not in str(told.value)
    assert all(word in str(told.value) for word in words), str(told.value)


@pytest.mark.parametrize("name", ["heads.npz", "model.json"])
@pytest.mark.parametrize("damage", ["gone", "empty", "cut", "garbage", "hole"])
def test_a_damaged_classifier_is_told(models, name, damage):
    spoil(models / "classifier" / name, damage)
    one_line(lambda: load(models / "classifier"), str(models / "classifier"), "participation-deficit train")


@pytest.mark.parametrize("name", ["lexical.skops", "lexical.json"])
@pytest.mark.parametrize("damage", ["gone", "empty", "cut", "garbage"])
def test_a_damaged_fallback_encoder_is_told(models, name, damage):
    spoil(models / "classifier" / name, damage)
    one_line(lambda: load_encoder("lexical", models), "lexical.skops", "participation-deficit train")


def spoil(path, damage):
    content = path.read_bytes()
    if damage == "gone":
        path.unlink()
        return
    middle = len(content) // 2
    hole = content[: middle - 200] + bytes(400) + content[middle + 200 :]
    path.write_bytes({"empty": b"", "cut": content[:middle], "garbage": b"\xff\xfe?" * 9, "hole": hole}[damage])


def test_a_classifier_without_one_of_its_heads_is_told(models):
    path = models / "classifier" / "heads.npz"
    with np.load(path) as stored:
        arrays = {name: stored[name] for name in stored.files if not name.startswith("mandate")}
    np.savez(path, **arrays)
    one_line(lambda: load(models / "classifier"), "damaged")


def test_a_pickle_is_never_opened(models):
    np.savez(models / "classifier" / "heads.npz", **{"cluster.weights": np.array([{}], dtype=object)})
    one_line(lambda: load(models / "classifier"), "damaged")


def test_an_unknown_encoder_is_told(models):
    one_line(lambda: load_encoder("word2vec", models), "word2vec", "tuned, lexical")


def test_a_missing_tuned_encoder_is_told(models):
    one_line(lambda: load_encoder("tuned", models), "meta.json is missing", "encoder: lexical")


@pytest.mark.parametrize("content", ["", "{", "[]", '{"sha256": 3}', '{"name": "a"}'])
def test_a_damaged_description_of_the_tuned_encoder_is_told(tmp_path, content):
    (tmp_path / "meta.json").write_text(content)
    one_line(lambda: TunedEncoder(tmp_path), "meta.json", "restore it from git")


def test_a_changed_file_of_the_tuned_encoder_is_told(tmp_path):
    (tmp_path / "encoder.onnx").write_bytes(b"something else")
    meta = {"name": "a", "version": "1", "max_tokens": 8, "sha256": {"encoder.onnx": "0" * 64}}
    (tmp_path / "meta.json").write_text(json.dumps(meta))
    one_line(lambda: TunedEncoder(tmp_path), "encoder.onnx", "checksum", "restore it from git")
    (tmp_path / "encoder.onnx").unlink()
    one_line(lambda: TunedEncoder(tmp_path), "encoder.onnx", "missing", "restore it from git")


def test_other_processes_read_the_models_from_their_folder(models):
    model, encoder = load(models / "classifier"), load_encoder("lexical", models)
    sent = pickle.dumps((model, encoder))
    assert len(sent) < 1000
    again, same = pickle.loads(sent)
    assert again.id == model.id and np.array_equal(again.heads["level"].weights, model.heads["level"].weights)
    assert same.fingerprint == encoder.fingerprint
    assert np.array_equal(same.encode(["An open register."])[0].vector, encoder.encode(["An open register."])[0].vector)


def test_a_classifier_that_was_never_saved_travels_whole(models):
    model = load(models / "classifier")
    again = pickle.loads(pickle.dumps(replace(model, folder=None)))
    assert again.meta == model.meta and np.array_equal(again.heads["level"].weights, model.heads["level"].weights)


def test_another_classifier_on_another_machine_is_told(models):
    sent = pickle.dumps(load(models / "classifier"))
    meta = json.loads((models / "classifier" / "model.json").read_text())
    (models / "classifier" / "model.json").write_text(json.dumps(meta | {"id": "another"}))
    with pytest.raises(UserError, match="holds classifier 'another' on this machine.*copy models/"):
        pickle.loads(sent)
