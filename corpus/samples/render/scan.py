"""A scan: the pages are set, turned into grey images with a little skew and noise, and stored without a text layer."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from corpus.samples.render.flow import Builder, Spans
from corpus.samples.render.layouts import compose
from corpus.samples.render.source import Entry, Sample

DPI = 150
# Fonts that come with reportlab and are embedded: the images then depend on no font of the machine.
VERA = ("Vera", "VeraBd", "VeraIt")


def scan(sample: Sample, path: Path) -> Spans:
    """Writes the page images of `sample` to `path`; gives the pages of each gold unit."""
    for font in VERA:
        pdfmetrics.registerFont(TTFont(font, f"{font}.ttf"))
    pdfmetrics.registerFontFamily("Vera", normal="Vera", bold="VeraBd", italic="VeraIt", boldItalic="VeraBd")
    builder = Builder(sample, VERA, 12.5)

    def entry(entry: Entry) -> None:
        builder.add(sample.heading(entry), "entry", entry.n)
        for text in entry.body:
            builder.add(text, "body", entry.n)

    compose(builder, entry)
    text_pdf = BytesIO()
    spans = builder.build(text_pdf)
    canvas = Canvas(str(path), pagesize=A4, invariant=1, pageCompression=0)
    canvas.setTitle(sample.word("title"))
    canvas.setSubject(sample.word("notice"))
    pages = pypdfium2.PdfDocument(text_pdf.getvalue())
    for number, page in enumerate(pages):
        picture = page.render(scale=DPI / 72, grayscale=True).to_pil().convert("L")
        canvas.drawImage(ImageReader(_as_scanned(picture, number)), 0, 0, *A4)
        canvas.showPage()
    canvas.save()
    return spans


def _as_scanned(picture: Image.Image, number: int) -> BytesIO:
    """JPEG of `picture`, turned by up to 0.4 degrees and greyed by noise that depends on the page number only."""
    turned = picture.rotate((-0.4, 0.25, -0.15)[number % 3], Image.Resampling.BILINEAR, fillcolor=255)
    noise = np.random.default_rng(number).integers(-9, 10, (turned.height, turned.width))
    grey = np.clip(np.asarray(turned, dtype=np.int32) * 220 // 255 + 20 + noise, 0, 255)
    jpeg = BytesIO()
    Image.fromarray(grey.astype(np.uint8)).save(jpeg, "JPEG", quality=40)
    jpeg.seek(0)
    return jpeg
