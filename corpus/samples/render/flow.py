"""What the PDF layouts share: paragraphs that remember the page they were drawn on, pages, styles, front and back."""

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab import rl_config
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageBreak, PageTemplate, Paragraph, Spacer
from reportlab.platypus.tableofcontents import TableOfContents

from corpus.samples.render.source import NOTE, Sample, Section

# Uncompressed streams and plain binary images: the bytes then depend on no compression library.
rl_config.useA85 = 0
MARGIN = 62
Spans = dict[int, tuple[int, int]]


class Trace:
    """Pages on which each gold unit was drawn, and footnotes waiting to be drawn on the page at hand."""

    def __init__(self) -> None:
        self.pages: dict[int, set[int]] = defaultdict(set)
        self.pending: list[tuple[int, str]] = []
        self.notes_numbered = 0

    def spans(self) -> Spans:
        """First and last page of each unit, counted from 1."""
        return {n: (min(pages), max(pages)) for n, pages in self.pages.items()}


class Traced(Paragraph):
    """A paragraph of gold unit `unit` (0: of none) that tells `trace` its page, and its footnotes, when drawn."""

    unit = 0
    trace: Trace | None = None
    notes: tuple[tuple[int, str], ...] = ()

    def split(self, width: float, height: float) -> list[Flowable]:
        """As Paragraph.split; the footnotes go with the part that holds their mark."""
        parts = super().split(width, height)
        for part in parts:
            part.unit, part.trace = self.unit, self.trace
            part.notes = self.notes if any(getattr(fragment, "rise", 0) for fragment in part.frags) else ()
        return parts

    def draw(self) -> None:
        """Draws the text and records where."""
        if self.trace is not None:
            if self.unit:
                self.trace.pages[self.unit].add(self.canv.getPageNumber())
            self.trace.pending.extend(self.notes)
        super().draw()


