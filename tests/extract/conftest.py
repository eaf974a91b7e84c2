"""Fixtures of the extraction tests."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.extract.document import Extraction, extract_document

from .sheets import PARAMS, Sheet


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTICIPATION_DEFICIT_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def params() -> dict[str, object]:
    return dict(PARAMS)


@pytest.fixture
def pdf(tmp_path: Path) -> Callable[[Callable[[Sheet], None]], Extraction]:
    """Draw a PDF with the given function and read it."""

    def read(draw: Callable[[Sheet], None], **options: object) -> Extraction:
        path = tmp_path / "plan.pdf"
        sheet = Sheet(path, **options)
        draw(sheet)
        sheet.save()
        return extract_document(path, PARAMS)

    return read
