import sys
from pathlib import Path

import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "measure"))

import fictional  # noqa: E402

from pipeline.domain.schema import REVIEWS  # noqa: E402
from pipeline.measure.stage import measure  # noqa: E402
from pipeline.publish.stage import publish  # noqa: E402
from pipeline.review.agreement import agreement  # noqa: E402
from publish.hostile import FORMULA, HOSTILE  # noqa: E402


def hostile_corpus() -> pd.DataFrame:
    """A fictional corpus in which one plan's text tries to run as HTML, script and spreadsheet formula."""
    table = fictional.misread(fictional.truth(14, 9, seed=11), 12)
    table.loc[0, ["title", "text", "evidence", "cluster", "iap2_level"]] = [
        FORMULA,
        f"{HOSTILE} Workshops shape the service. {{{{ 7*7 }}}}",
        HOSTILE,
        "service_design",
        "empower",
    ]
    table.loc[1, "lead_institution"] = "Ministry of <b onclick=alert(2)>Bold</b> Affairs"
    table.loc[2, "title"] = "-2+3 Añadir días útiles"
    return table


def reviews() -> pd.DataFrame:
    """Two reviewers of four commitments, who differ on the level of the last; the model said service_design, none."""
    said = [
        ("service_design", "none"),
        ("not_digital", "inform"),
        ("service_design", "consult"),
        ("not_digital", "none"),
    ]
    rows = [
        (str(n), who, cluster, "inform" if n == 3 and who == "B" else level)
        for n, (cluster, level) in enumerate(said)
        for who in "AB"
    ]
    table = pd.DataFrame(rows, columns=["commitment_id", "reviewer", "cluster", "iap2_level"])
    table = table.assign(status="done", adjudication=False, random=True)
    table = table.assign(model_cluster="service_design", model_iap2_level="none")
    return table.reindex(columns=REVIEWS.names).fillna("")


class Dataset:
    """A published dataset with what it was made from."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.commitments = hostile_corpus()
        self.documents = fictional.documents_of(self.commitments)
        self.documents.loc[3, ["address", "path"]] = ["javascript:alert(3)", "plans/a b.pdf"]
        self.documents.loc[4, ["status", "reason"]] = ["partial", "2 pages <i>without</i> text"]
        self.measures = measure(self.commitments, self.documents, fictional.PARAMS, None)
        self.measures["agreement"] = agreement(reviews())

    def write(self, folder: Path) -> Path:
        publish(
            self.commitments,
            self.documents,
            self.measures,
            folder,
            fictional.PARAMS,
            {"version": "1.2.3", "code": "abc1234", "model": "fictional-1", "notice": "Fictional places & plans."},
            {"Cluster macro-F1": 0.71},
        )
        return folder


@pytest.fixture(scope="session")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    made = Dataset(tmp_path_factory.mktemp("published") / "dataset")
    made.write(made.folder)
    return made
