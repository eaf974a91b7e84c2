"""The gold of the samples: where each commitment begins and ends, and how it is coded."""

import csv
import json
from pathlib import Path

from corpus.samples.render.flow import Spans
from corpus.samples.render.source import NOTE, Entry, Sample

# Keys of `codes` in the sources and the columns of labels.csv, in their order.
CODES = {
    "cluster": "cluster",
    "level": "iap2_level",
    "in": "participation_in",
    "publics": "publics",
    "mandate": "mandate",
    "areas": "policy_areas",
    "touchpoints": "touchpoints",
}
LABEL_COLUMNS = ["document", "n", "title", *CODES.values(), "evidence"]


def unit_text(sample: Sample, entry: Entry) -> str:
    """The commitment as a careful reader would cut it out: heading, body, actions, fields; no footnotes or headers."""
    body = [text.replace(NOTE, "") for text in entry.body]
    heading = entry.title if sample.layout == "csv" else sample.heading(entry)
    if sample.layout == "runin":
        return f"{heading} " + "\n".join(body)
    lines = [heading] if heading else []
    if sample.layout == "bill":
        lines.append(entry.title)
    lines += body
    if entry.actions:
        lines += [sample.word("actions"), *(f"• {action}" for action in entry.actions)]
    if sample.layout != "csv":  # a table's other cells are columns of their own
        lines += [f"{label}: {value}" for label, value in entry.fields.items()]
    return "\n".join([*lines, *entry.milestones])


def segments(sample: Sample, spans: Spans) -> list[dict[str, str | int]]:
    """The gold units of one document, in printed order."""
    units: list[dict[str, str | int]] = []
    for theme in sample.themes:
        for entry in theme.entries:
            if entry.n:
                first, last = spans[entry.n]
                units.append({
                    "doc": sample.file, "n": entry.n, "number": entry.number, "title": entry.title,
                    "parent": theme.title, "page_start": first, "page_end": last, "text": unit_text(sample, entry),
                    "language": entry.language or sample.language,
                })  # fmt: skip
    return units


def labels(sample: Sample) -> list[dict[str, str | int]]:
    """The codes of one document's gold units, with the columns `LABEL_COLUMNS`."""
    return [
        {
            "document": sample.file, "n": entry.n, "title": entry.title, "evidence": entry.evidence,
            **{column: entry.codes.get(key, "") for key, column in CODES.items()},
        }
        for entry in sample.entries
        if entry.n
    ]  # fmt: skip


def write_gold(rendered: list[tuple[Sample, Spans]], folder: Path) -> None:
    """Writes `segments.jsonl` and `labels.csv` of all documents into `folder`."""
    units = [unit for sample, spans in rendered for unit in segments(sample, spans)]
    lines = "".join(json.dumps(unit, ensure_ascii=False) + "\n" for unit in units)
    (folder / "segments.jsonl").write_bytes(lines.encode("utf-8"))
    with (folder / "labels.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, LABEL_COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(row for sample, _ in rendered for row in labels(sample))
