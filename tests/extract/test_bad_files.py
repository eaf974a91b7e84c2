"""Files that are not what they should be: each gets its status, a reason and a remedy, and none raises."""

import zipfile

import docx
import pytest
from reportlab.lib import pdfencrypt

from pipeline.domain.codebook import Status
from pipeline.extract import archive
from pipeline.extract.document import extract_document

from .sheets import PARAMS, Sheet


def good_pdf(tmp_path, **options):
    path = tmp_path / "plan.pdf"
    sheet = Sheet(path, **options)
    sheet.text(72, 100, "The agency publishes all of its contracts.")
    sheet.save()
    return path


def good_docx(tmp_path):
    path = tmp_path / "plan.docx"
    document = docx.Document()
    document.add_paragraph("The agency publishes all of its contracts.")
    document.save(str(path))
    return path


def told(path, status, *words):
    extraction = extract_document(path, PARAMS)
    assert extraction.status is status, (extraction.status, extraction.reason)
    assert all(word in extraction.reason for word in words), extraction.reason
    assert "\n" not in extraction.reason
    return extraction


def test_missing(tmp_path):
    told(tmp_path / "none.pdf", Status.MISSING, "not found")


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.csv", "a.md"])
@pytest.mark.parametrize("content", [b"", b"\x00" * 50, b" \n\n"])
def test_empty(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    told(path, Status.EMPTY, "empty")


def test_encrypted_pdf(tmp_path):
    path = good_pdf(tmp_path, encrypt=pdfencrypt.StandardEncryption("secret", ownerPassword="owner"))
    told(path, Status.ENCRYPTED, "password", "save a copy")


def test_pdf_with_an_owner_password_only_is_read(tmp_path):
    path = good_pdf(tmp_path, encrypt=pdfencrypt.StandardEncryption("", ownerPassword="owner", canPrint=0))
    told(path, Status.OK)


def test_encrypted_office_file(tmp_path):
    path = tmp_path / "plan.docx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600)
    told(path, Status.ENCRYPTED, "without a password")


def test_cut_off_pdf(tmp_path):
    path = good_pdf(tmp_path)
    path.write_bytes(path.read_bytes()[:300])
    told(path, Status.UNREADABLE, "damaged", "download it again")


def test_pdf_without_pages(tmp_path):
    path = tmp_path / "plan.pdf"
    objects = [
        b"1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n",
        b"2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n",
    ]
    data, entries = b"%PDF-1.4\n", b"0000000000 65535 f \n"
    for entry in objects:
        entries += b"%010d 00000 n \n" % len(data)
        data += entry
    end = b"xref\n0 3\n" + entries + b"trailer\n<</Root 1 0 R/Size 3>>\nstartxref\n%d\n%%%%EOF\n" % len(data)
    path.write_bytes(data + end)
    told(path, Status.UNREADABLE, "without pages")


def test_pdf_with_a_blank_page(tmp_path):
    path = tmp_path / "plan.pdf"
    sheet = Sheet(path)
    sheet.page()
    sheet.save()
    told(path, Status.EMPTY, "no text")


def test_web_page_saved_as_pdf(tmp_path):
    path = tmp_path / "plan.pdf"
    path.write_text("<!DOCTYPE html><html><body>404 not found</body></html>")
    told(path, Status.UNREADABLE, "HTML", "download it again")


def test_office_file_with_the_wrong_name_is_read_as_what_it_is(tmp_path):
    path = good_docx(tmp_path).rename(tmp_path / "plan.pdf")
    extraction = told(path, Status.OK, "named .pdf but is DOCX")
    assert extraction.blocks["text"].tolist() == ["The agency publishes all of its contracts."]


def test_archive_that_is_no_office_file(tmp_path):
    path = tmp_path / "plan.docx"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("readme.txt", "hello")
    told(path, Status.UNREADABLE, "archive of other files")


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("a.rtf", b"{\\rtf1"),
        ("a.png", b"\x89PNG"),
        ("a.gz", b"\x1f\x8b"),
        ("a.xyz", b"text"),
    ],
)
def test_formats_that_are_not_read(tmp_path, name, head):
    path = tmp_path / name
    path.write_bytes(head + b" more of it")
    told(path, Status.UNSUPPORTED)


