"""The queue for Label Studio and Argilla, and the reviews that come back from them, as rows of the sheet.

Label Studio (https://labelstud.io/guide/export): a JSON list of tasks with `data` and `annotations`; the choices are
named as the sheet's columns. Argilla (https://docs.argilla.io): JSON Lines of records with `fields`, `metadata` and
`responses`.
"""

import json
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.domain.errors import UserError
from pipeline.review.reading import Row, clean
from pipeline.review.sheet import COLUMNS, SINGLE, TO_FILL, code, legal_values

_SUFFIXES = (".json", ".jsonl")
_SHOWN = ("queue", "commitment_id", "document", "page", "title", "text", "quotation", "reason")
_CHOSEN = tuple(name for name in TO_FILL if legal_values(name))
_TYPED = tuple(name for name in TO_FILL if not legal_values(name) and name != "reviewer")


def is_tool(path: Path) -> bool:
    """Whether the file's name says that an annotation tool wrote it."""
    return path.suffix.lower() in _SUFFIXES


def write_label_studio(table: pd.DataFrame, path: Path) -> None:
    """Write tasks, and beside them the labelling interface (`….xml`). Predictions are shown in the text only: what is
    pre-filled would come back as a review that nobody made."""
    tasks = [{"data": {name: row[name] for name in COLUMNS if name not in TO_FILL}} for row in table.to_dict("records")]
    _write(path, json.dumps(tasks, ensure_ascii=False, indent=1) + "\n")
    _write(path.with_suffix(".xml"), label_studio_interface())


def label_studio_interface() -> str:
    """Label Studio's labelling configuration for the sheet."""
    lines = ["<View>", '  <Header value="$title"/>', '  <Text name="text" value="$text"/>']
    for name in _CHOSEN:
        many = name != "status" and name.removeprefix("reviewed_") not in SINGLE
        lines.append(f'  <Header value="{name}"/>')
        lines.append(f'  <Choices name="{name}" toName="text" choice="{"multiple" if many else "single"}">')
        lines += [f'    <Choice value="{value}"/>' for value in legal_values(name)]
        lines.append("  </Choices>")
    for name in _TYPED:
        lines.append(f'  <Header value="{name}"/>')
        lines.append(f'  <TextArea name="{name}" toName="text" maxSubmissions="1"/>')
    return "\n".join([*lines, "</View>", ""])


def write_argilla(table: pd.DataFrame, path: Path) -> None:
    """Write records, one a line, and beside them the questions (`….settings.json`)."""
    records = [
        {
            "id": row["commitment_id"],
            "fields": {name: row[name] for name in ("title", "text", "quotation")},
            "metadata": {name: row[name] for name in ("queue", "commitment_id", "document", "page", "reason")},
        }
        for row in table.to_dict("records")
    ]
    _write(path, "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records))
    questions = [
        {
            "name": name,
            "type": "multi_label_selection" if _many(name) else "label_selection",
            "labels": list(legal_values(name)),
            "required": name == "status",
        }
        for name in _CHOSEN
    ] + [{"name": name, "type": "text", "required": False} for name in _TYPED]
    settings = {
        "fields": [{"name": name, "type": "text"} for name in ("title", "text", "quotation")],
        "questions": questions,
    }
    _write(path.with_suffix(".settings.json"), json.dumps(settings, indent=1) + "\n")


def read(path: Path) -> list[Row]:
    """The reviews in an export of either tool. Raises UserError where the file is cut or from neither."""
    if not path.is_file():
        raise UserError(f"{path}: not found; check the path")
    try:
        text = path.read_text(encoding="utf-8-sig")
        records = (
            [json.loads(line) for line in text.splitlines() if line.strip()]
            if path.suffix.lower() == ".jsonl"
            else json.loads(text)
        )
    except (ValueError, UnicodeDecodeError):
        raise UserError(f"{path}: is no complete JSON (cut?); export it again") from None
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise UserError(f"{path}: is no list of tasks or records; export JSON from Label Studio or Argilla")
    rows: list[Row] = []
    for number, record in enumerate(records, start=1):
        try:
            reviews = _label_studio(record) if "data" in record else _argilla(record)
        except (KeyError, TypeError, AttributeError, IndexError):
            raise UserError(
                f"{path}, record {number}: is of neither Label Studio nor Argilla; export it again"
            ) from None
        rows += [Row(number, {name: clean(value) for name, value in cells.items()}) for cells in reviews]
    return rows


def _label_studio(task: dict[str, Any]) -> list[dict[str, str]]:
    identity = {name: task["data"][name] for name in ("queue", "commitment_id")}
    reviews = []
    for annotation in task.get("annotations", []):
        if annotation.get("was_cancelled"):
            continue
        who = annotation.get("completed_by", "")
        cells = {**identity, "reviewer": str(who.get("email", who.get("id", "")) if isinstance(who, dict) else who)}
        for result in annotation["result"]:
            if result["from_name"] in TO_FILL:
                value = result["value"]
                cells[result["from_name"]] = "|".join(value.get("choices") or value.get("text") or [])
        reviews.append(cells)
    return reviews


def _argilla(record: dict[str, Any]) -> list[dict[str, str]]:
    identity = {name: record["metadata"][name] for name in ("queue", "commitment_id")}
    by_person: dict[str, dict[str, str]] = {}
    responses = record.get("responses") or {}
    for name, answers in responses.items():
        for answer in answers:
            if name in TO_FILL and answer.get("status", "submitted") == "submitted":
                value = answer["value"]
                cells = by_person.setdefault(str(answer["user_id"]), {**identity, "reviewer": str(answer["user_id"])})
                cells[name] = "|".join(value) if isinstance(value, list) else str(value)
    return list(by_person.values())


def _many(name: str) -> bool:
    return name != "status" and code(name.removeprefix("reviewed_")).many


def _write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.part")
    unfinished.write_text(content, encoding="utf-8")
    unfinished.replace(path)
