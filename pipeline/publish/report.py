"""`report.html`: one file that opens offline, made from the published tables and nothing else."""

import base64
import hashlib
import json
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
import pandas as pd
from markupsafe import Markup

from pipeline.domain import codebook
from pipeline.publish import charts, diagram, figures, model_figures, package, words
from pipeline.publish.explore import explore_data, has_pages
from pipeline.publish.words import percent

HERE = Path(__file__).parent
WIDE, NARROW = 760, 340  # widths in CSS pixels that each chart is drawn for: a desktop column and a phone
TOKENS = {
    charts.INK: "--ink",
    charts.MUTED: "--muted",
    charts.RULE: "--rule",
    charts.MARK: "--mark",
    charts.FAINT: "--faint",
    "#ffffff": "--paper",
    **{colour: f"--below-{index}" for index, colour in enumerate(charts.BELOW)},
    **{colour: f"--reached-{index}" for index, colour in enumerate(charts.REACHED)},
}
LISTED_ORGANISATIONS = 30
SAMPLES = "samples/documents/"  # in the path of a document that comes with the project (corpus/README.md)
OPTIONAL = {"title": "", "notice": "", "version": "", "code": "", "licence": package.LICENCE}
FACTS = (
    "below_threshold",
    "mean_shortfall",
    "expert_substitution",
    "affected_communities",
    "mandate_share",
    "through_digital_share",
    "touchpoints_mean",
)


def render(
    tables: dict[str, pd.DataFrame],
    drawn: list[charts.Chart],
    params: dict[str, Any],
    metadata: dict[str, Any],
    evaluation: dict[str, Any],
) -> str:
    """The report's HTML. Text of documents is only ever inserted as text: by autoescape, or as escaped JSON."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {"percent": percent, "country": words.country_name}
    script = (HERE / "report.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode()
    links = Links(tables["documents"], metadata.get("documents_folder", ""))
    html = environment.get_template("report.html.j2").render(
        words=words,
        codebook=codebook,
        metadata=OPTIONAL | {"notice": samples_notice(tables["documents"])} | metadata,
        params=params,
        evaluation=model_figures.rows(evaluation),
        style=Markup((HERE / "report.css").read_text(encoding="utf-8")),
        script=Markup(script),
        policy=f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-{digest}'",
        corpus=corpus(tables),
        facts={name: figures.headline(tables["deficit"], name) for name in FACTS},
        figures={chart.name: figure(chart) for chart in drawn},
        ecosystem=ecosystem(tables["ecosystem"], tables["deficit"]),
        examples=examples(tables["exemplars"], links),
        organisations=organisations(tables["organisations"]),
        agreement=agreement(tables["agreement"]),
        explore=Markup(embed(explore_data(tables["commitments"], tables["documents"], links.of))),
        threshold=params["threshold"],
    )
    return html if html.endswith("\n") else html + "\n"


class Links:
    """Addresses of pages: the published address where there is one, else the file beside the dataset."""

    def __init__(self, documents: pd.DataFrame, folder: str):
        self.targets = {}
        for row in documents.to_dict("records"):
            address = row["address"]
            if re.match(r"https?://[^\s\"'<>]+$", address):
                self.targets[row["document"]] = (address.split("#")[0], address.lower().split("?")[0])
            else:
                path = row["path"] or row["document"]
                # A file named by its whole path is sought from here, as `documents_folder` is.
                path = os.path.relpath(path) if Path(path).is_absolute() else path
                relative = f"{folder.rstrip('/')}/{path}" if folder else path
                # A colon early in a relative path would be read as a scheme such as `javascript:`.
                self.targets[row["document"]] = ("./" * (not folder) + quote(relative, safe="/"), path.lower())

    def of(self, document: str, page: Any) -> str:
        """Link to `page` of `document`; without the page for files that have none; empty where it is unknown."""
        if document not in self.targets:
            return ""
        target, name = self.targets[document]
        return f"{target}#page={int(page)}" if pd.notna(page) and name.endswith(".pdf") else target


def embed(data: Any) -> str:
    """`data` as JSON that cannot end the script element it stands in, whatever its text holds."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def corpus(tables: dict[str, pd.DataFrame]) -> dict[str, Any]:
    """What was read: numbers of documents, commitments, countries, years and languages, and what could not be read."""
    documents, commitments = tables["documents"], tables["commitments"]
    years = commitments["year"].dropna()
    failed = documents[~documents["status"].isin(["ok", "partial"])]
    return {
        "documents": len(documents),
        "read": len(documents) - len(failed),
        "commitments": len(commitments),
        "in_scope": int((commitments["cluster"] != codebook.NOT_DIGITAL).sum()),
        "reviewed": int((commitments["source"] == "review").sum()),
        "countries": sorted(set(commitments["country"]) - {""}),
        "years": (int(years.min()), int(years.max())) if len(years) else None,
        "languages": [words.LANGUAGES.get(code, code) for code in sorted(set(commitments["language"]) - {""})],
        "failed": [
            (row["document"], row["status"], row["reason"])
            for row in documents[documents["status"] != "ok"].to_dict("records")
        ],
        "models": sorted(set(commitments["model"]) - {""}),
    }


