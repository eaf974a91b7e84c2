"""The PDF layouts: one function for each shape that real plans have."""

import re
from collections.abc import Callable
from pathlib import Path

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.platypus import CondPageBreak, Frame, Spacer, Table

from corpus.samples.render.flow import MARGIN, Builder, Spans
from corpus.samples.render.source import NOTE, Entry, Sample

SANS = ("Helvetica", "Helvetica-Bold", "Helvetica-Oblique")
SERIF = ("Times-Roman", "Times-Bold", "Times-Italic")
VOWELS = "aeiouyéèêàâîôûù"
SYLLABLE = re.compile(f"(?<=[^\\W\\d][{VOWELS}])(?=[bcdfghjklmnpqrstvxz][{VOWELS}]\\w\\w)")


def soften(text: str) -> str:
    """`text` with soft hyphens between the open syllables of long words, so that lines end in divided words."""
    return re.sub(r"[^\W\d_]{9,}", lambda word: SYLLABLE.sub("\xad", word.group()), text)


def compose(builder: Builder, entry: Callable[[Entry], None], style: str = "body") -> None:
    """Fills the story of `builder`: cover, front, themes with every entry as `entry` sets it, back."""
    builder.cover()
    builder.sections(builder.sample.front, style)
    for theme in builder.sample.themes:
        if theme.title:
            builder.add(theme.title, "heading")
        if theme.intro:
            builder.add(theme.intro, style)
        for each in theme.entries:
            entry(each)
    builder.sections(builder.sample.back, style)


def template(sample: Sample, path: Path) -> Spans:
    """Numbered template with a ruled table for each commitment."""
    builder = Builder(sample, SANS, 10)
    builder.styles["entry"].keepWithNext = 0  # else no table would run over a page

    def entry(entry: Entry) -> None:
        builder.story.append(CondPageBreak(90))
        builder.add(sample.heading(entry), "entry", entry.n)
        rows = [
            [builder.paragraph(label, "label", entry.n), builder.paragraph(value, "cell", entry.n)]
            for label, value in entry.fields.items()
        ]
        table = Table(rows, colWidths=[120, A4[0] - 2 * MARGIN - 120], style=[
            ("GRID", (0, 0), (-1, -1), 0.6, colors.black),
            ("BACKGROUND", (0, 0), (0, -1), colors.whitesmoke),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
        ])  # fmt: skip
        builder.story += [table, Spacer(1, 14)]

    compose(builder, entry)
    return builder.build(path)


def runin(sample: Sample, path: Path) -> Spans:
    """Numbered items with a bold run-in title; numbering restarts under each theme."""
    builder = Builder(sample, SERIF, 11.5)

    def entry(entry: Entry) -> None:
        for position, text in enumerate(entry.body):
            builder.add(text, "justified", entry.n, lead="" if position else sample.heading(entry))

    compose(builder, entry, "justified")
    return builder.build(path)


def columns(sample: Sample, path: Path) -> Spans:
    """Two columns, running header, page numbers, footnotes, divided words."""
    builder = Builder(sample, SERIF, 11.2, soften)
    builder.styles["heading"].fontSize, builder.styles["heading"].leading = 13, 16

    def entry(entry: Entry) -> None:
        builder.add(sample.heading(entry), "entry", entry.n)
        for text in entry.body:
            builder.add(text, "justified", entry.n, notes=entry.notes if NOTE in text else None)

    compose(builder, entry, "justified")
    width, height = A4
    column, bottom = (width - 2 * MARGIN - 20) / 2, MARGIN + 34
    frames = [Frame(MARGIN + n * (column + 20), bottom, column, height - MARGIN - bottom, 0, 0, 0, 0) for n in range(2)]
    return builder.build(path, frames)


def strategy(sample: Sample, path: Path) -> Spans:
    """Unnumbered titles in larger italics, each with a bold sub-heading and bullets."""
    builder = Builder(sample, SANS, 10.5)

    def entry(entry: Entry) -> None:
        builder.add(sample.heading(entry), "italic", entry.n)
        for text in entry.body:
            builder.add(text, "body", entry.n)
        builder.add(sample.word("actions"), "label", entry.n)
        for action in entry.actions:
            builder.add(f"• {action}", "item", entry.n)

    compose(builder, entry)
    return builder.build(path)


def bill(sample: Sample, path: Path) -> Spans:
    """Articles: centred number and caption, numbered paragraphs."""
    builder = Builder(sample, SERIF, 12)

    def entry(entry: Entry) -> None:
        builder.add(sample.heading(entry), "centred", entry.n)
        builder.add(entry.title, "centred", entry.n)
        for text in entry.body:
            builder.add(text, "justified", entry.n)

    compose(builder, entry, "justified")
    return builder.build(path)