def test_binary_in_a_text_file(tmp_path):
    path = tmp_path / "plan.md"
    path.write_bytes(b"abc\x00\x01\x02" * 20)
    told(path, Status.UNREADABLE, "binary")


def test_zip_bomb(tmp_path):
    path = good_docx(tmp_path)
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as file,
        file.open("word/media/bomb.bin", "w", force_zip64=True) as member,
    ):
        for _ in range(320):
            member.write(bytes(2**20))
    assert path.stat().st_size < 2**20
    told(path, Status.LIMIT, "unpacks to")


def test_archive_of_very_many_parts(tmp_path):
    path = good_docx(tmp_path)
    with zipfile.ZipFile(path, "a") as file:
        for number in range(archive.MAX_FILES + 1):
            file.writestr(f"x/{number}", b"")
    told(path, Status.LIMIT, "parts")


def test_entities_in_an_office_file(tmp_path):
    source, path = good_docx(tmp_path), tmp_path / "bomb.docx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w") as new:
        for member in old.infolist():
            data = old.read(member)
            if member.filename == "word/document.xml":
                data = data.replace(b"<w:document", b'<!DOCTYPE x [<!ENTITY a "aaa">]><w:document', 1)
            new.writestr(member, data)
    told(path, Status.UNREADABLE, "entities")


def test_damaged_part_of_an_office_file(tmp_path):
    data = bytearray(good_docx(tmp_path).read_bytes())
    start = data.index(b"word/document.xml") + 40
    data[start : start + 40] = b"\xff" * 40
    path = tmp_path / "bad.docx"
    path.write_bytes(bytes(data))
    extraction = extract_document(path, PARAMS)
    assert extraction.status is Status.UNREADABLE and extraction.reason


def test_giant_page_is_drawn_small_for_ocr(tmp_path):
    from pipeline.extract.ocr import MAX_PIXELS, _image
    from pipeline.extract.page import Page
    from pipeline.extract.pdf import open_pdf

    path = tmp_path / "plan.pdf"
    sheet = Sheet(path)
    sheet.canvas.setPageSize((14000, 14000))
    sheet.text(72, 100, "x")
    sheet.save()
    document = open_pdf(path)
    picture = _image(document, Page(1, 14000, 14000), 300)
    document.close()
    assert len(picture) < 1.05 * MAX_PIXELS


def test_deeply_nested_html(tmp_path):
    path = tmp_path / "plan.html"
    path.write_text(
        "<html><body>"
        + "<div>" * 5000
        + "deep text"
        + "</div>" * 5000
        + "<p>The plan is to publish contracts.</p></body></html>"
    )
    extraction = extract_document(path, PARAMS)
    assert extraction.status in (Status.OK, Status.UNREADABLE, Status.EMPTY)
    assert extraction.status is Status.OK or extraction.reason


def test_page_that_pdfium_cannot_load_is_named(tmp_path):
    path = tmp_path / "plan.pdf"
    sheet = Sheet(path)
    for number in range(3):
        sheet.text(72, 100, f"Page {number} says that the agency publishes its contracts.")
        sheet.page()
    sheet.save()
    data = path.read_bytes()
    second = data.index(b"/Type /Page\n", data.index(b"/Type /Page\n") + 5)
    path.write_bytes(data[:second] + b"/Type /Nope\n" + data[second + 12 :])
    extraction = extract_document(path, PARAMS)
    assert extraction.pages == 3
    assert extraction.status is Status.PARTIAL and "page 2 damaged" in extraction.reason
    assert extraction.pages_without_text == [2]
    assert "Page 0 says" in extraction.blocks["text"].iloc[0] and "Page 2 says" in " ".join(extraction.blocks["text"])
