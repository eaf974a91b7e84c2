"""Recognition of scanned pages, where tesseract is installed; and what is told where it is not."""

import subprocess

import pypdfium2
import pytest

from pipeline.domain.codebook import Status
from pipeline.extract import ocr
from pipeline.extract.document import extract_document

from .sheets import HEIGHT, PARAMS, Sheet, body
from .test_pdf_traps import LEFT, RIGHT

needs_tesseract = pytest.mark.skipif("eng" not in ocr.engine()[1], reason="tesseract with English is not installed")


@pytest.fixture
def scan(tmp_path):
    """A plan of three pages: text, picture of text, picture without text."""
    drawn = tmp_path / "drawn.pdf"
    sheet = Sheet(drawn)
    sheet.text(72, 80, "Commitment 4 of the plan", 18)
    sheet.lines(72, 120, LEFT, 12)
    sheet.save()
    document = pypdfium2.PdfDocument(drawn)
    picture, grey = tmp_path / "page.png", tmp_path / "grey.png"
    shown = document[0].render(scale=2).to_pil()
    shown.save(picture)
    shown.resize((20, 28)).resize((600, 840)).point(lambda _: 200).save(grey)
    document.close()
    path = tmp_path / "plan.pdf"
    sheet = Sheet(path)
    sheet.lines(72, 100, [*RIGHT, *LEFT])
    sheet.page()
    sheet.canvas.drawImage(str(picture), 0, 0, 595, HEIGHT)
    sheet.page()
    sheet.canvas.drawImage(str(grey), 0, 0, 595, HEIGHT)
    sheet.save()
    return path


@needs_tesseract
def test_a_scanned_page_is_read_with_positions(scan):
    extraction = extract_document(scan, PARAMS | {"ocr": "auto", "ocr_dpi": 200})
    assert extraction.pages_ocr == [2] and extraction.pages_without_text == []
    assert extraction.status is Status.OK and extraction.method == "pypdfium2+tesseract"
    page = extraction.blocks[extraction.blocks["page"] == 2]
    assert page["kind"].tolist()[0] == "heading"
    assert " ".join(LEFT) in body(page)
    paragraph = page[page["kind"] == "paragraph"].iloc[0]
    assert abs(paragraph["x0"] - 72) < 4 and 100 < paragraph["y0"] < 125 and paragraph["y1"] < 215


@needs_tesseract
def test_a_language_without_data_is_told(scan):
    extraction = extract_document(scan, PARAMS | {"ocr": "auto"}, language="uk")
    assert "ukr" in ocr.engine()[1] or "no data for language 'uk'" in extraction.reason
    assert extraction.pages_ocr == [2]


def test_without_an_engine_the_pages_are_named(scan, monkeypatch):
    monkeypatch.setattr(ocr, "engine", lambda: ("", ()))
    extraction = extract_document(scan, PARAMS | {"ocr": "auto"})
    assert extraction.status is Status.PARTIAL
    assert extraction.pages_without_text == [2, 3]
    assert "pages 2-3" in extraction.reason and "install tesseract-ocr" in extraction.reason


def test_an_engine_that_fails_is_told(scan, monkeypatch):
    def fail(*_, **__):
        raise subprocess.TimeoutExpired("tesseract", 1)

    monkeypatch.setattr(ocr, "engine", lambda: ("tesseract 5", ("eng",)))
    monkeypatch.setattr(ocr.subprocess, "run", fail)
    extraction = extract_document(scan, PARAMS | {"ocr": "auto"})
    assert extraction.pages_without_text == [2, 3] and "OCR failed" in extraction.reason


def test_no_engine_on_the_machine(monkeypatch):
    ocr.engine.cache_clear()
    monkeypatch.setattr(ocr.shutil, "which", lambda _: None)
    assert ocr.engine() == ("", ())
    ocr.engine.cache_clear()
