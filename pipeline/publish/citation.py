"""How to cite the dataset, as a Citation File (CFF 1.2.0): what it was made from, by which program and model."""

from typing import Any

import yaml

_MESSAGE = "If you use this dataset, please cite it as below, with the checksum of its documents and the model's id."


def citation(package: dict[str, Any], commitments: int) -> bytes:
    """`CITATION.cff` of a dataset, from its Frictionless descriptor and its number of commitments."""
    versions = package["versions"]
    authors = [{"name": contributor["title"]} for contributor in package["contributors"]]
    content = {
        "cff-version": "1.2.0",
        "message": _MESSAGE,
        "type": "dataset",
        "title": package["title"],
        "abstract": f"{package['description']} {commitments} commitments of {len(package['sources'])} documents.",
        "authors": authors,
        "version": package["version"],
        "license": package["licenses"][0]["name"],
        "identifiers": [
            {"type": "other", "value": versions["data"], "description": "Checksum of the documents."},
            {"type": "other", "value": versions["parameters"], "description": "Checksum of the parameters."},
            *([{"type": "other", "value": versions["model"], "description": "Model."}] if versions["model"] else []),
        ],
        "references": [
            {
                "type": "software",
                "title": "participation-deficit",
                "authors": [dict(author) for author in authors],  # the same list twice would become a YAML alias
                "version": package["version"],
                "notes": f"Code {versions['code']}",
            },
            {
                "type": "report",
                "title": "Public Participation in Open Digital Government",
                "authors": [{"name": "Connected by Data"}],
                "year": 2025,
                "notes": "For the Open Government Partnership; source of the five clusters and the two loops.",
            },
        ],
    }
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120).encode("utf-8")