class Builder:
    """Collects the flowables of one document and builds it.

    `fonts` are the names of the regular, bold and italic font; `soften` may add soft hyphens to running text.
    """

    def __init__(self, sample: Sample, fonts: tuple[str, str, str], size: float, soften: Callable[[str], str] = str):
        self.sample, self.fonts, self.size, self.soften = sample, fonts, size, soften
        self.trace = Trace()
        self.story: list[Flowable] = []
        regular, bold, italic = fonts
        body = ParagraphStyle("body", fontName=regular, fontSize=size, leading=size * 1.35, spaceAfter=size * 0.6)
        self.styles = {
            "body": body,
            "justified": ParagraphStyle("justified", body, alignment=TA_JUSTIFY),
            "item": ParagraphStyle("item", body, leftIndent=16, firstLineIndent=-12),
            "cell": ParagraphStyle("cell", body, spaceAfter=0),
            "label": ParagraphStyle("label", body, fontName=bold, spaceAfter=0),
            "title": ParagraphStyle("title", body, fontName=bold, fontSize=24, leading=30, spaceAfter=20),
            "heading": ParagraphStyle(
                "heading", body, fontName=bold, fontSize=size * 1.5, leading=size * 2, spaceBefore=10, keepWithNext=1
            ),
            "entry": ParagraphStyle(
                "entry", body, fontName=bold, fontSize=size * 1.15, leading=size * 1.5, spaceBefore=8, keepWithNext=1
            ),
            "italic": ParagraphStyle(
                "italic", body, fontName=italic, fontSize=size * 1.3, leading=size * 1.7, spaceBefore=8, keepWithNext=1
            ),
            "centred": ParagraphStyle(
                "centred", body, fontName=bold, alignment=TA_CENTER, spaceBefore=6, keepWithNext=1
            ),
        }

    def paragraph(
        self, text: str, style: str = "body", unit: int = 0, notes: list[str] | None = None, lead: str = ""
    ) -> Traced:
        """A paragraph; `lead` is set in bold before it, each `{note}` becomes a numbered footnote mark."""
        markup = escape(self.soften(text) if style == "justified" else text)
        numbered = []
        for note in notes or []:
            self.trace.notes_numbered += 1
            numbered.append((self.trace.notes_numbered, note))
            markup = markup.replace(NOTE, f"<super>{self.trace.notes_numbered}</super>", 1)
        flowable = Traced((f"<b>{escape(lead)}</b> " if lead else "") + markup, self.styles[style])
        flowable.unit, flowable.trace, flowable.notes = unit, self.trace, tuple(numbered)
        return flowable

    def add(self, text: str, style: str = "body", unit: int = 0, **extra: Any) -> None:
        """Appends a paragraph to the story."""
        self.story.append(self.paragraph(text, style, unit, **extra))

    def cover(self) -> None:
        """Title page: title, place, year and the notice that the place does not exist; then the table of contents."""
        sample = self.sample
        self.story.append(Spacer(1, 150))
        self.add(sample.word("title"), "title")
        self.add(f"{sample.word('place')}, {sample.word('year')}", "entry")
        self.add(sample.word("notice"), "label")
        self.story.append(PageBreak())
        if sample.word("contents"):
            self.add(sample.word("contents"), "heading")
            levels = [ParagraphStyle(f"toc{n}", self.styles["cell"], leftIndent=14 * n) for n in range(2)]
            self.story += [TableOfContents(levelStyles=levels, dotsMinLevel=0), PageBreak()]

    def sections(self, sections: list[Section], style: str = "body") -> None:
        """The sections before or after the commitments."""
        for section in sections:
            self.add(section.heading, "heading")
            notes = section.notes
            for text in section.paragraphs:
                self.add(text, style, notes=notes if NOTE in text else None)
            for number, item in enumerate(section.items, 1):
                self.add(f"{number}. {item}", "item")
            for item in section.bullets:
                self.add(f"• {item}", "item")
            for entry in self.sample.entries if section.annex else []:
                self.add(self.sample.heading(entry), "item")

    def build(self, target: Any, frames: list[Frame] | None = None) -> Spans:
        """Writes the PDF to `target` (a path or a binary file) and gives the pages of each gold unit."""
        width, height = A4
        frames = frames or [Frame(MARGIN, MARGIN, width - 2 * MARGIN, height - 2 * MARGIN, 0, 0, 0, 0)]
        document = _Document(self, str(target) if isinstance(target, Path) else target)
        document.addPageTemplates(PageTemplate("page", frames, onPageEnd=self._decorate))
        document.multiBuild(self.story)
        return self.trace.spans()

    def _decorate(self, canvas: Canvas, document: BaseDocTemplate) -> None:
        width, height = A4
        page = canvas.getPageNumber()
        notes, self.trace.pending = self.trace.pending, []
        if page == 1 or not self.sample.word("running"):
            return
        canvas.setFont(self.fonts[0], 8)
        canvas.drawString(MARGIN, height - 36, self.sample.word("running"))
        canvas.drawRightString(width - MARGIN, height - 36, self.sample.word("place"))
        canvas.drawCentredString(width / 2, 22, str(page))
        if notes:
            top = 34 + 9 * len(notes)
            canvas.line(MARGIN, top + 9, MARGIN + 120, top + 9)
            canvas.setFont(self.fonts[0], 7)
            for row, (number, note) in enumerate(notes):
                canvas.drawString(MARGIN, top - 9 * row, f"{number} {note}")


class _Document(BaseDocTemplate):
    """Feeds headings into the table of contents; dates and ids in the file are fixed (`invariant`)."""

    def __init__(self, builder: Builder, target: Any):
        sample = builder.sample
        super().__init__(
            target, pagesize=A4, invariant=1, pageCompression=0, lang=sample.language,
            title=sample.word("title"), author=sample.word("place"), subject=sample.word("notice"),
        )  # fmt: skip
        self.trace, self.toc = builder.trace, bool(sample.word("contents"))

    def beforeDocument(self) -> None:  # noqa: N802 - reportlab's name
        """A table of contents needs several passes: only the last one counts."""
        self.trace.pages.clear()

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802 - reportlab's name
        """Announces headings to the table of contents."""
        level = {"heading": 0, "entry": 1, "italic": 1}.get(getattr(getattr(flowable, "style", None), "name", ""))
        if self.toc and level is not None and self.page > 2:
            self.notify("TOCEntry", (level, flowable.getPlainText(), self.page))
