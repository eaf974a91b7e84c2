"""Do translations of one commitment get the same codes?

    .venv/bin/python benchmarks/languages.py TABLE.csv --first text_en --second text_fr

TABLE.csv has one commitment a row in two languages. Prints how often cluster and level agree, and the agreement by
length: a title of three words leaves more to chance than a paragraph.
"""

import argparse
import sys
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
LENGTHS = (0, 10, 20, 40, 10_000)


def main() -> None:
    from pipeline.classify.choose import load_encoder
    from pipeline.classify.model import load
    from pipeline.classify.predict import classify_table
    from pipeline.domain import params

    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("table", type=Path)
    parser.add_argument("--first", default="text_en")
    parser.add_argument("--second", default="text_fr")
    arguments = parser.parse_args()
    table = pd.read_csv(arguments.table, dtype=str, keep_default_na=False)
    table = table[table[arguments.first].ne("") & table[arguments.second].ne("")].reset_index(drop=True)
    encoder, model = load_encoder(str(params.load("classify")["encoder"]), ROOT / "models"), load()
    first, second = (
        classify_table(pd.DataFrame({"id": range(len(table)), "text": table[name]}), model, encoder)
        for name in (arguments.first, arguments.second)
    )
    same = pd.DataFrame({name: first[name] == second[name] for name in ("cluster", "iap2_level")})
    same["both"] = same.all(axis=1)
    length = pd.cut(table[arguments.first].str.split().str.len(), list(LENGTHS), right=False)
    print("| words | rows | cluster | level | both |\n| --- | ---: | ---: | ---: | ---: |")
    for words, rows in [*same.groupby(length, observed=True), ("all", same)]:
        print(f"| {words} | {len(rows)} | " + " | ".join(f"{share:.3f}" for share in rows.mean()) + " |")


if __name__ == "__main__":
    main()
