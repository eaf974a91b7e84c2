"""Five hundred made-up dirty files lose no correct cell, and no wrong one is taken over."""

import csv
import datetime
import io
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.domain.codebook import CLUSTERS, LEVELS
from pipeline.domain.errors import UserError
from pipeline.review.incoming import check
from pipeline.review.reading import read_sheet
from pipeline.review.sheet import CODES, COLUMNS

TODAY = datetime.date(2026, 3, 31)
COUNT = 4
QUEUED = pd.DataFrame(
    [
        {
            "queue": "q",
            "commitment_id": f"c{n}",
            "title": f"Título {n}",
            "text": f"Texte « cité » no {n}; fin.",
            "model": "m",
        }
        | {"document": "d.pdf", "country": "XAA", "kind": "nap", "language": "fr", "reason": "random", "random": "True"}
        | {f"model_{code}": "" for code in CODES}
        | {"model_cluster": "service_design", "model_iap2_level": "none", "model_evidence": ""}
        for n in range(COUNT)
    ]
)
# What Windows-1252 can hold; a leading apostrophe is the sheet's own sign for text.
COMMENT = st.text(st.sampled_from('abc é ñ € “” ’ ; , | \t " = + - @ 1 \n'), max_size=12).map(str.strip)
COMMENTS = COMMENT.filter(lambda text: not text.startswith("'"))
WRONG = "no such label"


@st.composite
def spelled(draw: st.DrawFn, value: str) -> str:
    """A label as somebody might type it."""
    text = draw(
        st.sampled_from([value, value.upper(), value.title(), value.replace("_", " "), value.replace("_", "-")])
    )
    before, after = draw(st.sampled_from([("", ""), (" ", "  "), ("“", "”"), ("'", "'"), ("\u00a0", ""), ('"', '"')]))
    return f"{before}{text}{after}"


@st.composite
def dirty(draw: st.DrawFn) -> tuple[bytes, dict[str, dict[str, str]], set[str]]:
    """Bytes of a file, the right reviews in it by commitment, and the commitments with a wrong cell."""
    columns = draw(st.permutations([name for name in COLUMNS if name not in ("link", "page")]))
    columns = columns[:]
    for name in draw(st.lists(st.sampled_from(["Notes", "Unnamed: 3", "my column"]), max_size=2, unique=True)):
        columns.insert(draw(st.integers(0, len(columns))), name)
    right: dict[str, dict[str, str]] = {}
    wrong: set[str] = set()
    rows = []
    for number in draw(st.permutations(range(COUNT))):
        name = f"c{number}"
        cells = {
            "queue": "q",
            "commitment_id": name,
            "text": "changed by the sheet",
            "predicted_cluster": "service_design",
        }
        kind = draw(st.sampled_from(["untouched", "right", "right", "wrong"]))
        if kind != "untouched":
            cluster, level = draw(st.sampled_from(CLUSTERS)), draw(st.sampled_from(LEVELS))
            meant = {"cluster": cluster, "iap2_level": level, "comment": draw(COMMENTS), "reviewer": "Zoë"}
            cells |= {"reviewer": " Zoë ", "comment": meant["comment"], "reviewed_cluster": draw(spelled(cluster))}
            cells["reviewed_iap2_level"] = draw(spelled(level))
            cells["status"] = draw(st.sampled_from(["", "done", " Done"]))
            cells["reviewed_on"] = draw(st.sampled_from(["", "2026-03-31", "31.03.2026", "46112"]))
            if kind == "wrong":
                cells[draw(st.sampled_from(["reviewed_cluster", "reviewed_mandate", "status", "reviewed_on"]))] = WRONG
                wrong.add(name)
            else:
                right[name] = meant
        rows.append([cells.get(column, "") for column in columns])
        if draw(st.booleans()):
            rows.append([draw(st.sampled_from(["", " "]))] * len(columns))
    header = [draw(st.sampled_from([name, name.upper(), f" {name} ", name.replace("_", " ")])) for name in columns]
    buffer = io.StringIO(newline="")
    ending = draw(st.sampled_from(["\n", "\r\n"]))
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    separator = draw(st.sampled_from([",", ";", "\t"]))
    writer = csv.writer(buffer, delimiter=separator, lineterminator=ending, quoting=quoting)
    writer.writerows([[""] * len(columns)] * draw(st.integers(0, 2)))
    writer.writerow(header)
    writer.writerows(rows)
    text = buffer.getvalue()
    if draw(st.booleans()) and separator == ";":
        text = f"sep=;{ending}" + text
    return text.encode(draw(st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]))), right, wrong


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("dirty") / "back.csv"


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(dirty())
def test_no_correct_cell_is_lost(place, file):
    content, right, wrong = file
    place.write_bytes(content)
    brought = check(read_sheet(place), QUEUED, TODAY)
    taken = {row["commitment_id"]: row for row in brought.reviews.to_dict("records")}
    assert set(taken) == set(right)
    for name, meant in right.items():
        assert {key: taken[name][key] for key in meant} == meant
        assert taken[name]["given"] == "2026-03-31"
        assert taken[name]["text"] == QUEUED.set_index("commitment_id").loc[name, "text"]
    assert {row.cells["commitment_id"] for row in brought.to_correct} == wrong
    assert all(value == WRONG for _, _, value, _ in brought.faults)
    assert len(brought.faults) == len(wrong)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(dirty(), st.floats(0.02, 0.99))
def test_a_cut_file_gives_one_line_or_only_whole_rows(place, file, share):
    content, right, _ = file
    place.write_bytes(content[: int(len(content) * share)])
    try:
        brought = check(read_sheet(place), QUEUED, TODAY)
    except UserError as error:
        assert "back.csv" in str(error) and "\n" not in str(error)
        return
    for row in brought.reviews.to_dict("records"):
        meant = right.get(row["commitment_id"], {})
        assert row["cluster"] == meant.get("cluster") and row["iap2_level"] == meant.get("iap2_level")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("back.csv", b"", "is empty"),
        ("back.csv", b"a,b\n1,2\n", "no row with the column 'commitment_id'"),
        ("back.csv", b"commitment_id,status,status\nc1,agree,done\n", "'status' twice"),
        ("back.csv", b'commitment_id,comment\nc1,"cut off', "it was cut"),
        ("back.csv", b"commitment_id,status,comment\nc1,agree,x\nc2,agr", "the file was cut"),
        ("back.xls", b"\xd0\xcf\x11\xe0rest", "old .xls"),
        ("back.xlsx", b"PK\x03\x04cut", "no readable .xlsx"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError, match=said):
        read_sheet(tmp_path / name)
    with pytest.raises(UserError, match="not found"):
        read_sheet(tmp_path / "absent.csv")
