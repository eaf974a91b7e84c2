from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from click.testing import Result
from typer.testing import CliRunner

from pipeline.commands.review import review
from review import made_up

Call = Callable[..., Result]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder as `dvc repro` left it, and the working directory."""
    made_up.write(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def call(project: Path) -> Call:
    """Run a command of `review`; output and errors come back together, UserError as raised."""

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(review, list(arguments), catch_exceptions=False)

    return run


@pytest.fixture
def queue(call: Call, project: Path) -> pd.DataFrame:
    """An exported queue of twenty rows, as text."""
    call("export", "--size", "20")
    return pd.read_csv(project / "review/queue.csv", dtype=str, keep_default_na=False)
