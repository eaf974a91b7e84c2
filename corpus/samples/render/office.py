"""The sample that is a word-processor file."""

import datetime
import zipfile
from io import BytesIO
from pathlib import Path

from docx import Document
from docx.enum.style import WD_STYLE_TYPE

from corpus.samples.render.flow import Spans
from corpus.samples.render.source import Sample, Section

# The ZIP format cannot store an earlier moment.
EPOCH = (1980, 1, 1, 0, 0, 0)


def docx(sample: Sample, path: Path) -> Spans:
    """Heading styles, paragraphs and one table of fields a commitment. Formats without pages count as page 1."""
    document = Document()
    _drop_unused_styles(document)
    document.add_heading(sample.word("title"), 0)
    document.add_paragraph(f"{sample.word('place')}, {sample.word('year')}")
    document.add_paragraph(sample.word("notice"))
    document.sections[0].header.paragraphs[0].text = sample.word("running")
    _sections(document, sample, sample.front)
    for theme in sample.themes:
        document.add_heading(theme.title, 1)
        for entry in theme.entries:
            document.add_heading(sample.heading(entry), 2)
            for text in entry.body:
                document.add_paragraph(text)
            table = document.add_table(rows=0, cols=2, style="Table Grid")
            for label, value in entry.fields.items():
                cells = table.add_row().cells
                cells[0].text, cells[1].text = label, value
            document.add_paragraph()
    _sections(document, sample, sample.back)
    properties = document.core_properties
    properties.title, properties.author = sample.word("title"), sample.word("place")
    properties.comments = sample.word("notice")
    properties.created = properties.modified = datetime.datetime(*EPOCH)
    buffer = BytesIO()
    document.save(buffer)
    path.write_bytes(_fixed(buffer))
    return {entry.n: (1, 1) for entry in sample.entries}


def _drop_unused_styles(document: Document) -> None:
    """The library's template carries a hundred table styles twice: most of the file's size."""
    for key, relation in list(document.part.rels.items()):
        if relation.reltype.endswith("/stylesWithEffects"):
            del document.part.rels[key]
    for style in list(document.styles):
        if style.type == WD_STYLE_TYPE.TABLE and style.name not in ("Normal Table", "Table Grid"):
            style.element.getparent().remove(style.element)


def _sections(document: Document, sample: Sample, sections: list[Section]) -> None:
    for section in sections:
        document.add_heading(section.heading, 1)
        for text in section.paragraphs:
            document.add_paragraph(text)
        for item in section.items:
            document.add_paragraph(item, style="List Number")
        for item in section.bullets:
            document.add_paragraph(item, style="List Bullet")
        for entry in sample.entries if section.annex else []:
            document.add_paragraph(sample.heading(entry), style="List Bullet")


def _fixed(archive: BytesIO) -> bytes:
    """The same archive with fixed times and stored members, so that its bytes depend on its content only."""
    fixed = BytesIO()
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(fixed, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            member = zipfile.ZipInfo(name, EPOCH)
            member.create_system = 3  # otherwise the operating system is noted
            new.writestr(member, old.read(name))
    return fixed.getvalue()
