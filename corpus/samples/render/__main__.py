"""Command: `python -m corpus.samples.render [--output FOLDER]`."""

import argparse
from pathlib import Path

from corpus.samples.render import layouts, office, scan, text
from corpus.samples.render.gold import write_gold
from corpus.samples.render.register import register
from corpus.samples.render.source import read_sample

HERE = Path(__file__).resolve().parents[1]
LAYOUTS = {
    "template": layouts.template,
    "runin": layouts.runin,
    "columns": layouts.columns,
    "strategy": layouts.strategy,
    "bill": layouts.bill,
    "scan": scan.scan,
    "docx": office.docx,
    "html": text.html,
    "markdown": text.markdown,
    "csv": text.table,
}


def render(output: Path) -> None:
    """Renders every source into `output/documents`, the gold into `output/gold`; at home, lists them in sources.csv."""
    for folder in ("documents", "gold"):
        (output / folder).mkdir(parents=True, exist_ok=True)
    samples = [read_sample(path) for path in sorted((HERE / "source").glob("*.yaml"))]
    rendered = [(sample, LAYOUTS[sample.layout](sample, output / "documents" / sample.file)) for sample in samples]
    write_gold(rendered, output / "gold")
    if output == HERE:
        register(samples, HERE.parent / "sources.csv")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Render the sample corpus from its sources.")
    parser.add_argument("--output", type=Path, default=HERE, help="folder to write to (default: corpus/samples)")
    render(parser.parse_args().output)
