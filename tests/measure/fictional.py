"""A fictional corpus: true codes, and codes as a classifier with known faults gives them."""

from typing import Any

import numpy as np
import pandas as pd

from pipeline.domain import codebook

PARAMS: dict[str, Any] = {
    "threshold": "involve",
    "targets": {
        "strategy_policy": "involve",
        "service_design": "collaborate",
        "tech_regulation": "involve",
        "foundational_tech": "involve",
        "oversight_redress": "involve",
    },
    "bootstrap": 300,
    "min_group": 10,
    "min_reviewed": 50,
    "seed": 20260101,
}
CLUSTER_SHARE = np.array([0.2, 0.3, 0.1, 0.1, 0.15, 0.15])
LEVEL_SHARE = np.array([0.35, 0.3, 0.17, 0.1, 0.06, 0.02])
SENTENCES = {
    "none": "The agency will interconnect its registers and train officials in their use.",
    "inform": "The ministry will publish the priority datasets in open formats on a portal for everybody.",
    "consult": "Citizens can send comments on the draft through the portal for sixty days.",
    "involve": "Three workshops with civil society organisations will shape the service before launch.",
    "collaborate": "The platform will be designed jointly with civil society organisations on a joint board.",
    "empower": "Residents decide by binding vote which of the digital projects are funded.",
}
CLUSTER_WORDS = {
    "strategy_policy": "A national digital strategy",
    "service_design": "An online service for permits",
    "tech_regulation": "A law on automated decisions",
    "foundational_tech": "A digital identity layer",
    "oversight_redress": "An online complaints channel",
    "not_digital": "Rules on gifts to officials",
}


def truth(documents: int, rows: int, seed: int = 7, between: float = 8.0) -> pd.DataFrame:
    """`documents` plans of about `rows` commitments with their true codes; plans differ around a common spread."""
    generator = np.random.default_rng(seed)
    table = []
    for number in range(documents):
        country = ["XAA", "XBB", "XCC", "XDD", "XEE", "XFF", "XGG", "XHH", "XII", "XJJ"][number % 10]
        document = f"plan-{number:03d}.pdf"
        year = 2015 + number % 8
        clusters = generator.dirichlet(between * CLUSTER_SHARE)
        levels = generator.dirichlet(between * LEVEL_SHARE)
        for item in range(max(3, generator.poisson(rows))):
            cluster = str(generator.choice(codebook.CLUSTERS, p=clusters))
            level = str(generator.choice(codebook.LEVELS, p=levels))
            engaged = codebook.LEVEL_RANK[level] > 0
            publics = [name for name in codebook.PUBLICS if engaged and generator.random() < 0.35]
            if engaged and not publics:
                publics = ["public"]
            kind_in = "none" if not engaged or cluster == "not_digital" else ["digital", "through_digital"][item % 2]
            text = f"{CLUSTER_WORDS[cluster]}. {SENTENCES[level]} Led in partnership with Open Valley Foundation."
            table.append(
                {
                    "document": document,
                    "commitment_id": f"plan-{number:03d}-{item:04d}",
                    "country": country,
                    "year": year,
                    "kind": codebook.KINDS[number % 3 == 0],
                    "number": str(item + 1),
                    "title": CLUSTER_WORDS[cluster],
                    "text": text,
                    "page_start": item // 3 + 1,
                    "page_end": item // 3 + 1,
                    "language": codebook.LANGUAGES[number % 4],
                    "lead_institution": "Ministry of Digital Affairs (MDA)",
                    "supporting_institutions": "Ministry of Justice; River University; NGOs",
                    "evidence_page": item // 3 + 1 if engaged else None,
                    "cluster": cluster,
                    "iap2_level": level,
                    "participation_in": kind_in,
                    "publics": "|".join(publics),
                    "mandate": "" if codebook.LEVEL_RANK[level] < 2 else ["yes", "no"][int(generator.random() < 0.7)],
                    "evidence": SENTENCES[level] if engaged else "",
                    "policy_areas": codebook.POLICY_AREAS[item % 12],
                    "touchpoints": codebook.TOUCHPOINTS[item % 5] if codebook.LEVEL_RANK[level] > 1 else "",
                    "source": "model",
                    "model": "fictional-1",
                }
            )
    return pd.DataFrame(table)


def fault_matrices() -> tuple[np.ndarray, np.ndarray]:
    """Probability of the coded cluster given the true one, and of the coded level given the true one (6, 6 each)."""
    cluster = np.full((6, 6), 0.06)
    np.fill_diagonal(cluster, 0.7)
    level = np.zeros((6, 6))
    for true in range(6):
        for coded in range(6):
            level[true, coded] = 0.3 ** abs(true - coded) * (1.6 if coded < true else 1.0)
    return cluster, level / level.sum(axis=1, keepdims=True)


def misread(table: pd.DataFrame, seed: int) -> pd.DataFrame:
    """`table` with cluster and level as the faulty classifier codes them."""
    generator = np.random.default_rng(seed)
    cluster, level = fault_matrices()
    result = table.copy()
    for name, words, matrix in (("cluster", codebook.CLUSTERS, cluster), ("iap2_level", codebook.LEVELS, level)):
        place = table[name].map({word: index for index, word in enumerate(words)}).to_numpy()
        bounds = np.cumsum(matrix, axis=1)[place]
        chosen = (generator.random(len(table))[:, None] > bounds / bounds[:, -1:]).sum(axis=1)
        result[name] = [words[index] for index in chosen]
    return result


def confusion(true: pd.DataFrame, coded: pd.DataFrame) -> list[dict[str, Any]]:
    """The evaluation's rows of gold against predicted codes, counted by country."""
    rows = pd.DataFrame(
        {
            "gold_cluster": true["cluster"],
            "gold_level": true["iap2_level"],
            "predicted_cluster": coded["cluster"],
            "predicted_level": coded["iap2_level"],
            "country": true["country"],
        }
    )
    counted = rows.value_counts(sort=False).rename("count").reset_index()
    return [{str(name): value for name, value in row.items()} for row in counted.to_dict("records")]


def documents_of(table: pd.DataFrame) -> pd.DataFrame:
    """The DOCUMENTS table that belongs to `table`."""
    first = table.groupby("document", sort=True).first()
    counts = table.groupby("document")["commitment_id"].count()
    return pd.DataFrame(
        {
            "document": first.index,
            "id": [name.removesuffix(".pdf") for name in first.index],
            "title": "A fictional plan",
            "country": first["country"].to_numpy(),
            "year": first["year"].to_numpy(),
            "kind": first["kind"].to_numpy(),
            "language": first["language"].to_numpy(),
            "status": "ok",
            "reason": "",
            "method": "pypdfium2",
            "pages": 20,
            "pages_ocr": "",
            "pages_without_text": "",
            "blocks": 100,
            "commitments": counts.to_numpy(),
            "in_scope": table[table["cluster"] != "not_digital"]
            .groupby("document")["commitment_id"]
            .count()
            .reindex(first.index, fill_value=0)
            .to_numpy(),
            "path": [f"documents/{name}" for name in first.index],
            "address": [f"https://example.org/{name}" for name in first.index],
            "licence": "CC-BY-4.0",
            "sha256": "0" * 64,
        }
    )