def samples_notice(documents: pd.DataFrame) -> str:
    """What to say above a report on the project's invented samples; empty where there are none."""
    invented = int(documents["path"].str.contains(SAMPLES, regex=False).sum())
    if not invented:
        return ""
    which = "All documents are" if invented == len(documents) else f"{invented} of {len(documents)} documents are"
    return f"{which} invented samples of the project: figures that rest on them say nothing about the world."


def figure(chart: charts.Chart) -> dict[str, Any]:
    """A chart for the page: drawn for desktop and phone, in the page's colours, with its words and figures."""
    return {
        "title": chart.title,
        "alternative": chart.alternative,
        "wide": Markup(themed(charts.svg(chart.draw(WIDE)))),
        "narrow": Markup(themed(charts.svg(chart.draw(NARROW)))),
        "rows": chart.table.to_dict("records"),
        "levels": "level" in chart.table,
        "small": bool(chart.table["small"].any()),
    }


def themed(svg: str) -> str:
    """`svg` with the design's colours replaced by the page's variables, sized by the page."""
    for colour, variable in TOKENS.items():
        svg = svg.replace(f'"{colour}"', f'"var({variable})"')
    return re.sub(r"^<svg ", '<svg aria-hidden="true" focusable="false" ', svg, count=1)


def ecosystem(links: pd.DataFrame, deficit: pd.DataFrame) -> dict[str, Any]:
    """The two loops over all countries (or plans, where countries are unknown), and each one's links."""
    grouping = "country" if (links["grouping"] == "country").any() else "document"
    rows = links[links["grouping"] == grouping]
    if rows.empty:
        return {"rows": []}
    label = grouping
    unit = "countries" if grouping == "country" else "plans"
    states: list[dict[diagram.Link, bool]] = []
    names: list[str] = []
    for name, part in rows.groupby(label, sort=True):
        states.append({(row["source"], row["target"]): bool(row["open"]) for row in part.to_dict("records")})
        names.append(words.country_name(str(name)) if grouping == "country" else str(name))
    total = len(states)
    counts = {link: sum(state[link] for state in states) for link in states[0]}
    groups = [{"name": name, "open": state} for name, state in zip(names, states, strict=True)]
    alone = figures.pick(deficit, "isolated_activities", grouping)
    return {
        "diagram": Markup(diagram.draw(counts, total)),
        "links": list(counts),
        "rows": groups,
        "total": total,
        "unit": unit if total != 1 else ("country" if grouping == "country" else "plan"),
        "counts": counts,
        "isolated": None if alone.empty else int(round(float((alone["counted"] * alone["n"]).sum()))),
        "activities": None if alone.empty else int(alone["n"].sum()),
        "said": diagram.describe(counts, total, unit),
    }


def examples(exemplars: pd.DataFrame, links: Links) -> dict[str, list[dict[str, Any]]]:
    """Exemplars and near-misses by cluster, each with the link to its page."""
    result: dict[str, list[dict[str, Any]]] = {"exemplar": [], "near_miss": []}
    for role, found in result.items():
        for cluster in codebook.IN_SCOPE:
            rows = exemplars[(exemplars["role"] == role) & (exemplars["cluster"] == cluster)].sort_values("rank")
            entries = [
                {str(name): value for name, value in row.items()}
                | {
                    "link": links.of(row["document"], row["page"]),
                    "paged": has_pages(row["document"]) and pd.notna(row["page"]),
                }
                for row in rows.to_dict("records")
            ]
            if entries:
                found.append({"cluster": cluster, "entries": entries})
    return result


def organisations(table: pd.DataFrame) -> dict[str, Any]:
    """Bodies by kind, and those named most often."""
    kinds = []
    for kind, name in words.ORGANISATIONS.items():
        part = table[table["kind"] == kind]
        if len(part):
            kinds.append(
                {
                    "name": name,
                    "bodies": len(part),
                    "mentions": int(part["commitments"].sum()),
                    "in_scope": int(part["in_scope"].sum()),
                    "at_threshold": int(part["at_threshold"].sum()),
                }
            )
    order = table.sort_values(["at_threshold", "in_scope", "name"], ascending=[False, False, True])
    return {"kinds": kinds, "rows": order.head(LISTED_ORGANISATIONS).to_dict("records"), "total": len(table)}


def agreement(table: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """Agreement of reviewers and model: `overall` a row for each pair, code and choice of rows, `classes` by value."""
    overall: list[dict[str, Any]] = []
    for key, part in table[table["value"] == ""].groupby(["between", "code", "rows"], sort=False):
        between, code, rows = map(str, key)
        values = dict(zip(part["measure"].str.split("_").str[0], part["agreement"].round(2) + 0.0, strict=True))
        name = words.AGREEMENT[between] + (", rows drawn by chance" if rows == "random" else "")
        overall.append({"name": name, "code": words.CODES[code], "n": int(part["n"].max()), **values})
    classes = [
        {
            "name": words.AGREEMENT[row["between"]],
            "value": (words.CLUSTERS | words.LEVELS)[row["value"]],
            "measure": words.MEASURED[row["measure"]],
            "agreement": row["agreement"],
            "n": row["n"],
        }
        for row in table[(table["value"] != "") & (table["rows"] == "all")].to_dict("records")
    ]
    return {"overall": overall, "classes": classes}
