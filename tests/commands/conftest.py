"""The console command, run in this process as the console runs it."""

import sys
from collections.abc import Callable
from typing import NamedTuple

import pytest

from pipeline.commands import main


class Told(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def command(capfd, monkeypatch) -> Callable[..., Told]:
    monkeypatch.setenv("COLUMNS", "120")

    def run(*arguments: object) -> Told:
        monkeypatch.setattr(sys, "argv", ["participation-deficit", *map(str, arguments)])
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capfd.readouterr()
        return Told(int(ended.value.code or 0), out, err)

    return run


@pytest.fixture
def mistake(command) -> Callable[..., str]:
    """Run a command that must refuse: exit code 2 and exactly one line on stderr, which is returned."""

    def run(*arguments: object) -> str:
        told = command(*arguments)
        assert told.code == 2, told
        assert told.out == ""
        assert "Traceback" not in told.err
        (line,) = told.err.splitlines()
        assert line.startswith("participation-deficit: ")
        return line

    return run


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("PARTICIPATION_DEFICIT_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def params(tmp_path, monkeypatch):
    """Work in an empty folder with a small params.yaml: the word-based encoder, few draws."""
    import yaml

    from pipeline.domain.params import ROOT

    content = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    content["classify"]["encoder"] = "lexical"
    content["measure"]["bootstrap"] = 100
    content["train"] |= {"components": 48, "folds": 3}
    content["extract"] |= {"ocr": "off"}
    content["execution"] |= {"workers": 1}
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "params.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder
