"""The encoder that ships: its interface, its languages, its limits. Skipped where its files are not there."""

import numpy as np
import pandas as pd
import pytest

from pipeline.classify.encoder import TunedEncoder, compose, read_heads, save_heads
from pipeline.classify.evidence import best_quotation, word_weights
from pipeline.classify.heads import LinearHead
from pipeline.classify.sentences import split_sentences
from pipeline.domain.codebook import CLUSTERS
from pipeline.domain.params import ROOT
from pipeline.train.vectors import load_store

FOLDER = ROOT / "models" / "encoder"
pytestmark = pytest.mark.skipif(not (FOLDER / "meta.json").exists(), reason="models/encoder is not there")

TEXT = (
    "The land registry dates from 1998. The agency will hold monthly workshops with residents and civil society "
    "organisations to redesign the portal. Budget: 2 million."
)


@pytest.fixture(scope="module")
def encoder():
    return TunedEncoder(FOLDER)


def test_the_name_carries_the_version(encoder):
    assert encoder.name == f"{encoder.meta['name']}@{encoder.meta['version']}"


def test_a_text_is_read_the_same_whatever_stands_beside_it(encoder):
    """int8 activations are scaled over a whole batch: in one batch, a row's codes would hang on its neighbours."""
    texts = [TEXT, "Short.", TEXT * 4, "Otro texto sobre datos abiertos.", TEXT]
    together = encoder.encode(texts)
    for text, found in zip(texts, together, strict=True):
        alone = encoder.encode([text])[0]
        assert np.array_equal(alone.vector, found.vector)
        assert np.array_equal(alone.passages, found.passages)
    assert encoder.encode([]) == []


def test_the_same_text_gives_the_same_numbers(encoder):
    first, second = encoder.encode([TEXT])[0], encoder.encode([TEXT])[0]
    assert np.array_equal(first.vector, second.vector) and np.array_equal(first.passages, second.passages)


def test_passages_lie_inside_the_text_in_order(encoder):
    passages = encoder.encode([TEXT])[0].passages
    assert (passages[:, 0] >= 0).all() and passages[:, 1].max() <= len(TEXT)
    assert (np.diff(passages[:, 0]) >= 0).all()
    assert np.isfinite(passages).all()


def test_a_text_beyond_the_limit_is_cut_not_refused(encoder):
    found = encoder.encode([TEXT * 60])[0]
    assert len(found.passages) < encoder.meta["max_tokens"]
    assert np.isfinite(found.vector).all()


def test_one_thread_gives_what_several_give(encoder):
    texts = [TEXT, "Short.", TEXT * 3, "Otro texto sobre datos abiertos."]
    for alone, together in zip(TunedEncoder(FOLDER, threads=1).encode(texts), encoder.encode(texts), strict=True):
        assert np.array_equal(alone.vector, together.vector) and np.array_equal(alone.passages, together.passages)


def test_heads_are_read_as_they_were_written(tmp_path):
    rng = np.random.default_rng(0)
    own = {
        name: LinearHead(rng.normal(size=(size, 8)), rng.normal(size=size), np.zeros(8), np.ones(8))
        for name, size in (("level", 5), ("cluster", 6))
    }
    save_heads(tmp_path / "heads.npz", own)
    found = read_heads(tmp_path / "heads.npz")
    vectors = rng.normal(size=(3, 8))
    assert list(found) == ["level", "cluster"]
    for name, head in own.items():
        assert np.allclose(found[name].scores(vectors), head.scores(vectors), atol=1e-4)


def test_the_shipped_heads_read_the_shipped_vectors(encoder):
    codes = {name: head.scores(encoder.encode([TEXT])[0].vector[None])[0] for name, head in encoder.heads.items()}
    assert {name: len(scores) for name, scores in codes.items()} == {
        **{"cluster": 6, "level": 5, "participation_in": 3, "publics": 5},
        **{"mandate": 2, "policy_areas": 12, "touchpoints": 5},
    }
    # A portal of the land registry that residents redesign in workshops: digital, and at least consulted on.
    assert CLUSTERS[int(codes["cluster"].argmax())] == "service_design"
    assert (codes["level"][:2] > 0).all()


@pytest.mark.parametrize("text", ["", " ", "\u200b", "…", "データ", "x" * 3000, "\U0001f5f3" * 5])
def test_strange_texts_are_encoded(encoder, text):
    found = encoder.encode([compose("", text)])[0]
    assert np.isfinite(found.vector).all() and found.passages.shape[1] == 4


def test_the_promise_is_quoted_not_the_background(encoder):
    weights = word_weights("", TEXT, encoder.encode([compose("", TEXT)])[0])
    weights = weights[0][:, 0], weights[1][:, 0]
    quotation = best_quotation("", TEXT, weights, next(iter(split_sentences([TEXT]))))
    assert "workshops" in quotation and quotation in TEXT
    assert "Budget" not in quotation and "1998" not in quotation


def test_translations_lie_closer_than_other_commitments(encoder):
    pairs = [
        ("An open data portal with budget data.", "Un portail de données ouvertes avec les données du budget."),
        ("Citizens decide by binding vote on projects.", "Les citoyens décident des projets par vote contraignant."),
        ("A law on the protection of personal data.", "Une loi sur la protection des données personnelles."),
    ]
    vectors = [np.stack([row.vector for row in encoder.encode(side)]) for side in zip(*pairs, strict=True)]
    english, french = (v / np.linalg.norm(v, axis=1, keepdims=True) for v in vectors)
    assert (english @ french.T).argmax(axis=1).tolist() == [0, 1, 2]


def test_stored_vectors_are_those_of_this_encoder(encoder, few_examples):
    from pipeline.classify.encoder import content_key

    store = load_store(ROOT / "corpus" / "vectors" / "written.npz", encoder.name)
    composed = [compose(row.title, row.text) for row in few_examples.head(6).itertuples()]
    for text, fresh in zip(composed, encoder.encode(composed), strict=True):
        stored = store[content_key(text)]
        cosine = stored @ fresh.vector / np.linalg.norm(stored) / np.linalg.norm(fresh.vector)
        assert cosine > 0.98


def test_every_shipped_example_has_a_stored_vector(encoder):
    from pipeline.classify.encoder import content_key
    from pipeline.train.examples import read_labelled

    store = load_store(ROOT / "corpus" / "vectors" / "written.npz", encoder.name)
    labelled = read_labelled(ROOT / "corpus" / "labelled")
    shipped = labelled[labelled["file"].str.startswith("written-")]
    missing = [row.id for row in shipped.itertuples() if content_key(compose(row.title, row.text)) not in store]
    assert missing == []


def test_real_rows_hold_no_text():
    real = pd.read_csv(ROOT / "corpus" / "vectors" / "real.csv", dtype=str, keep_default_na=False)
    assert not {"text", "title", "evidence"} & set(real.columns)
    assert real.map(lambda cell: len(cell.split())).to_numpy().max() < 12
