"""The keyword baseline: what its cue words find, in all of its languages."""

import pytest

from pipeline.classify.cues import fold, keyword_codes
from pipeline.domain.codebook import NOT_DIGITAL


@pytest.mark.parametrize(
    ("title", "text", "cluster", "level"),
    [
        ("Open data portal", "The ministry will publish its data sets.", "service_design", "inform"),
        ("Identidad digital", "Se automatiza la base de datos.", "foundational_tech", "none"),
        ("Plateforme de réclamations", "Les plaintes en ligne sont traitées.", "oversight_redress", "consult"),
        ("Projeto de lei sobre dados", "O decreto será objeto de consulta pública.", "tech_regulation", "consult"),
        ("Strategia digitale", "Competenze digitali per tutti.", "strategy_policy", "none"),
        ("Digitale Identität", "Bürgerhaushalt mit Beirat.", "foundational_tech", "empower"),
        ("Repairing roads", "Workshops with residents.", NOT_DIGITAL, "involve"),
        ("", "", NOT_DIGITAL, "none"),
    ],
)
def test_cues(title, text, cluster, level):
    assert keyword_codes(title, text) == (cluster, level)


def test_the_highest_level_wins_and_the_title_counts_more():
    text = "The law on data is published; citizens decide by binding vote. A strategy, a policy."
    assert keyword_codes("Data protection law", text) == ("tech_regulation", "empower")


def test_a_cue_is_found_only_at_the_beginning_of_a_word():
    assert keyword_codes("", "digital: unpublished")[1] == "none"
    assert keyword_codes("", "digital: published")[1] == "inform"


def test_fold_takes_accents_and_case_away():
    assert fold("ÉLECTRONIQUE Gestión ß") == "electronique gestion ss"
