"""Fixtures that several stages' tests share: a few written examples, and a small classifier trained on them."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from pipeline.domain.schema import LABELLED
from pipeline.train.examples import read_labelled
from pipeline.train.stage import train_classifier

ROOT = Path(__file__).resolve().parents[1]
SMALL = {
    "components": 48,
    "c": 0.1,
    "crisp_weight": 1.0,
    "styled_weight": 1.0,
    "reviewed_weight": 1.0,
    "alternative_share": 0.3,
    "coverage": 0.9,
    "folds": 3,
    "seed": 7,
}


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What the stages keep lies in a folder of the test run, not in the user's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PARTICIPATION_DEFICIT_CACHE", str(tmp_path_factory.mktemp("kept")))
        yield


@pytest.fixture(scope="session")
def few_examples() -> pd.DataFrame:
    """Up to ten written examples of every cluster and level, several languages mixed."""
    labelled = read_labelled(ROOT / "corpus" / "labelled")
    return pd.concat(
        [rows.sample(min(10, len(rows)), random_state=1) for _, rows in labelled.groupby(["cluster", "iap2_level"])]
    ).reset_index(drop=True)


@pytest.fixture(scope="session")
def few_labelled(few_examples: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of labelled examples as an analyst keeps it."""
    folder = tmp_path_factory.mktemp("labelled")
    few_examples.reindex(columns=LABELLED.names).to_csv(folder / "ours.csv", index=False)
    return folder


@pytest.fixture(scope="session")
def small_models(few_labelled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of models with the word-based encoder and a classifier trained on `few_examples`."""
    models = tmp_path_factory.mktemp("models")
    train_classifier(few_labelled, models / "no-vectors", "lexical", dict(SMALL), models)
    return models
