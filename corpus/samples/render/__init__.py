"""Renders the sample corpus: source text in `source/*.yaml` in, documents and gold out.

Run `python -m corpus.samples.render` in the project folder. The same sources give the same bytes.
"""
