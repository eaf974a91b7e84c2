"""DOCX through python-docx: paragraphs, headings, list items, tables, text boxes and notes in document order."""

import re
from collections.abc import Iterator
from pathlib import Path

import docx
import lxml.etree
from docx.document import Document
from docx.oxml.ns import qn

from pipeline.domain.codebook import Status
from pipeline.domain.errors import DocumentError
from pipeline.extract.archive import check_office_file
from pipeline.extract.docx_numbering import Numbering
from pipeline.extract.flow import Paragraph, Run, paragraph

_HEADING = re.compile(r"(?:heading|título|titulo|titre|überschrift|titolo|kop|overskrift)\s*(\d)", re.IGNORECASE)
_OFF = ("0", "false", "off", "none")
_P, _TBL, _R, _T = qn("w:p"), qn("w:tbl"), qn("w:r"), qn("w:t")
_INSERTED = frozenset(
    (
        qn("w:ins"),
        qn("w:hyperlink"),
        qn("w:smartTag"),
        qn("w:fldSimple"),
        qn("w:sdt"),
        qn("w:sdtContent"),
        qn("w:moveTo"),
    )
)
_VAL = qn("w:val")


def read_docx(path: Path) -> list[Paragraph]:
    """Blocks of a DOCX file, headers and footers last.

    Raises DocumentError for damaged, encrypted or bomb-like files.
    """
    check_office_file(path, "word/document.xml")
    try:
        document = docx.Document(str(path))
        reader = _Reader(document)
        return reader.read()
    except DocumentError:
        raise
    except (
        lxml.etree.LxmlError,
        KeyError,
        ValueError,
        AttributeError,
        TypeError,
        IndexError,
        OSError,
        RecursionError,
        EOFError,
    ) as error:
        raise DocumentError(
            Status.UNREADABLE, f"damaged DOCX ({type(error).__name__}); open and save it again in a word processor"
        ) from None
    except Exception as error:  # python-docx and zlib raise errors of many kinds on damaged parts
        raise DocumentError(
            Status.UNREADABLE, f"damaged DOCX ({type(error).__name__}); open and save it again in a word processor"
        ) from None


class _Reader:
    def __init__(self, document: Document):
        self.document = document
        self.styles = {style.style_id: style for style in document.styles}
        self.numbering = Numbering(document)
        self.seen: set[lxml.etree._Element] = set()

    def read(self) -> list[Paragraph]:
        blocks = list(self._blocks(self.document.element.body))
        blocks.extend(self._notes())
        for section in self.document.sections[:1]:
            for kind, part in (("header", section.header), ("footer", section.footer)):
                text = " ".join(" ".join(p.text for p in part.paragraphs).split())
                if text:
                    blocks.append(Paragraph(kind, text))
        return blocks

    def _blocks(self, parent: lxml.etree._Element, depth: int = 0) -> Iterator[Paragraph]:
        for child in parent:
            if child.tag == _P:
                yield from self._paragraph(child)
            elif child.tag == _TBL:
                yield from self._table(child, depth)
            elif child.tag in _INSERTED and depth < 50:
                yield from self._blocks(child, depth + 1)

    def _paragraph(self, element: lxml.etree._Element) -> Iterator[Paragraph]:
        runs = list(self._runs(element, self._style_of(element)))
        style = self._style_of(element)
        level = self._level(element, style)
        marker = self.numbering.marker(element, style)
        kind = "heading" if level else "list_item" if marker else "paragraph"
        item = paragraph(kind, runs, level, marker)
        yield item
        for box in element.iter(qn("w:txbxContent")):
            if not any(ancestor.tag.endswith("}Fallback") for ancestor in box.iterancestors()):
                yield from self._blocks(box, 1)

    def _style_of(self, element: lxml.etree._Element) -> object | None:
        found = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        return self.styles.get(found.get(_VAL)) if found is not None else None

    def _level(self, element: lxml.etree._Element, style: object | None) -> int:
        outline = element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        hops = 0
        while style is not None and hops < 10:
            match = _HEADING.match(str(getattr(style, "name", ""))) or _HEADING.match(
                str(getattr(style, "style_id", ""))
            )
            if match:
                return max(1, min(6, int(match[1])))
            if str(getattr(style, "style_id", "")) in ("Title", "Titel", "Titre", "Ttulo", "Titolo"):
                return 1
            if outline is None:
                outline = style.element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")  # type: ignore[attr-defined]
            style = getattr(style, "base_style", None)
            hops += 1
        value = outline.get(_VAL, "9") if outline is not None else "9"
        return int(value) + 1 if value.isdigit() and int(value) < 6 else 0

    def _runs(self, parent: lxml.etree._Element, style: object | None) -> Iterator[Run]:
        for child in parent:
            if child.tag == _R:
                text = "".join(
                    node.text or ""
                    if node.tag == _T
                    else " "
                    if node.tag in (qn("w:tab"), qn("w:br"), qn("w:cr"))
                    else "-"
                    if node.tag == qn("w:noBreakHyphen")
                    else ""
                    for node in child
                )
                if text:
                    yield text, self._on(child, "b", style), self._on(child, "i", style), self._on(child, "u", None)
            elif child.tag in _INSERTED:
                yield from self._runs(child, style)

    def _on(self, run: lxml.etree._Element, name: str, style: object | None) -> bool:
        found = run.find(f"{qn('w:rPr')}/{qn(f'w:{name}')}")
        hops = 0
        while found is None and style is not None and hops < 10:
            found = style.element.find(f"{qn('w:rPr')}/{qn(f'w:{name}')}")  # type: ignore[attr-defined]
            style = getattr(style, "base_style", None)
            hops += 1
        return found is not None and found.get(_VAL, "1") not in _OFF

    def _table(self, table: lxml.etree._Element, depth: int) -> Iterator[Paragraph]:
        for row in table.iter(qn("w:tr")):
            if next(row.iterancestors(_TBL)) is not table:
                continue  # a row of a nested table: its text is in the outer cell
            cells: list[str] = []
            bold = total = 0.0
            for cell in row.iter(qn("w:tc")):
                if next(cell.iterancestors(qn("w:tr"))) is not row:
                    continue
                merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
                if merge is not None and merge.get(_VAL, "continue") != "restart":
                    cells.append("")
                    continue
                parts = []
                for element in cell.iter(_P):
                    item = paragraph("cell", list(self._runs(element, self._style_of(element))))
                    mark = self.numbering.marker(element, self._style_of(element))
                    if item.text:
                        parts.append(f"{mark} {item.text}" if mark else item.text)
                    bold += item.bold * len(item.text)
                    total += len(item.text)
                cells.append(" ".join(parts))
            if any(cells):
                yield Paragraph("table_row", " | ".join(cells), bold=round(bold / total, 3) if total else 0.0)

    def _notes(self) -> Iterator[Paragraph]:
        for relation in self.document.part.rels.values():
            if not relation.is_external and relation.reltype.endswith(("/footnotes", "/endnotes")):
                parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True)
                root = lxml.etree.fromstring(relation.target_part.blob, parser)
                for note in root:
                    if note.get(qn("w:type")) in ("separator", "continuationSeparator", "continuationNotice"):
                        continue
                    text = " ".join("".join(node.text or "" for node in note.iter(_T)).split())
                    if text:
                        yield Paragraph("footnote", text, marker=note.get(qn("w:id"), ""))
