"""Markdown through markdown-it (CommonMark with tables); embedded HTML is read like an HTML page."""

import re

from markdown_it import MarkdownIt
from markdown_it.token import Token

from pipeline.extract.flow import Paragraph, Run, paragraph

_FRONT_MATTER = re.compile(r"\A---\s*\n.*?\n(?:---|\.\.\.)\s*(?:\n|\Z)", re.DOTALL)
_TITLE = re.compile(r"^title:[ \t]*(\S.*)$", re.MULTILINE)
_TIGHT_HEADING = re.compile(r"^(#{1,6})(?=[^#\s])", re.MULTILINE)
_ATTRIBUTES = re.compile(r"\{:[^}\n]*\}")
_TAG = re.compile(r"<[^>\n]{1,300}>")


def read_markdown(text: str) -> list[Paragraph]:
    """Blocks of a Markdown text: of the front matter only the title is kept, list items keep their numbers."""
    text = text.replace("\r\n", "\n")
    front = _FRONT_MATTER.match(text)
    title = _TITLE.search(front.group()) if front else None
    text = _ATTRIBUTES.sub("", _TIGHT_HEADING.sub(r"\1 ", text[front.end() :] if front else text))
    tokens = MarkdownIt("commonmark", {"maxNesting": 50}).enable("table").parse(text)
    result = [paragraph("heading", [(title[1].strip().strip("\"'"), False, False, False)], 1)] if title else []
    lists: list[tuple[str, int]] = []
    marker = ""
    level = 0
    cells: list[str] | None = None
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            lists.append((token.type, int(token.attrGet("start") or 1) - 1))
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif token.type == "list_item_open":
            kind, number = lists.pop()
            lists.append((kind, number + 1))
            marker = "•" if kind == "bullet_list_open" else f"{number + 1}."
        elif token.type == "list_item_close":
            marker = ""
        elif token.type == "heading_open":
            level = int(token.tag[1])
        elif token.type == "heading_close":
            level = 0
        elif token.type == "tr_open":
            cells = []
        elif token.type == "tr_close" and cells is not None:
            result.append(Paragraph("table_row", " | ".join(cells) if any(cells) else ""))
            cells = None
        elif token.type == "inline":
            runs = _runs(token)
            if cells is not None:
                cells.append(" ".join("".join(run[0] for run in runs).split()))
                continue
            kind = "heading" if level else "list_item" if marker else "paragraph"
            result.append(paragraph(kind, runs, level, marker))
            marker = ""
        elif token.type in ("fence", "code_block"):
            result.append(paragraph("paragraph", [(token.content, False, False, False)]))
        elif token.type == "html_block":
            from pipeline.extract.html import read_html

            result.extend(read_html(token.content, fragment=True))
    return result


def _runs(token: Token) -> list[Run]:
    bold = italic = 0
    runs: list[Run] = []
    for child in token.children or []:
        if child.type == "strong_open":
            bold += 1
        elif child.type == "strong_close":
            bold -= 1
        elif child.type == "em_open":
            italic += 1
        elif child.type == "em_close":
            italic -= 1
        elif child.type in ("text", "code_inline"):
            runs.append((child.content, bold > 0, italic > 0, False))
        elif (
            child.type in ("softbreak", "hardbreak")
            or child.type == "html_inline"
            and _TAG.fullmatch(child.content)
            and child.content.lower().startswith("<br")
        ):
            runs.append((" ", bold > 0, italic > 0, False))
    return runs
