"""The data's journey as functions: what each stage hands to the next, for the commands and for `dvc.yaml` alike."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.classify.assemble import assemble
from pipeline.domain.codebook import Status
from pipeline.domain.errors import UserError
from pipeline.domain.schema import DOCUMENTS, SOURCES
from pipeline.domain.tables import read_table

Progress = Callable[[int], None] | None
_FACTS = ("id", "title", "country", "year", "kind", "address", "licence")


def found(paths: list[Path]) -> pd.DataFrame:
    """The documents under `paths`, in order of path: columns of SOURCES, `file`, `status`, `reason`.

    Hidden files are left out. Raises UserError for a path that does not exist, or when no document is found.
    """
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files += sorted(file for file in path.rglob("*") if file.is_file() and not _hidden(file.relative_to(path)))
        elif path.exists():
            files.append(path)
        else:
            raise UserError(f"{path}: not found; check the path")
    if not files:
        raise UserError("no documents given; name files or a folder that holds some")
    rows = [
        {"id": file.stem, "path": str(file), "file": file, "status": Status.OK, "reason": ""}
        for file in dict.fromkeys(files)
    ]
    return pd.DataFrame(rows).reindex(columns=[*SOURCES.names, "file", "status", "reason"]).fillna("")


def listed(sources: Path, corpus: Path) -> pd.DataFrame:
    """The documents of a checked list (the output of `collect`), in the same columns as `found`."""
    table = read_table(sources)
    return table.assign(file=[corpus / path for path in table["path"]])


def extract(
    given: pd.DataFrame, params: dict[str, Any], progress: Progress = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Blocks (schema BLOCKS) and documents (schema DOCUMENTS) of `given`; failures are rows with a reason."""
    from pipeline.extract.stage import extract_documents

    usable = given[given["status"] == Status.OK]
    languages = dict(zip(usable["file"], usable["language"], strict=True))
    mappings = dict(zip(usable["file"], usable["mapping"], strict=True))
    told = (lambda path, status: progress(1)) if progress else None
    blocks, read = extract_documents(list(usable["file"]), params, languages, told, mappings)
    read = read.drop(columns=[name for name in _FACTS if name in read]).assign(path=usable["path"].to_numpy())
    rows = read.merge(given[["path", *_FACTS]], on="path", how="left")
    refused = given[given["status"] != Status.OK]
    failed = refused.drop(columns="file").assign(document=[Path(path).name for path in refused["path"]])
    documents = pd.concat([rows, failed], ignore_index=True).reindex(columns=DOCUMENTS.names)
    order = {path: position for position, path in enumerate(given["path"])}
    return blocks, documents.sort_values("path", key=lambda column: column.map(order)).reset_index(drop=True)


def segment(
    blocks: pd.DataFrame, documents: pd.DataFrame, params: dict[str, Any], overrides: Path | None
) -> pd.DataFrame:
    """Commitments (schema SEGMENTS) of the extracted documents, with the analyst's corrections applied."""
    from pipeline.segment.stage import segment_documents

    return segment_documents(blocks, documents, params, overrides if overrides and overrides.exists() else None)


def classify(table: pd.DataFrame, params: dict[str, Any], models: Path, progress: Progress = None) -> pd.DataFrame:
    """The table with its codes (schema CLASSIFIED); `table` needs unique ids in `id` or `commitment_id`, and `text`."""
    from pipeline.classify.choose import load_encoder
    from pipeline.classify.model import load
    from pipeline.classify.predict import classify_table

    model = load(models / "classifier")
    encoder = load_encoder(str(params["encoder"]), models)
    if model.meta["encoder"] != encoder.name:
        raise UserError(
            f"{models}: the classifier was trained with encoder '{model.meta['encoder']}', not '{encoder.name}'; "
            "run 'participation-deficit train'"
        )
    return classify_table(table, model, encoder, progress)


def describe(
    segments: pd.DataFrame, documents: pd.DataFrame, blocks: pd.DataFrame, codes: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The dataset's `commitments` and `documents` from what the stages gave (see `pipeline.classify.assemble`)."""
    return assemble(segments, documents, blocks, codes)


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") or part.startswith("~$") for part in path.parts)
