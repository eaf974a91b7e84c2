"""reStructuredText through docutils; files are not included, raw parts are left out, nothing is executed."""

from docutils import nodes
from docutils.core import publish_doctree
from docutils.utils import SystemMessage

from pipeline.domain.codebook import Status
from pipeline.domain.errors import DocumentError
from pipeline.extract.flow import Paragraph, Run, paragraph

_SETTINGS = {
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "_disable_config": True,
    "report_level": 5,
    "halt_level": 6,
    "warning_stream": False,
    "line_length_limit": 100_000,
    "doctitle_xform": False,
}


def read_rst(text: str) -> list[Paragraph]:
    """Blocks of a reStructuredText document. Raises DocumentError where docutils gives up."""
    try:
        tree = publish_doctree(text, settings_overrides=_SETTINGS)
    except (SystemMessage, ValueError, RecursionError, AttributeError, IndexError, KeyError, AssertionError):
        raise DocumentError(
            Status.UNREADABLE, "not valid reStructuredText; correct the markup or save it as .txt"
        ) from None
    result: list[Paragraph] = []
    _walk(tree, 0, result)
    return result


def _walk(node: nodes.Node, level: int, result: list[Paragraph]) -> None:
    marker = ""
    for number, child in enumerate(node.children):
        if isinstance(
            child, nodes.system_message | nodes.comment | nodes.raw | nodes.substitution_definition | nodes.target
        ):
            continue
        if isinstance(child, nodes.title | nodes.subtitle | nodes.rubric):
            result.append(paragraph("heading", _runs(child), max(level, 1)))
        elif isinstance(child, nodes.section):
            _walk(child, level + 1, result)
        elif isinstance(child, nodes.list_item):
            marker = "•" if isinstance(node, nodes.bullet_list) else f"{int(node.get('start', 1)) + number}."  # type: ignore[attr-defined]
            _item(child, marker, level, result)
        elif isinstance(child, nodes.row):
            cells = [" ".join(entry.astext().split()) for entry in child.children]
            result.append(Paragraph("table_row", " | ".join(cells) if any(cells) else ""))
        elif isinstance(child, nodes.footnote):
            result.append(Paragraph("footnote", " ".join(child.astext().split())))
        elif isinstance(
            child, nodes.paragraph | nodes.term | nodes.literal_block | nodes.line | nodes.caption | nodes.field_name
        ):
            result.append(paragraph("caption" if isinstance(child, nodes.caption) else "paragraph", _runs(child)))
        elif isinstance(child, nodes.Text):
            continue
        else:
            _walk(child, level, result)


def _item(item: nodes.Node, marker: str, level: int, result: list[Paragraph]) -> None:
    start = len(result)
    _walk(item, level, result)
    if len(result) > start and result[start].kind == "paragraph":
        result[start].kind, result[start].marker = "list_item", marker


def _runs(node: nodes.Node, bold: bool = False, italic: bool = False) -> list[Run]:
    if isinstance(node, nodes.Text):
        return [(node.astext().replace("\n", " "), bold, italic, False)]
    if isinstance(node, nodes.footnote_reference | nodes.system_message):
        return []
    bold, italic = bold or isinstance(node, nodes.strong), italic or isinstance(node, nodes.emphasis)
    return [run for child in node.children for run in _runs(child, bold, italic)]
