"""A document of the corpus kept in DVC: the commands of docs/fetch.md, with a local remote."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.collect.add import add_document
from pipeline.collect.sources import check_sources

BODY = b"<!DOCTYPE html><html><body><h1>Plan of Valmorne (an invented place)</h1></body></html>"
STAGE = """\
stages:
  collect:
    cmd: {python} -c "from pipeline.commands import main; main()" collect
    deps: [corpus/sources.csv, corpus/documents]
    outs: [data/sources.csv]
"""


def run(folder: Path, *command: str) -> str:
    program = [sys.executable, "-m", "dvc"] if command[0] == "dvc" else [command[0]]
    root = Path(__file__).parents[2]
    environment = os.environ | {
        "DVC_NO_ANALYTICS": "1",
        "PYTHONPATH": str(root),
        "GIT_CONFIG_GLOBAL": os.devnull,
        **{f"GIT_{who}_{what}": "maintainers" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    }
    done = subprocess.run(
        [*program, *command[1:]], cwd=folder, env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_document_travels_through_a_local_remote(tmp_path: Path) -> None:
    mine, remote, theirs = tmp_path / "mine", tmp_path / "remote", tmp_path / "theirs"
    (mine / "corpus" / "documents").mkdir(parents=True)
    page = tmp_path / "xva-nap-2021.html"
    page.write_bytes(BODY)
    add_document(page, mine / "corpus" / "sources.csv", "XVA", 2021, "nap")
    (mine / "dvc.yaml").write_text(STAGE.format(python=Path(sys.executable).as_posix()))
    run(mine, "git", "init", "-q")
    run(mine, "dvc", "init", "-q")
    run(mine, "dvc", "remote", "add", "--default", "storage", str(remote))
    run(mine, "dvc", "add", "-q", "corpus/documents/xva-nap-2021.html")
    run(mine, "git", "add", ".")
    run(mine, "git", "commit", "-q", "-m", "Add a plan")
    run(mine, "dvc", "push", "-q")
    kept = run(mine, "git", "ls-files").split()
    assert "corpus/documents/xva-nap-2021.html.dvc" in kept
    assert "corpus/documents/xva-nap-2021.html" not in kept

    run(tmp_path, "git", "clone", "-q", str(mine), str(theirs))
    assert list(check_sources(theirs / "corpus" / "sources.csv")["status"]) == ["missing"]
    run(theirs, "dvc", "pull", "-q", "corpus/documents/xva-nap-2021.html")
    assert (theirs / "corpus" / "documents" / "xva-nap-2021.html").read_bytes() == BODY
    assert list(check_sources(theirs / "corpus" / "sources.csv")["status"]) == ["ok"]

    # The stages that depend on the folder of documents run with one that DVC tracks.
    run(theirs, "dvc", "repro", "-q", "collect")
    assert (theirs / "data" / "sources.csv").read_text().endswith(",ok,\n")
