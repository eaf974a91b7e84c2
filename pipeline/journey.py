"""The data's journey as functions: what each stage hands to the next, for the commands and for `dvc.yaml` alike."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.classify.assemble import Counts, assemble
from pipeline.domain.blocks import Blocks
from pipeline.domain.codebook import Status
from pipeline.domain.errors import UserError
from pipeline.domain.execution import Execution
from pipeline.domain.parts import read_parts, write_parts
from pipeline.domain.schema import DOCUMENTS, SOURCES
from pipeline.domain.tables import read_table

Progress = Callable[[int], None] | None
_FACTS = ("id", "title", "country", "year", "kind", "address", "licence", "mapping")


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
    given: pd.DataFrame, blocks: Path, params: dict[str, Any], execution: Execution, progress: Progress = None
) -> pd.DataFrame:
    """Write the blocks (schema BLOCKS) of the `given` documents to `blocks`, and give the table of documents.

    The documents have schema DOCUMENTS; failures are rows with a reason.
    """
    from pipeline.extract.stage import document_table, each_document

    usable = given[given["status"] == Status.OK]
    languages = dict(zip(usable["file"], usable["language"], strict=True))
    mappings = dict(zip(usable["file"], usable["mapping"], strict=True))
    told = (lambda path, status: progress(1)) if progress else None
    params = params | {"workers": execution.workers}  # pages of one document that OCR reads at a time
    rows: list[dict[str, Any]] = []

    def parts() -> Iterator[pd.DataFrame]:
        for found, row in each_document(list(usable["file"]), params, languages, told, mappings, execution):
            rows.append(row)
            yield found

    write_parts(parts(), blocks, "blocks")
    return _described(given, usable, document_table(rows))


def _described(given: pd.DataFrame, usable: pd.DataFrame, read: pd.DataFrame) -> pd.DataFrame:
    """The documents that were read and those that were not, with what is known of them, in the order given."""
    read = read.drop(columns=[name for name in _FACTS if name in read]).assign(path=usable["path"].to_numpy())
    rows = read.merge(given[["path", *_FACTS]], on="path", how="left")
    refused = given[given["status"] != Status.OK]
    failed = refused.drop(columns="file").assign(document=[Path(path).name for path in refused["path"]])
    documents = pd.concat([rows, failed], ignore_index=True).reindex(columns=DOCUMENTS.names)
    order = {path: position for position, path in enumerate(given["path"])}
    return documents.sort_values("path", key=lambda column: column.map(order)).reset_index(drop=True)


def segment(
    blocks: Path, documents: pd.DataFrame, params: dict[str, Any], overrides: Path | None, execution: Execution
) -> Iterator[pd.DataFrame]:
    """Commitments (schema SEGMENTS) of one extracted document after the other, with the analyst's corrections."""
    from pipeline.segment.stage import each_document

    folder = overrides if overrides and overrides.exists() else None
    return each_document(Blocks(blocks), documents, params, folder, execution)


def coder(
    params: dict[str, Any], models: Path, execution: Execution, progress: Progress = None
) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """A function that adds the codes (schema CLASSIFIED) to a table with `id` or `commitment_id`, and `text`.

    Raises UserError where the models are missing or do not fit each other.
    """
    from pipeline.classify.choose import load_encoder
    from pipeline.classify.model import load
    from pipeline.classify.predict import classify_table

    model = load(models / "classifier")
    encoder = load_encoder(str(params["encoder"]), models, execution.workers)
    if model.meta["encoder"] != encoder.name:
        raise UserError(
            f"{models}: the classifier was trained with encoder '{model.meta['encoder']}', not '{encoder.name}'; "
            "run 'participation-deficit train'"
        )
    return lambda table: classify_table(table, model, encoder, progress, execution, keep=True)


def code_corpus(
    segments: Path,
    documents: pd.DataFrame,
    blocks: Path,
    code: Callable[[pd.DataFrame], pd.DataFrame],
    reviewed: Path,
    output: Path,
) -> tuple[pd.DataFrame, list[str]]:
    """Write the dataset's `commitments` to `output`, in parts; give the documents with their counts.

    `code` is what `coder` gives. Also gives the ids of reviewed commitments that are no longer there.
    """
    from pipeline.classify.inputs import check_table
    from pipeline.review.learn import with_reviews

    absent: list[list[str]] = []
    seen: set[str] = set()
    pages = Blocks(blocks)

    def parts() -> Iterator[pd.DataFrame]:
        for part in read_parts(segments, "segments"):
            check_table(part, str(segments), len(seen), seen)
            coded, missing = with_reviews(code(part), reviewed)
            absent.append(missing)
            yield assemble(part, documents, pages, coded)

    counts = Counts()
    write_parts(counts.passing(parts()), output, "commitments")
    everywhere = set(absent[0]).intersection(*absent[1:])
    return counts.added_to(documents), [name for name in absent[0] if name in everywhere]


def describe(
    segments: pd.DataFrame, documents: pd.DataFrame, blocks: Path, codes: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The dataset's `commitments` and `documents` from what the stages gave (see `pipeline.classify.assemble`)."""
    commitments = assemble(segments, documents, Blocks(blocks), codes)
    counts = Counts()
    list(counts.passing([commitments]))
    return commitments, counts.added_to(documents)


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") or part.startswith("~$") for part in path.parts)
