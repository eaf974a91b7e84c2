"""A small made-up corpus as `dvc repro` would leave it: one real PDF, classified commitments, documents, figures."""

from pathlib import Path

import numpy as np
import pandas as pd
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from pipeline.domain.codebook import CLUSTERS, LEVELS
from pipeline.domain.schema import COMMITMENTS, DOCUMENTS

PDF = "plan-a.pdf"
SENTENCES = [
    "The ministry will publish the register of permits as open data on a portal.",
    "Three workshops with civil society organisations will shape the new online service.",
    "The agency will connect its registers – the “data bridge” – by the end of the year.",
    "Citizens can comment on the draft data protection law for sixty days.",
    "Se creará una mesa de diálogo con la sociedad civil sobre identidad digital.",
]
FORMULA = '=HYPERLINK("https://example.org","prize")'


def commitments(count: int = 40, seed: int = 3) -> pd.DataFrame:
    """`count` commitments in two documents, coded with probabilities of a made-up model."""
    generator = np.random.default_rng(seed)
    rows = []
    for number in range(count):
        sentence = SENTENCES[number % len(SENTENCES)]
        p_cluster, p_level = (generator.dirichlet(np.full(6, 0.5)).round(4) for _ in range(2))
        cluster, level = CLUSTERS[int(p_cluster.argmax())], LEVELS[int(p_level.argmax())]
        rows.append(
            {
                "document": PDF if number % 2 == 0 else "plan-b.html",
                "commitment_id": f"plan-{'ab'[number % 2]}-{number:010x}",
                "country": "XAA" if number % 2 == 0 else "XBB",
                "year": 2024,
                "kind": "nap",
                "title": FORMULA if number == 3 else f"Commitment {number}",
                "text": f"{sentence} This is number {number}; it begins in spring.",
                "page_start": 1 + number // 20 if number % 2 == 0 else 1,
                "page_end": 1 + number // 20 if number % 2 == 0 else 1,
                "language": "es" if number % 5 == 4 else "en",
                "boxes": f"{1 + number // 20}:60,{_top(number)},540,{_top(number) + 16}" if number % 2 == 0 else "",
                "evidence": "" if level == "none" else sentence,
                "cluster": cluster,
                "cluster_probability": p_cluster.max(),
                **{f"p_{name}": p for name, p in zip(CLUSTERS, p_cluster, strict=True)},
                "cluster_set": cluster,
                "iap2_level": level,
                "iap2_probability": p_level.max(),
                **{f"p_{name}": p for name, p in zip(LEVELS, p_level, strict=True)},
                "iap2_set": level,
                "participation_in": "none" if level == "none" or cluster == "not_digital" else "digital",
                "publics": "" if level == "none" else "public|civil_society",
                "mandate": "no" if level in LEVELS[2:] else "",
                "policy_areas": "" if cluster == "not_digital" else "services",
                "touchpoints": "design" if level in LEVELS[2:] else "",
                "needs_review": False,
                "source": "model",
                "model": "made-up-1",
            }
        )
    return pd.DataFrame(rows).reindex(columns=COMMITMENTS.names)


def documents() -> pd.DataFrame:
    """The two documents; the PDF's path counts from the corpus folder."""
    rows = [
        {"document": PDF, "id": "plan-a", "status": "ok", "path": f"documents/{PDF}", "country": "XAA"},
        {"document": "plan-b.html", "id": "plan-b", "status": "ok", "path": "documents/plan-b.html", "country": "XBB"},
    ]
    return pd.DataFrame(rows).reindex(columns=DOCUMENTS.names)


def write(folder: Path, count: int = 40) -> pd.DataFrame:
    """Write data/, corpus/ and models/ as the stages would; returns the classified commitments."""
    table = commitments(count)
    for name in ("data/measures", "corpus/documents"):
        (folder / name).mkdir(parents=True)
    table.to_csv(folder / "data/classified.csv", index=False)
    documents().to_csv(folder / "data/documents.csv", index=False)
    write_figures(folder, 0.5, 0.8)
    _write_pdf(folder / "corpus/documents" / PDF, table[table["document"] == PDF])
    (folder / "corpus/documents/plan-b.html").write_text("<p>plan</p>")
    return table


def write_figures(folder: Path, right: float, deficit: float, tested: int = 20) -> None:
    """Results as `train` and `measure` would write them: `right` of `tested` rows have the right cluster."""
    rows = pd.DataFrame({"id": [f"r{number:02d}" for number in range(tested)]})
    hit = np.arange(tested) < right * tested
    codes = {"gold_cluster": "service_design", "gold_level": "none", "level": "none"}
    rows = rows.assign(**codes, cluster=np.where(hit, "service_design", "not_digital"))
    for legal, name in ((CLUSTERS, "cluster"), (LEVELS, "level")):
        rows = rows.assign(**{f"alternative_{name}": ""})
        rows = rows.assign(**{f"p_{value}": np.where(rows[name] == value, 0.75, 0.05) for value in legal})
    (folder / "models/classifier").mkdir(exist_ok=True, parents=True)
    rows.to_csv(folder / "models/classifier/out_of_fold.csv", index=False)
    row = {
        "estimate_id": "below_threshold/involve",
        "measure": "below_threshold",
        "grouping": "all",
        "category": "involve",
        "estimate": deficit,
        "low": 0.6,
        "high": 0.9,
        "n": 9,
    }
    pd.DataFrame([row]).to_csv(folder / "data/measures/deficit.csv", index=False)


def _top(number: int) -> float:
    return 80.0 + 30 * (number % 20)


def _write_pdf(path: Path, table: pd.DataFrame) -> None:
    canvas = Canvas(str(path), pagesize=A4)
    for page in (1, 2):
        canvas.setFont("Helvetica", 9)
        for row in table[table["page_start"] == page].itertuples():
            canvas.drawString(62, A4[1] - _top(int(row.commitment_id[-10:], 16)) - 12, row.text)
        canvas.showPage()
    canvas.save()
