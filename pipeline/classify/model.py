"""The trained classifier as plain numbers: heads, calibration, conformal scores, and where they come from."""

import json
import zipfile
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.classify.heads import LinearHead
from pipeline.domain.errors import UserError
from pipeline.domain.params import ROOT

FOLDER = ROOT / "models" / "classifier"
HEADS = ("projection", "cluster", "level", "participation_in", "publics", "mandate", "policy_areas", "touchpoints")
_PARTS = ("weights", "intercept", "centre", "scale")


@dataclass(frozen=True)
class Classifier:
    """Heads by name (`projection` comes first), calibration of cluster and level, sorted conformal scores, and `meta`.

    `meta` holds the model's id (a digest of its numbers), the encoder's name, the parameters, the counts of training
    rows and the stated coverage of the prediction sets. `folder`: where it was read from, if it was.
    """

    heads: dict[str, LinearHead]
    calibration: dict[str, np.ndarray]
    meta: dict[str, Any]
    folder: Path | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        """Other processes read it from its folder, once each, instead of getting a megabyte with every task."""
        if self.folder is None:
            return Classifier, (self.heads, self.calibration, self.meta)
        return _load_once, (self.folder, self.id)

    @property
    def id(self) -> str:
        """Deterministic id of the trained model."""
        return str(self.meta["id"])


def save(model: Classifier, folder: Path) -> None:
    """Write `heads.npz` and `model.json` into `folder`, the same bytes for the same model."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays = {f"{name}.{part}": getattr(head, part) for name, head in model.heads.items() for part in _PARTS}
    arrays |= {f"calibration.{name}": values for name, values in model.calibration.items()}
    numbers: dict[str, Any] = {name: np.asarray(arrays[name], dtype=np.float32) for name in sorted(arrays)}
    np.savez(folder / "heads.npz", **numbers)
    (folder / "model.json").write_text(json.dumps(model.meta, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def load(folder: Path = FOLDER) -> Classifier:
    """Read a saved classifier; raises UserError where it is missing or incomplete."""
    try:
        meta = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        with np.load(folder / "heads.npz", allow_pickle=False) as stored:
            arrays = {name: stored[name].astype(np.float64) for name in stored.files}
        heads = {name: LinearHead(**{part: arrays[f"{name}.{part}"] for part in _PARTS}) for name in HEADS}
    except FileNotFoundError:
        raise UserError(
            f"{folder}: holds no trained classifier; run 'participation-deficit train' or 'make repro' first"
        ) from None
    except (KeyError, ValueError, TypeError, EOFError, OSError, zipfile.BadZipFile, zlib.error):
        raise UserError(
            f"{folder}: the trained classifier is damaged; run 'participation-deficit train' again"
        ) from None
    calibration = {
        name.removeprefix("calibration."): values for name, values in arrays.items() if name.startswith("calibration.")
    }
    return Classifier(heads, calibration, meta, folder)


@cache
def _load_once(folder: Path, name: str) -> Classifier:
    """The classifier `name`, in another process; raises UserError where another one lies there."""
    model = load(folder)
    if model.id != name:
        raise UserError(
            f"{folder}: holds classifier '{model.id}' on this machine, not '{name}'; copy models/ to it again"
        )
    return model
