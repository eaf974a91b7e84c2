"""Throughput and memory of the classifier, beside TF-IDF with logistic regression (scikit-learn) as the named peer.

Usage: python benchmarks/classification.py [ROWS]     (default: 600 of the written examples)
Every contender codes the same rows in a process of its own, on two threads. The peer predicts cluster and level and
nothing else; the others give probabilities, sets, quotation, drivers and secondary codes as well. `load` is the time
from a warm interpreter to a model that is ready (the peer: its training); `code` is the fastest of ROUNDS rounds, `cpu`
the processor time of one (on a busy machine `code` says more about the machine); memory is the process's peak.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 3
MEMORY = 1024  # MiB
TARGETS = {"tuned": 50, "lexical": 2000, "TF-IDF + LR": 0}  # commitments a second


def rows_of(count):
    from pipeline.train.examples import read_labelled

    labelled = read_labelled(ROOT / "corpus" / "labelled")
    return labelled.sample(count, random_state=1, replace=count > len(labelled)).reset_index(drop=True)


def contender(name, count, models):
    """Code `count` rows ROUNDS times and print the figures as JSON."""
    table = rows_of(count)[["id", "title", "text"]]
    start = time.perf_counter()
    code = peer() if name == "TF-IDF + LR" else coder(name, Path(models))
    loaded = time.perf_counter() - start
    code(table.head(8))
    spent, busy = [], []
    for _ in range(ROUNDS):
        start, used = time.perf_counter(), time.process_time()
        code(table)
        spent.append(time.perf_counter() - start)
        busy.append(time.process_time() - used)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        json.dumps({"load": loaded, "code": min(spent), "cpu": min(busy), "rate": count / min(spent), "memory": peak})
    )


def coder(name, models):
    from pipeline.classify.choose import load_encoder
    from pipeline.classify.model import load
    from pipeline.classify.predict import classify_table

    model, encoder = load(models / "classifier"), load_encoder(name, models)
    return lambda table: classify_table(table, model, encoder)


def peer():
    """Fitted here: its `load` is its training."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    labelled = rows_of(1000)
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, strip_accents="unicode")
    known = vectorizer.fit_transform(labelled["title"] + ". " + labelled["text"])
    heads = [
        LogisticRegression(C=10, max_iter=2000, class_weight="balanced").fit(known, labelled[column])
        for column in ("cluster", "iap2_level")
    ]

    def code(table):
        asked = vectorizer.transform(table["title"] + ". " + table["text"])
        return [head.predict(asked) for head in heads]

    return code


def train_all(folder):
    """Both classifiers trained as `train` does, each in a folder of models of its own."""
    from pipeline.domain import params
    from pipeline.train.stage import train_classifier

    for name in ("tuned", "lexical"):
        models = folder / name
        models.mkdir()
        if name == "tuned":
            (models / "encoder").symlink_to(ROOT / "models" / "encoder")
        start = time.perf_counter()
        train_classifier(ROOT / "corpus/labelled", ROOT / "corpus/vectors", name, params.load("train"), models)
        print(f"training the heads of '{name}': {time.perf_counter() - start:.1f} s")


def main(count):
    missed = False
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        # In a process of its own: a child's peak starts at what its parent holds.
        subprocess.run([sys.executable, __file__, "--train", str(folder)], check=True)
        print(f"\n{count} written examples, fastest of {ROUNDS} rounds, {os.cpu_count()} cores")
        print(
            f"{'contender':12}"
            + "".join(f"{head:>10}" for head in ("load s", "code s", "cpu s", "rows/s", "target", "MiB"))
        )
        for name, target in TARGETS.items():
            command = [sys.executable, __file__, "--contender", name, str(count), str(folder / name)]
            environment = os.environ | {"OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2"}
            done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
            found = json.loads(done.stdout.splitlines()[-1])
            missed |= found["rate"] < target or found["memory"] > MEMORY
            times = "".join(f"{found[key]:10.2f}" for key in ("load", "code", "cpu"))
            print(f"{name:12}{times}{found['rate']:10.0f}{target or '':>10}{found['memory']:10.0f}")
    return int(missed)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--contender"]:
        contender(sys.argv[2], int(sys.argv[3]), sys.argv[4])
    elif sys.argv[1:2] == ["--train"]:
        train_all(Path(sys.argv[2]))
    else:
        sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 600))
