"""Small PDFs that imitate single traps of real plans; every sentence in them is made up."""

from pathlib import Path

import pandas as pd
import reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

HEIGHT = 842.0
PARAMS = {"workers": 1, "time_limit": 60, "memory_limit": 2048, "ocr": "off", "ocr_dpi": 150}


# Characters that real text layers hold but no font draws: drawn as the glyph on the right, whose entry in the font's
# table of Unicode values is then overwritten in the file.
STAND_INS = dict(zip("\x02\ufffe\x06\x07\x0b\uf0b7\ufffd\ufb01\ufb03", "¢£¤¥¦§©«¬", strict=True))


class Sheet:
    """A canvas with the origin at the top left, as the blocks have it."""

    def __init__(self, path: Path, **options: object):
        self.path = path
        pdfmetrics.registerFont(TTFont("Vera", Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"))
        self.canvas = Canvas(str(path), pagesize=(595, HEIGHT), pageCompression=0, **options)

    def text(self, x: float, y: float, text: str, size: float = 11, font: str = "Helvetica") -> float:
        """Write at base line `y` from the top; returns where the text ends."""
        text = text.translate(str.maketrans(STAND_INS)) if font == "Vera" else text
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, HEIGHT - y, text)
        return x + self.canvas.stringWidth(text, font, size)

    def lines(self, x: float, y: float, lines: list[str], size: float = 11, font: str = "Helvetica") -> float:
        """Write lines 14 points apart; returns the base line after the last."""
        for line in lines:
            self.text(x, y, line, size, font)
            y += 14
        return y

    def box(self, x0: float, y0: float, x1: float, y1: float, fill: bool = False, stroke: bool = True) -> None:
        self.canvas.rect(x0, HEIGHT - y1, x1 - x0, y1 - y0, fill=fill, stroke=stroke)

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.canvas.line(x0, HEIGHT - y0, x1, HEIGHT - y1)

    def page(self) -> None:
        self.canvas.showPage()

    def save(self) -> None:
        self.canvas.save()
        data = self.path.read_bytes()
        for character, glyph in STAND_INS.items():
            data = data.replace(f"<{ord(glyph):04X}>".encode(), f"<{ord(character):04X}>".encode())
        self.path.write_bytes(data)


def of_kind(blocks: pd.DataFrame, *kinds: str) -> list[str]:
    """Texts of the blocks of these kinds, in reading order."""
    return blocks.loc[blocks["kind"].isin(kinds), "text"].tolist()


def body(blocks: pd.DataFrame) -> str:
    """The running text."""
    return "\n".join(of_kind(blocks, "heading", "paragraph", "list_item", "table_row"))
