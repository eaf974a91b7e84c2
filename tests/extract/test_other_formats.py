"""DOCX, HTML, Markdown, reStructuredText and plain text: order, headings, lists, tables, and what must stay out."""

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.domain.codebook import Status
from pipeline.domain.errors import DocumentError
from pipeline.extract.document import extract_document
from pipeline.extract.encoding import decode
from pipeline.extract.html import read_html
from pipeline.extract.markdown import read_markdown
from pipeline.extract.plain_text import read_plain
from pipeline.extract.rst import read_rst

from .sheets import PARAMS, body, of_kind


def kinds(blocks):
    return [(block.kind, block.marker, block.text) for block in blocks if block.text]


def test_docx_in_document_order_with_tables_lists_and_headings(tmp_path):
    document = docx.Document()
    document.add_heading("Commitment 1: an open register", 1)
    paragraph = document.add_paragraph()
    paragraph.add_run("What we will do.").bold = True
    paragraph.add_run(" The agency publishes all contracts.")
    table = document.add_table(rows=2, cols=3)
    for cell, text in zip(table._cells, ("Milestone", "Start", "End", "Register online", "2021", "2022"), strict=True):
        cell.text = text
    table.cell(0, 1).merge(table.cell(0, 2))
    document.add_paragraph("first", style="List Bullet")
    document.add_paragraph("one", style="List Number")
    document.add_paragraph("two", style="List Number")
    document.add_paragraph("The end.")
    document.sections[0].header.paragraphs[0].text = "Plan of Arboria"
    path = tmp_path / "plan.docx"
    document.save(str(path))

    extraction = extract_document(path, PARAMS)
    rows = extraction.blocks
    assert extraction.status is Status.OK and extraction.method == "python-docx"
    assert rows["kind"].tolist() == [
        "heading", "paragraph", "table_row", "table_row", "list_item", "list_item", "list_item", "paragraph", "header",
    ]  # fmt: skip
    assert rows["lead"].iloc[1] == "What we will do."
    assert rows["text"].iloc[2].count("Start") == 1  # a merged cell is not said twice
    assert rows["text"].iloc[3] == "Register online | 2021 | 2022"
    assert rows["marker"].tolist()[4:7] == ["•", "1.", "2."]
    assert rows["size"].iloc[0] > rows["size"].iloc[1]


def test_docx_text_boxes_content_controls_and_deletions(tmp_path):
    document = docx.Document()
    paragraph = document.add_paragraph("kept ")
    deleted, run, text = OxmlElement("w:del"), OxmlElement("w:r"), OxmlElement("w:delText")
    text.text = "struck out"
    run.append(text)
    deleted.append(run)
    inserted, run, text = OxmlElement("w:ins"), OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "and added"
    run.append(text)
    inserted.append(run)
    paragraph._p.extend([deleted, inserted])
    control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    moved = document.add_paragraph("inside a control")._p
    moved.getparent().replace(moved, control)
    content.append(moved)
    control.append(content)
    path = tmp_path / "plan.docx"
    document.save(str(path))
    assert extract_document(path, PARAMS).blocks["text"].tolist() == ["kept and added", "inside a control"]


def test_docx_numbers_of_several_levels(tmp_path):
    document = docx.Document()
    numbering = document.part.numbering_part.element
    abstract = OxmlElement("w:abstractNum")
    abstract.set(qn("w:abstractNumId"), "77")
    for depth, (form, text) in enumerate((("decimal", "%1."), ("lowerLetter", "%1.%2)"))):
        level = OxmlElement("w:lvl")
        level.set(qn("w:ilvl"), str(depth))
        for name, value in (("start", "1"), ("numFmt", form), ("lvlText", text)):
            child = OxmlElement(f"w:{name}")
            child.set(qn("w:val"), value)
            level.append(child)
        abstract.append(level)
    numbering.insert(0, abstract)
    number = numbering.add_num(77).numId
    for depth, text in ((0, "Open data"), (1, "Portal"), (1, "Licence"), (0, "Open courts"), (1, "Rulings")):
        properties = document.add_paragraph(text)._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_numId().val = number
        properties.get_or_add_ilvl().val = depth
    path = tmp_path / "plan.docx"
    document.save(str(path))
    assert extract_document(path, PARAMS).blocks["marker"].tolist() == ["1.", "1.a)", "1.b)", "2.", "2.a)"]


PAGE = """<!DOCTYPE html><html lang="en"><head><title>Plan - Arboria</title><style>p {color: red}</style></head><body>
<nav><ul><li>Home</li><li>Contact</li></ul></nav><header>Portal of Arboria</header>
<main><h1>Open plan</h1><script>alert("x")</script><p>The <b>register</b> is&nbsp;open to everybody who asks for it.</p>
<h2>Steps</h2><ol start="3"><li>Publish the list of contracts</li><li><b>Answer questions.</b> Within a week.</li></ol>
<table><tr><th>Milestone</th><th>Date</th></tr><tr><td>Register</td><td>2022</td></tr></table>
<p style="display: none">hidden remark</p><p>Line one<br>line two of a paragraph that is a bit longer.</p></main>
<footer>Imprint</footer></body></html>"""


