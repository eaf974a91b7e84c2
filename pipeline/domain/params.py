"""Parameters: `params.yaml`, read once, with a clear message for what is missing or wrong."""

import math
from pathlib import Path
from typing import Any

import yaml

from pipeline.domain.codebook import LEVELS
from pipeline.domain.errors import UserError

ROOT = Path(__file__).resolve().parents[2]
ENCODERS = ("tuned", "lexical")

# What a value may be: the words to choose from, or (type, least, most). `measure` and `review` check their own blocks.
_WHOLE, _NUMBER = int, float
_RULES: dict[str, dict[str, Any]] = {
    "execution": {"workers": (_WHOLE, 1, 1024)},
    "classify": {"encoder": ENCODERS},
    "train": {
        "components": (_WHOLE, 1, 10_000),
        "c": (_NUMBER, 1e-6, 1e6),
        "crisp_weight": (_NUMBER, 1e-3, 1000),
        "styled_weight": (_NUMBER, 1e-3, 1000),
        "reviewed_weight": (_NUMBER, 1e-3, 1000),
        "alternative_share": (_NUMBER, 0, 0.5),
        "coverage": (_NUMBER, 0.5, 0.999),
        "folds": (_WHOLE, 2, 100),
        "seed": (_WHOLE, 0, 2**32 - 1),
    },
    "evaluate": {
        "threshold": LEVELS[1:],
        "bootstrap": (_WHOLE, 1, 100_000),
        "seed": (_WHOLE, 0, 2**32 - 1),
    },
}


def load(stage: str, path: Path | None = None) -> dict[str, Any]:
    """The block of `stage` in `path` (default: the project's `params.yaml`).

    Raises UserError when the file or the block is missing, is not valid YAML, or holds a value that cannot be used.
    """
    path = path or (Path("params.yaml") if Path("params.yaml").exists() else ROOT / "params.yaml")
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UserError(f"{path}: not found; run in the project folder or restore the file from git") from None
    except UnicodeDecodeError:
        raise UserError(f"{path}: is not UTF-8; save it as UTF-8 or restore it from git") from None
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        line = f" (line {where.line + 1})" if where else ""
        raise UserError(f"{path}: not valid YAML{line}; correct the file or restore it from git") from None
    if not isinstance(content, dict) or not isinstance(content.get(stage), dict):
        raise UserError(f"{path}: has no block '{stage}'; restore it from git")
    for name, rule in _RULES.get(stage, {}).items():
        _check(f"{path}: {stage}.{name}", content[stage].get(name), rule)
    return dict(content[stage])


def _check(name: str, value: Any, rule: tuple[Any, ...]) -> None:
    """Raises UserError where the value of the parameter called `name` breaks its rule."""
    said = "missing" if value is None else f"'{value}'"
    if isinstance(rule[0], str):
        if value not in rule:
            raise UserError(f"{name} is {said}; use one of {', '.join(rule)}")
        return
    kind, least, most = rule
    number = isinstance(value, int if kind is _WHOLE else (int, float)) and not isinstance(value, bool)
    if not number or not math.isfinite(value) or not least <= value <= most:
        raise UserError(f"{name} is {said}; use a {'whole ' if kind is _WHOLE else ''}number from {least} to {most}")
