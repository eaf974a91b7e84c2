"""Parameters: `params.yaml`, read once, with a clear message for what is missing or wrong."""

from pathlib import Path
from typing import Any

import yaml

from pipeline.domain.errors import UserError

ROOT = Path(__file__).resolve().parents[2]


def load(stage: str, path: Path | None = None) -> dict[str, Any]:
    """The block of `stage` in `path` (default: the project's `params.yaml`).

    Raises UserError when the file or the block is missing or is not valid YAML.
    """
    path = path or (Path("params.yaml") if Path("params.yaml").exists() else ROOT / "params.yaml")
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UserError(f"{path}: not found; run in the project folder or restore the file from git") from None
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        line = f" (line {where.line + 1})" if where else ""
        raise UserError(f"{path}: not valid YAML{line}; correct the file or restore it from git") from None
    if not isinstance(content, dict) or not isinstance(content.get(stage), dict):
        raise UserError(f"{path}: has no block '{stage}'; restore it from git")
    return dict(content[stage])
