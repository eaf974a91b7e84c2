"""The measure stage: coded commitments in, the deficit with its intervals and the tables around it out."""

from typing import Any

import numpy as np
import pandas as pd

from pipeline.domain import codebook, schema
from pipeline.domain.countries import region_of
from pipeline.measure import ecosystem, estimate, exemplars, formulas, misclassification, organisations, resample
from pipeline.measure.coded import Cells, Coded, code
from pipeline.measure.estimate import Evidence
from pipeline.measure.groups import SINGLES, group
from pipeline.measure.inputs import check, check_params

SECONDARY = ("participation_in", "mandate", "publics", "touchpoints", "policy_areas")


def measure(
    commitments: pd.DataFrame,
    documents: pd.DataFrame | None,
    params: dict[str, Any],
    confusion: dict[str, Any] | list[dict[str, Any]] | None,
    reviewed: pd.DataFrame | None = None,
) -> dict[str, pd.DataFrame]:
    """`deficit`, `organisations`, `exemplars` and `ecosystem` (columns: `pipeline.domain.schema`) of coded commitments.

    `commitments`: COMMITMENTS, or any table with `commitment_id` or `id`, `cluster` and `iap2_level`; what it lacks is
    not measured. `documents`: DOCUMENTS, for country, year and kind where commitments lack them. `params`: the block
    `measure` of params.yaml. `confusion`: the evaluation's rows of gold against predicted codes (see
    `misclassification.counts`). `reviewed`: for reviewed commitments, `commitment_id`, what the model had said in
    `model_<code>`, and `random` (1 where chance drew the row for review); without it the model's word is read from its
    probabilities and chance is assumed within rows of like doubt.

    Raises UserError for a missing column, an unknown code, a repeated id or a wrong parameter.
    """
    params = check_params(params)
    table = _complete(check(commitments, "commitments"), documents)
    evidence = gather(table, params, confusion, reviewed)
    plain, crossed = group(table, evidence.coded)
    weights = resample.weights(int(evidence.document.max()) + 1, len(table), params["bootstrap"], params["seed"])
    ratios = estimate.tabulate(formulas.measures(params), plain, crossed, evidence, weights, params)
    links, existence = ecosystem.describe(table, evidence, params, params["seed"])
    opened = ecosystem.touchpoints_opened(table, evidence, params)
    parts = [part for part in (ratios, existence, opened) if len(part)]
    return {
        "deficit": _deficit(pd.concat(parts, ignore_index=True)),
        "organisations": organisations.collect(table, params),
        "exemplars": exemplars.choose(table, params),
        "ecosystem": links.reindex(columns=schema.ECOSYSTEM.names),
    }


def _complete(table: pd.DataFrame, documents: pd.DataFrame | None) -> pd.DataFrame:
    """`table` with country, year and kind from `documents` where it lacks them, and the region of each country."""
    if documents is not None and len(documents) and "document" in table:
        facts = documents.drop_duplicates("document").set_index("document")
        for name in ("country", "year", "kind"):
            if name in facts:
                known = table[name] if name in table else pd.Series("", index=table.index)
                blank = known.isna() | known.astype(str).eq("")
                table[name] = known.astype(object).where(~blank, table["document"].map(facts[name]))
    if "year" in table:
        table["year"] = [_whole(value) for value in table["year"]]
    if "country" in table:
        table["country"] = table["country"].fillna("").astype(str)
        table["region"] = [region_of(value) for value in table["country"]]
    return table


def _whole(value: Any) -> str:
    """A year as text: 2021.0 and "2021" are one group; empty where it is no number."""
    number = pd.to_numeric(value, errors="coerce")
    return "" if pd.isna(number) else str(int(number))


def document_numbers(table: pd.DataFrame) -> np.ndarray:
    """Number of each row's document from 0, country and year with it: a table may hold many plans in one file.

    Where none of these is known, every row is one for itself.
    """
    names = [name for name in ("document", "country", "year") if name in table]
    if not names:
        return np.arange(len(table))
    key = table[names].fillna("").astype(str).agg("|".join, axis=1)
    if key.str.strip("|").eq("").all():
        return np.arange(len(table))
    return pd.factorize(key, sort=True)[0]


def gather(
    table: pd.DataFrame,
    params: dict[str, Any],
    confusion: dict[str, Any] | list[dict[str, Any]] | None,
    reviewed: pd.DataFrame | None,
) -> Evidence:
    """The codes of `table` with what is known of the classifier's error, best source first."""
    coded, document = code(table), document_numbers(table)
    source = table["source"].fillna("").astype(str) if "source" in table else pd.Series("", index=table.index)
    done = source.eq("review").to_numpy()
    model, random = _as_predicted(table, coded, done, reviewed)
    doubtful = np.zeros(len(table), dtype=bool)
    if "needs_review" in table:
        doubtful = table["needs_review"].astype(str).str.lower().isin(("true", "1")).to_numpy()
    by_country = misclassification.counts(confusion) if confusion else np.zeros((0, 0, 0))
    if model is not None and by_country.size:
        by_country = np.concatenate([by_country, _seen(coded.cells, model.cells, done & random)])
    drawn, error = None, "classifier's error not included"
    if done.all():
        error = "every row reviewed"
    elif by_country.sum() > 0:
        drawn = misclassification.draw(coded.cells, document, done, by_country, params["bootstrap"], params["seed"])
        error = "evaluation's confusion carried"
    elif (probabilities := _probabilities(table)) is not None:
        drawn = misclassification.draw_from_probabilities(
            *probabilities, coded.cells, done, params["bootstrap"], params["seed"]
        )
        error = "model's own probabilities carried"
    return Evidence(coded, document, drawn, error, model, done, random, doubtful)


