"""HTML pages: the main content's headings, paragraphs, list items and table rows; nothing is fetched or executed."""

import re

import lxml.etree
import lxml.html
import trafilatura

from pipeline.domain.codebook import Status
from pipeline.domain.errors import DocumentError
from pipeline.extract.flow import Paragraph, Run, paragraph

_BLOCK_TAGS = """
address article aside blockquote body center dd details div dl dt fieldset figcaption figure form h1 h2 h3 h4 h5 h6 head
header hr html li main nav ol p pre section summary table tbody td tfoot th thead tr ul list item quote doc comments
"""
_SKIPPED_TAGS = """
script style noscript template iframe object embed svg canvas nav form button select input textarea
"""
_BLOCKS, _SKIPPED = frozenset(_BLOCK_TAGS.split()) | {"footer"}, frozenset(_SKIPPED_TAGS.split())
_BESIDE = frozenset(("header", "footer", "aside"))
_BOLD, _ITALIC, _UNDERLINED = frozenset(("b", "strong")), frozenset(("i", "em", "cite")), frozenset(("u", "ins"))
MAX_DEPTH = 200


def read_html(text: str, fragment: bool = False) -> list[Paragraph]:
    """Blocks of a page's main content (of all of it for a `fragment`).

    `<main>`, `<article>` or `role="main"` is trusted where it exists; else trafilatura finds the content, and where
    it finds little, the whole body is read. Raises DocumentError where there is no markup at all.
    """
    tree = _parse(text)
    if tree is None:
        if fragment or not text.strip():
            return []
        raise DocumentError(Status.UNREADABLE, "not readable as HTML; open it in a browser and save it again")
    if fragment:
        return _walk(tree)
    for path in ("//main", '//*[@role="main"]', "//article"):
        found = tree.xpath(path)
        if len(found) == 1 and len(found[0].text_content()) > 200:
            return _titled(tree, _walk(found[0]))
    body = tree.find(".//body")
    whole = _walk(body if body is not None else tree)
    content = _content(text)
    if sum(len(item.text) for item in content) > 0.5 * sum(len(item.text) for item in whole):
        return _titled(tree, content)
    return whole


def _parse(text: str) -> lxml.html.HtmlElement | None:
    # As bytes: lxml refuses text that declares an encoding. The parser neither fetches nor expands anything.
    parser = lxml.html.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (lxml.etree.LxmlError, ValueError, AssertionError):
        return None


def _content(text: str) -> list[Paragraph]:
    try:
        found = trafilatura.extract(
            text,
            output_format="xml",
            include_formatting=True,
            include_tables=True,
            include_comments=False,
            favor_recall=True,
        )
        if not found:
            return []
        parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
        return _walk(lxml.etree.fromstring(found.encode("utf-8", "replace"), parser))
    except (lxml.etree.LxmlError, ValueError, AttributeError, TypeError, IndexError, KeyError, RecursionError):
        return []  # the whole body is read instead


def _titled(tree: lxml.html.HtmlElement, blocks: list[Paragraph]) -> list[Paragraph]:
    """The blocks, with the page's title first where no main heading stands there."""
    if any(item.level == 1 for item in blocks):
        return blocks
    heading = tree.find(".//h1")
    title = tree.findtext(".//title") if heading is None else heading.text_content()
    return [paragraph("heading", [(title, False, False, False)], 1), *blocks] if title and title.strip() else blocks


class _Walker:
    def __init__(self) -> None:
        self.blocks: list[Paragraph] = []
        self.runs: list[Run] = []
        self.kind, self.level, self.marker = "paragraph", 0, ""

    def flush(self) -> None:
        if any(run[0].strip() for run in self.runs):
            self.blocks.append(paragraph(self.kind, self.runs, self.level, self.marker))
            self.marker = ""
        self.runs = []

    def walk(self, node: lxml.etree._Element, style: tuple[bool, bool, bool], depth: int) -> None:
        tag = node.tag.lower() if isinstance(node.tag, str) else ""
        beside = (
            tag in _BESIDE and depth < 4 or tag == "head" and not node.get("rend")
        )  # trafilatura's headings have one
        if not tag or tag in _SKIPPED or beside or depth > MAX_DEPTH or _hidden(node):
            return
        if tag == "tr" or tag == "row":
            self.flush()
            cells = [" ".join("".join(map(str, cell.itertext())).split()) for cell in node if isinstance(cell.tag, str)]
            self.blocks.append(Paragraph("table_row", " | ".join(cells) if any(cells) else ""))
            return
        if tag in ("br", "lb"):
            self.runs.append((" ", *style))
            return
        block = tag in _BLOCKS
        before = self.kind, self.level, self.marker
        if block:
            self.flush()
            self._open(tag, node)
        bold, italic, underlined = style
        rend = node.get("rend", "") if tag == "hi" else ""
        inner = (
            bold or tag in _BOLD or "#b" in rend,
            italic or tag in _ITALIC or "#i" in rend,
            underlined or tag in _UNDERLINED or "#u" in rend,
        )
        if node.text:
            self.runs.append((re.sub(r"\s+", " ", node.text), *inner))
        for child in node:
            self.walk(child, inner, depth + 1)
            if child.tail:
                self.runs.append((re.sub(r"\s+", " ", child.tail), *inner))
        if block:
            self.flush()
            self.kind, self.level = before[0], before[1]
            self.marker = "" if tag in ("li", "item", "dd") else before[2] if self.marker else self.marker

    def _open(self, tag: str, node: lxml.etree._Element) -> None:
        rend = node.get("rend", "")
        level = (
            tag[1:]
            if re.fullmatch(r"h[1-6]", tag)
            else rend[1:]
            if tag == "head" and re.fullmatch(r"h[1-6]", rend)
            else ""
        )
        if level:
            self.kind, self.level, self.marker = "heading", int(level), ""
        elif tag in ("li", "item"):
            self.kind, self.level, self.marker = "list_item", 0, _item_marker(node)
        elif tag == "figcaption":
            self.kind, self.level, self.marker = "caption", 0, ""


def _item_marker(node: lxml.etree._Element) -> str:
    parent = node.getparent()
    if parent is None or parent.tag != "ol" and parent.get("rend") != "ol":
        return "•"
    start = parent.get("start", "1")
    first = int(start) if re.fullmatch(r"\d{1,4}", start) else 1
    return f"{first + sum(1 for _ in node.itersiblings(node.tag, preceding=True))}."


def _hidden(node: lxml.etree._Element) -> bool:
    style = node.get("style", "").replace(" ", "").lower()
    return (
        node.get("hidden") is not None
        or node.get("aria-hidden") == "true"
        or "display:none" in style
        or "visibility:hidden" in style
    )


def _walk(root: lxml.etree._Element) -> list[Paragraph]:
    walker = _Walker()
    walker.walk(root, (False, False, False), 0)
    walker.flush()
    return walker.blocks
