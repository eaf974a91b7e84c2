"""The samples that are plain text underneath: a web page, a Markdown file, a table of commitments."""

import csv
from html import escape
from io import StringIO
from pathlib import Path

from corpus.samples.render.flow import Spans
from corpus.samples.render.source import Sample, Section


def _write(path: Path, text: str, sample: Sample) -> Spans:
    path.write_bytes(text.encode("utf-8"))
    return {entry.n: (1, 1) for entry in sample.entries if entry.n}


def _place_and_year(sample: Sample) -> str:
    return f"{sample.word('place')}, {sample.word('year')}"


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(text, quote=False)}</{name}>"


def html(sample: Sample, path: Path) -> Spans:
    """A page with navigation and footer around the main content; fields as a table, milestones as a list."""
    title, notice = sample.word("title"), sample.word("notice")
    main = [_element("h1", title), _element("p", _place_and_year(sample)), _element("p", notice)]
    main += _html_sections(sample, sample.front)
    for theme in sample.themes:
        main += [_element("h2", theme.title), _element("p", theme.intro)]
        for entry in theme.entries:
            main.append(_element("h3", sample.heading(entry)))
            main += [_element("p", text) for text in entry.body]
            cells = [_element("th", label) + _element("td", value) for label, value in entry.fields.items()]
            main += ["<table>", *(f"<tr>{cell}</tr>" for cell in cells), "</table>"]
            main += ["<ul>", *(_element("li", text) for text in entry.milestones), "</ul>"]
    main += _html_sections(sample, sample.back)
    menu = [_element("li", theme.title) for theme in sample.themes]
    page = [
        "<!DOCTYPE html>", f'<html lang="{sample.language}">',
        "<head>", '<meta charset="utf-8">', _element("title", title),
        "<style>body { font-family: sans-serif; max-width: 46rem; margin: auto } th { text-align: left }</style>",
        "</head>", "<body>", f"<header>{_element('p', sample.word('running'))}</header>",
        "<nav>", _element("p", sample.word("contents")), "<ul>", *menu, "</ul>", "</nav>",
        "<main>", *main, "</main>", f"<footer>{_element('p', notice)}</footer>", "</body>", "</html>",
    ]  # fmt: skip
    return _write(path, "\n".join(page) + "\n", sample)


def _html_sections(sample: Sample, sections: list[Section]) -> list[str]:
    lines = []
    for section in sections:
        lines += [_element("h2", section.heading), *(_element("p", text) for text in section.paragraphs)]
        items = [sample.heading(entry) for entry in sample.entries] if section.annex else section.bullets
        if items:
            lines += ["<ul>", *(_element("li", item) for item in items), "</ul>"]
    return lines


def markdown(sample: Sample, path: Path) -> Spans:
    """Headings and paragraphs only."""
    parts = [f"# {sample.word('title')}", _place_and_year(sample), f"*{sample.word('notice')}*"]
    for section in sample.front:
        parts += [f"## {section.heading}", *section.paragraphs]
    for theme in sample.themes:
        parts += [f"## {theme.title}", *(text for entry in theme.entries for text in entry.body)]
    for section in sample.back:
        parts += [f"## {section.heading}", *section.paragraphs]
    return _write(path, "\n\n".join(parts) + "\n", sample)


def table(sample: Sample, path: Path) -> Spans:
    """One row a commitment, with the headers that exports of commitment databases use, and the notice in each row."""
    fields = list(sample.entries[0].fields)
    header = ["Country", "Action Plan", "Commitment Number", "Commitment Title", "Commitment Text", "Theme", "Language"]
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([*header, *fields, "Note"])
    for theme in sample.themes:
        for entry in theme.entries:
            cells = [sample.word("country"), sample.word("title"), entry.number, entry.title, " ".join(entry.body)]
            cells += [theme.title, entry.language, *(entry.fields[name] for name in fields), sample.word("notice")]
            writer.writerow(cells)
    return _write(path, buffer.getvalue(), sample)