def _seen(true: Cells, predicted: Cells, rows: np.ndarray) -> np.ndarray:
    """Confusion of the rows reviewed at random, as one more country."""
    result = np.zeros((1, misclassification.STATES, misclassification.STATES))
    states = [misclassification.state(cells.cluster[rows], cells.level[rows]) for cells in (true, predicted)]
    np.add.at(result[0], (states[0], states[1]), 1)
    return result


def _probabilities(table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray] | None:
    """The model's probabilities of clusters and levels (N, 6 each), where every row has them."""
    blocks = []
    for words in (codebook.CLUSTERS, codebook.LEVELS):
        names = [f"p_{word}" for word in words]
        if any(name not in table for name in names):
            return None
        block = table[names].apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float)
        if not np.isfinite(block).all() or (block < 0).any() or (block.sum(axis=1) <= 0).any():
            return None
        blocks.append(block)
    return blocks[0], blocks[1]


def _as_predicted(
    table: pd.DataFrame, coded: Coded, done: np.ndarray, reviewed: pd.DataFrame | None
) -> tuple[Coded | None, np.ndarray]:
    """What the model had said on every row (None where that is unknown), and which rows chance drew for review."""
    if not done.any():
        return None, done
    said = table.copy()
    random = done.copy()
    if reviewed is not None and len(reviewed):
        facts = reviewed.drop_duplicates("commitment_id").set_index("commitment_id").reindex(table["commitment_id"])
        known = set()
        for name in ("cluster", "iap2_level", *SECONDARY):
            if f"model_{name}" in facts:
                values = facts[f"model_{name}"].to_numpy()
                there = done & pd.notna(values)
                said[name] = said.get(name, pd.Series("", index=said.index)).astype(object).where(~there, values)
                known.add(name)
        if "random" in facts:
            random = done & facts["random"].astype(str).str.lower().isin(("1", "1.0", "true")).to_numpy()
    elif (probabilities := _probabilities(table)) is not None:
        known = {"cluster", "iap2_level"}
        words = (codebook.CLUSTERS, codebook.LEVELS)
        for name, block, legal in zip(("cluster", "iap2_level"), probabilities, words, strict=True):
            best = np.array(legal, dtype=object)[block.argmax(axis=1)]
            said[name] = said[name].astype(object).where(~done, best)
    else:
        return None, random
    if not {"cluster", "iap2_level"} <= known:
        return None, random
    predicted = code(check(said, "reviewed rows"))
    return Coded(**{**vars(predicted), "has": frozenset(known - {"cluster", "iap2_level"})}), random


def _deficit(rows: pd.DataFrame) -> pd.DataFrame:
    """`rows` as the table DEFICIT: every column, ids, rounded, in a stable order (as made: measure within grouping)."""
    columns = [*SINGLES[:6], "cluster", "policy_area"]
    table = rows.reindex(columns=schema.DEFICIT.names)
    for name in (*columns, "category"):
        table[name] = table[name].astype(object).where(table[name].notna(), "")
    set_columns = [[name for name in columns if row[name] != ""] for row in table[columns].to_dict("records")]
    table["grouping"] = [codebook.LIST_SEPARATOR.join(names) or "all" for names in set_columns]
    table["estimate_id"] = [
        "/".join(
            [
                row["measure"],
                *(f"{name}={row[name]}" for name in names),
                *([row["category"]] if row["category"] else []),
            ]
        )
        for row, names in zip(table.to_dict("records"), set_columns, strict=True)
    ]
    for name in ("counted", "estimate", "low", "high"):
        # Six decimals: more would be the resampling's noise, and would differ between machines' arithmetic.
        table[name] = pd.to_numeric(table[name]).round(6) + 0.0
    table["year"] = pd.to_numeric(table["year"], errors="coerce").astype("Int64")
    for name in ("n", "documents"):
        table[name] = table[name].astype("Int64")
    table["small"] = table["small"].astype(bool)
    order = {name: index for index, name in enumerate(dict.fromkeys(table["measure"]))}
    return (
        table.assign(_order=table["measure"].map(order), _depth=[len(names) for names in set_columns])
        .sort_values(["_order", "_depth", "grouping"], kind="stable")
        .drop(columns=["_order", "_depth"])
        .reset_index(drop=True)
    )