def test_html_keeps_structure_and_leaves_out_what_is_beside_the_content():
    blocks = read_html(PAGE)
    assert kinds(blocks) == [
        ("heading", "", "Open plan"),
        ("paragraph", "", "The register is open to everybody who asks for it."),
        ("heading", "", "Steps"),
        ("list_item", "3.", "Publish the list of contracts"),
        ("list_item", "4.", "Answer questions. Within a week."),
        ("table_row", "", "Milestone | Date"),
        ("table_row", "", "Register | 2022"),
        ("paragraph", "", "Line one line two of a paragraph that is a bit longer."),
    ]
    assert blocks[4].lead == "Answer questions."


def test_html_without_main_is_read_too():
    text = "<h2>What comes next</h2>" + "".join(
        f"<p>Paragraph {n} of the plan tells what the ministry will do this year.</p>" for n in range(8)
    )
    found = read_html(f"<html><head><title>The plan</title></head><body><div>{text}</div></body></html>")
    assert [block.text for block in found if block.kind == "heading"] == ["The plan", "What comes next"]
    assert [block.text for block in found if block.kind == "paragraph"][0].startswith("Paragraph 0")
    assert len([block for block in found if block.kind == "paragraph"]) == 8


def test_html_entities_are_not_expanded_and_files_not_read(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret word")
    path = tmp_path / "plan.html"
    path.write_text(
        f'<!DOCTYPE html [<!ENTITY x SYSTEM "file://{secret}"><!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
        "<html><body><p>before &x; &b; after the entities of this page</p></body></html>"
    )
    text = body(extract_document(path, PARAMS).blocks)
    assert "after the entities" in text and "secret word" not in text and "aaaaaaaaaaaaaaaa" not in text


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_survived_by_every_text_format(text):
    for read in (read_markdown, read_plain, lambda t: read_html(t, fragment=True)):
        assert all(isinstance(block.text, str) for block in read(text))
    try:
        read_rst(text)
    except DocumentError as error:
        assert error.status == Status.UNREADABLE


def test_markdown():
    text = """---
title: "Third plan"
tags: [a, b]
---
##Tight heading

A paragraph with **bold**
over two lines.{:.button}

1. first
2. **Second.** More of it

   and its second paragraph

- bullet

| Milestone | Date |
| --- | --- |
| Register | 2022 |

<div><p>Embedded <b>HTML</b></p><script>x()</script></div>
"""
    assert kinds(read_markdown(text)) == [
        ("heading", "", "Third plan"),
        ("heading", "", "Tight heading"),
        ("paragraph", "", "A paragraph with bold over two lines."),
        ("list_item", "1.", "first"),
        ("list_item", "2.", "Second. More of it"),
        ("paragraph", "", "and its second paragraph"),
        ("list_item", "•", "bullet"),
        ("table_row", "", "Milestone | Date"),
        ("table_row", "", "Register | 2022"),
        ("paragraph", "", "Embedded HTML"),
    ]


def test_rst_includes_no_files(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret word")
    path = tmp_path / "plan.rst"
    path.write_text(
        f"Open plan\n=========\n\nText with **bold** words.\n\n.. include:: {secret}\n\n"
        ".. raw:: html\n\n   <b>raw</b>\n\n"
        "- first item\n- second item\n\nPart\n----\n\n1. one\n2. two\n\nEnd of the plan [1]_.\n\n.. [1] A note.\n"
    )
    blocks = extract_document(path, PARAMS).blocks
    assert of_kind(blocks, "heading") == ["Open plan", "Part"]
    assert blocks.loc[blocks["kind"] == "list_item", "marker"].tolist() == ["•", "•", "1.", "2."]
    assert "secret word" not in " ".join(blocks["text"]) and "raw" not in " ".join(blocks["text"])
    assert of_kind(blocks, "footnote") == ["1 A note."]


def test_plain_text():
    text = (
        "OPEN PLAN\n\nThe agency will pub-\nlish its list.\n\nSteps\n-----\n\n- first step\n- second step\n\fNext page."
    )
    blocks = read_plain(text)
    assert kinds(blocks) == [
        ("heading", "", "OPEN PLAN"),
        ("paragraph", "", "The agency will publish its list."),
        ("heading", "", "Steps"),
        ("list_item", "-", "first step"),
        ("list_item", "-", "second step"),
        ("paragraph", "", "Next page."),
    ]
    assert [block.page for block in blocks] == [1, 1, 1, 1, 1, 2]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(encoding):
    assert decode("Año de la niñez – “sí”".encode(encoding)) == "Año de la niñez – “sí”"
