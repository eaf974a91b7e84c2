"""Traps of real plans, each on a small made-up document."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.domain.schema import BLOCKS, SEGMENTS
from pipeline.segment.cues import load
from pipeline.segment.document import segment_document, stated_counts
from pipeline.segment.elements import read
from pipeline.segment.outline import Outline

from . import layouts
from .layouts import CONTEXT, PAST, Plan


def seen(plan: Plan) -> list:
    return read(plan.frame(), load(plan.language))


def test_a_page_number_inside_the_text_is_left_out() -> None:
    plan = layouts.restarting("en")
    plan.rows.insert(20, plan.rows[20] | {"kind": "paragraph", "text": "33", "marker": ""})
    assert "33" not in " ".join(segment_document(plan.frame(), "en")["text"]).split()


def test_footnotes_headers_and_captions_are_no_text_of_a_commitment() -> None:
    plan = layouts.labelled("en", "Commitment", ": ", "Theme")
    place = next(i for i, row in enumerate(plan.rows) if row["text"].startswith("Commitment 1:"))
    for kind in ("footnote", "header", "footer", "caption"):
        plan.rows.insert(place + 2, plan.rows[place] | {"kind": kind, "text": f"Outside {kind}", "size": 8.0})
    assert not segment_document(plan.frame(), "en")["text"].str.contains("Outside").any()


def test_items_that_the_text_layer_ran_together_are_parted() -> None:
    plan = Plan("es")
    for number, text in ((7, "REDUCIR RESIDUOS"), (8, "RECICLAR MÁS 9. CUIDAR ÁRBOLES"), (10, "ABRIR PARQUES")):
        plan.item(text, f"{number}.")
    assert [element.text for element in seen(plan)] == [
        "7. REDUCIR RESIDUOS",
        "8. RECICLAR MÁS",
        "9. CUIDAR ÁRBOLES",
        "10. ABRIR PARQUES",
    ]


def test_a_title_that_begins_with_a_figure_keeps_it() -> None:
    plan = layouts.titles_only("en", "The commitments of the city are these:")
    place = next(i for i, row in enumerate(plan.rows) if row["marker"] == "5.")
    plan.rows[place]["text"] = "1.000 residents trained"
    row = segment_document(plan.frame(), "en").iloc[4]
    assert (row["number"], row["title"]) == ("5", "1.000 residents trained")


def test_a_run_in_title_that_runs_into_the_next_block_is_one_commitment() -> None:
    plan = layouts.run_ins("en", "")
    frame = plan.frame()
    place = frame.index[frame["lead"] != ""][2]
    row = frame.loc[place]
    lead = str(row["lead"])
    first = row.to_dict() | {"kind": "heading", "text": f"{lead} In", "bold": 0.95}
    second = row.to_dict() | {"kind": "paragraph", "text": row["text"][len(lead) + 1 :], "bold": 0.0, "lead": ""}
    rows = [*frame.loc[: place - 1].to_dict("records"), first, second, *frame.loc[place + 1 :].to_dict("records")]
    found = segment_document(pd.DataFrame(rows, columns=frame.columns), "en")
    assert len(found) == len(plan.expected)
    assert found["title"][2] == plan.expected[2]["title"]


def test_a_commitment_may_run_over_pages() -> None:
    plan = Plan("en")
    plan.front()
    for number in range(1, 5):
        plan.open(f"Open register {number}", str(number))
        plan.heading(f"Commitment {number}: Open register {number}")
        for _ in range(25):
            plan.para()
    plan.end()
    found = segment_document(plan.frame(), "en")
    assert len(found) == 4
    assert (found["page_end"] > found["page_start"]).all()
    assert all(row.boxes.startswith(f"{row.page_start}:") for row in found.itertuples())


def test_a_dedented_paragraph_ends_a_bulleted_commitment() -> None:
    plan = Plan("en")
    plan.front()
    plan.heading("North", 16.0)
    for _ in range(5):
        title = next(plan.titles)
        plan.item(f"{title}. {next(plan.promises)}", lead=f"{title}.", x0=100.0)
    plan.para("All of this is told in more detail by the reports of the offices.", x0=60.0)
    found = segment_document(plan.frame(), "en")
    assert "told in more detail" not in found["text"].iloc[-1]


def test_a_cross_reference_at_the_start_of_a_paragraph_opens_nothing() -> None:
    plan = layouts.labelled("en", "Action", ": ", "Theme")
    place = next(i for i, row in enumerate(plan.rows) if row["text"].startswith("Action 4:")) + 2
    plan.rows.insert(place, plan.rows[place] | {"kind": "paragraph", "text": "Action 2 will feed this work."})
    assert len(segment_document(plan.frame(), "en")) == len(plan.expected)


def test_items_with_codes_behind_them_are_numbered_by_the_codes() -> None:
    plan = Plan("it")
    plan.heading("Piano di lavoro", 18.0)
    for chapter in (1, 2):
        plan.heading(f"OB.{chapter}.1 - Migliorare i servizi {chapter}", 14.0)
        plan.para("Le seguenti linee d'azione devono concludersi entro:")
        for number in range(1, 5):
            act = f"{next(plan.titles)} con i comuni e le scuole del territorio nazionale"
            plan.item(f"Marzo 2021 - {act} - (Agenzia) - CAP{chapter}.LA{number:02}")
    found = segment_document(plan.frame(), "it")
    assert list(found["number"]) == [f"CAP{chapter}.LA{number:02}" for chapter in (1, 2) for number in range(1, 5)]


def test_achievements_principles_and_forewords_are_not_commitments() -> None:
    plan = Plan("en")
    plan.front()
    for heading in ("Principles", "Achievements to date", "How this plan was made"):
        plan.heading(heading, 18.0)
        for number in range(1, 5):
            plan.item(f"Openness {number}. {PAST['en']}", f"{number}.", lead=f"Openness {number}.")
    assert segment_document(plan.frame(), "en").empty


def test_a_stem_and_its_list_are_one_commitment_of_a_narrative() -> None:
    plan = Plan("en")
    plan.heading("Policy on data", 20.0)
    plan.heading("People", 14.0)
    plan.para(CONTEXT["en"])
    plan.para("To mend this, the government will:")
    for text in ("train officials,", "open its archives,", "and answer letters."):
        plan.item(text)
    plan.para(CONTEXT["en"])
    found = segment_document(plan.frame(), "en")
    assert len(found) == 1
    assert found["text"][0].endswith("and answer letters.")
    assert found["parent"][0] == "People"


def test_stated_numbers_of_commitments_are_found() -> None:
    plan = Plan("en")
    plan.para("The strategy contains 24 initiatives and cost 300 million.")
    assert stated_counts(seen(plan), load("en")) == {24}


def test_the_parent_is_the_theme_above() -> None:
    found = segment_document(layouts.labelled("fr", "Engagement n°", " : ", "Axe").frame(), "fr")
    assert list(found["parent"]) == ["Axe A"] * 3 + ["Axe B"] * 3 + ["Axe C"] * 3


def test_long_headings_that_begin_alike_are_no_template() -> None:
    plan = Plan("en")
    for name in ("leadership", "capability", "services", "skills", "data"):
        plan.heading(f"Principle: improve digital {name} in all departments and agencies of the state", 16.0)
        plan.para()
    assert not any(element.template for element in seen(plan))


def test_the_stem_of_a_list_is_no_title() -> None:
    plan = layouts.restarting("en")
    for place in [i for i, row in enumerate(plan.rows) if row["marker"] == "1)"][::-1]:
        plan.rows.insert(
            place, plan.rows[place] | {"kind": "heading", "marker": "", "text": "The ministry will:", "bold": 1.0}
        )
    assert len(segment_document(plan.frame(), "en")) == len(plan.expected)


def test_the_language_is_detected_where_it_is_not_given() -> None:
    found = segment_document(layouts.labelled("de", "Maßnahme", ": ", "Handlungsfeld").frame())
    assert set(found["language"]) == {"de"}
    assert len(found) == 9


@pytest.mark.parametrize("title", ["Introduction of a digital identity", "Digitise the register of definitions"])
def test_titles_that_hold_a_word_of_a_front_part_stay(title: str) -> None:
    plan = Plan("en")
    plan.heading(title, 14.0)
    plan.para()
    assert not Outline(seen(plan), load("en")).skipped[0]


@pytest.mark.parametrize("plan", [layouts.restarting("en"), layouts.labelled("en", "Waypoint", ": ", "Theme")])
def test_in_a_language_without_cues_the_structure_decides(plan: Plan) -> None:
    found = segment_document(plan.frame(), "lv")
    assert [row.title for row in found.itertuples()] == [unit["title"] for unit in plan.expected]
    assert set(found["language"]) == {"lv"}


def test_no_blocks_give_no_commitments() -> None:
    assert list(segment_document(pd.DataFrame(columns=BLOCKS.names)).columns) == SEGMENTS.names
    blank = Plan("en")
    blank.block("header", "Only a header")
    assert segment_document(blank.frame(), "en").empty


TEXTS = st.sampled_from(
    [
        "Commitment 1: Open data", "Action 2", "1. Title", "1.1 Title", "a) item", "Lead agency: Ministry", "33",
        "Lead agency | Ministry", "No. | Action | Lead | Deadline", "1 | Do it | Office | 2024", "Contents ..... 4",
        "The ministry will publish the register every year in open form.", "Annex", "Foreword", "", "…", "§ 4", "(1)",
    ]
)  # fmt: skip
BLOCK = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["heading", "paragraph", "list_item", "table_row", "header", "footnote"]),
        "text": TEXTS,
        "size": st.sampled_from([0.0, 9.0, 11.0, 16.0]),
        "bold": st.sampled_from([0.0, 1.0]),
        "italic": st.sampled_from([0.0, 1.0]),
        "marker": st.sampled_from(["", "•", "1.", "2.", "(iv)"]),
        "lead": st.sampled_from(["", "Lead agency:", "1."]),
    }
)


@settings(max_examples=150, deadline=None)
@given(st.lists(BLOCK, max_size=25))
def test_any_blocks_give_a_valid_table_without_shared_text(blocks: list[dict]) -> None:
    place = {"document": "any.pdf", "x0": 50.0, "x1": 300.0, "font": ""}
    rows = [
        place | row | {"block": n, "page": 1 + n // 8, "page_end": 1 + n // 8, "y0": 9.0 * n, "y1": 9.0 * n + 8}
        for n, row in enumerate(blocks)
    ]
    found = segment_document(pd.DataFrame(rows).reindex(columns=BLOCKS.names), "en")
    assert list(found.columns) == SEGMENTS.names
    assert found["commitment_id"].is_unique
    assert (found["text"].str.strip() != "").all()
    boxes = [box for cell in found["boxes"] for box in cell.split("|")]
    assert len(boxes) <= len(rows)
    assert len(set(boxes)) == len(boxes)
