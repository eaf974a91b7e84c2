"""A block seen as an element of a plan."""

from dataclasses import dataclass, field

from pipeline.segment.numbering import Number


@dataclass(slots=True)
class Element:
    """A block of running text.

    `form` is head, runin, item, row or text; `weight` orders headings (points of type size, a little more for bold and
    capitals); `indent` is the distance in points from the left edge of the block's column; `fields` are the
    (kind, label, value) of a template that the block holds.
    """

    place: int
    block: int
    page: int
    kind: str
    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: float
    italic: float
    marker: str
    lead: str
    page_end: int = 0
    form: str = "text"
    number: Number | None = None
    label: str = ""
    label_kind: str = ""
    title: str = ""
    weight: float = 0.0
    indent: float = 0.0
    cells: list[str] = field(default_factory=list)
    fields: list[tuple[str, str, str]] = field(default_factory=list)
    template: bool = False
    contents: bool = False

    @property
    def words(self) -> int:
        """Number of words, roughly."""
        return self.text.count(" ") + 1

    @property
    def box(self) -> str:
        """Place on the page in the notation of the dataset."""
        return f"{self.page}:{self.x0:g},{self.y0:g},{self.x1:g},{self.y1:g}"
