"""Segmentation of layouts never seen in a real plan: every one is a made-up plan whose commitments are known."""

import re
from collections import Counter

import pytest

from pipeline.segment.document import segment_document

from . import layouts
from .layouts import Plan

EN_FIELDS = ("Lead implementing agency", "Other actors involved", "What is the commitment?", "Start date", "End date")
ES_FIELDS = (
    "Institución responsable",
    "Otros actores involucrados",
    "Descripción",
    "Fecha de inicio",
    "Fecha de término",
)
PT_FIELDS = ("Entidade responsável", "Outros atores envolvidos", "Descrição", "Data de início", "Data de fim")
DE_FIELDS = ("Federführung", "Beteiligte", "Kurzbeschreibung", "Beginn", "Ende")
FR_FIELDS = ("Institution porteuse", "Autres acteurs impliqués", "Ambition", "Date de début", "Date de fin")
IT_FIELDS = ("Amministrazione responsabile", "Altri attori coinvolti", "Descrizione", "Data di inizio", "Data di fine")

PLANS = {
    "label en": lambda: layouts.labelled("en", "Commitment", ": ", "Theme"),
    "label es": lambda: layouts.labelled("es", "Compromiso N°", ". ", "Eje"),
    "label fr": lambda: layouts.labelled("fr", "Engagement n°", " : ", "Axe"),
    "label pt": lambda: layouts.labelled("pt", "Compromisso", " – ", "Eixo"),
    "label it": lambda: layouts.labelled("it", "Impegno", " - ", "Asse"),
    "label de": lambda: layouts.labelled("de", "Verpflichtung", ": ", "Handlungsfeld"),
    "label unknown": lambda: layouts.labelled("en", "Waypoint", ": ", "Theme"),
    "restarting en": lambda: layouts.restarting("en"),
    "restarting es": lambda: layouts.restarting("es", 13.0),
    "restarting de": lambda: layouts.restarting("de"),
    "two levels en": lambda: layouts.two_levels("en"),
    "two levels fr": lambda: layouts.two_levels("fr"),
    "two levels de": lambda: layouts.two_levels("de"),
    "run-ins en": lambda: layouts.run_ins("en"),
    "run-ins it": lambda: layouts.run_ins("it", ""),
    "run-ins pt": lambda: layouts.run_ins("pt", "–"),
    "table en": lambda: layouts.template_table("en", EN_FIELDS),
    "table es": lambda: layouts.template_table("es", ES_FIELDS, "Compromiso"),
    "table pt": lambda: layouts.template_table("pt", PT_FIELDS),
    "table de": lambda: layouts.template_table("de", DE_FIELDS),
    "fields en": lambda: layouts.field_lines("en", EN_FIELDS),
    "fields fr": lambda: layouts.field_lines("fr", FR_FIELDS),
    "fields it": lambda: layouts.field_lines("it", IT_FIELDS),
    "pictures for titles": lambda: layouts.field_lines("es", ES_FIELDS, titled=False),
    "one table en": lambda: layouts.one_table("en", ("No.", "Action", "Responsible", "Timeline")),
    "one table es": lambda: layouts.one_table("es", ("N°", "Acción", "Responsable", "Plazo")),
    "one table de": lambda: layouts.one_table("de", ("Nr.", "Maßnahme", "Zuständigkeit", "Frist")),
    "big numbers": lambda: layouts.big_numbers("en"),
    "big numbers fr": lambda: layouts.big_numbers("fr"),
    "roman": lambda: layouts.lettered("en", "roman"),
    "letters": lambda: layouts.lettered("es", "letter"),
    "law en": lambda: layouts.law("en", "Article", "", ("Subject matter", "Definitions")),
    "law es": lambda: layouts.law("es", "Artículo", ".º", ("Objeto", "Definiciones")),
    "law de": lambda: layouts.law("de", "§", "", ("Zweck", "Begriffsbestimmungen")),
    "law it": lambda: layouts.law("it", "Art.", "", ("Oggetto", "Definizioni")),
    "summary and annex": lambda: layouts.summary_and_annex("en", "Commitment"),
    "summary and annex fr": lambda: layouts.summary_and_annex("fr", "Mesure"),
    "sections en": lambda: layouts.headings_with_sections("en", ("Background", "What we will do", "Timeline")),
    "sections de": lambda: layouts.headings_with_sections("de", ("Ausgangslage", "Zielsetzung", "Meilensteine")),
    "sections pt": lambda: layouts.headings_with_sections("pt", ("Enquadramento", "Ações", "Calendário")),
    "objectives en": lambda: layouts.objectives_and_actions("en", "Objective", "Action"),
    "objectives es": lambda: layouts.objectives_and_actions("es", "Objetivo", "Acción"),
    "objectives it": lambda: layouts.objectives_and_actions("it", "Obiettivo", "Azione"),
    "titles only es": lambda: layouts.titles_only("es", "Los compromisos asumidos son los siguientes:"),
    "titles only en": lambda: layouts.titles_only("en", "The commitments of the city are these:"),
    "narrative en": lambda: layouts.narrative("en"),
    "narrative es": lambda: layouts.narrative("es"),
    "narrative fr": lambda: layouts.narrative("fr"),
    "narrative de": lambda: layouts.narrative("de"),
    "narrative it": lambda: layouts.narrative("it"),
    "label above title en": lambda: layouts.label_above_title("en", "Commitment"),
    "label above title de": lambda: layouts.label_above_title("de", "Maßnahme"),
    "without sizes": lambda: layouts.without_sizes("en"),
    "without sizes fr": lambda: layouts.without_sizes("fr"),
    "two columns": lambda: layouts.two_columns("es"),
    "three levels": lambda: layouts.three_levels("en"),
    "three levels pt": lambda: layouts.three_levels("pt"),
    "titles as headers": lambda: layouts.titles_taken_for_headers("en", "Commitment"),
    "titles as headers fr": lambda: layouts.titles_taken_for_headers("fr", "Engagement"),
    "contents without leaders": lambda: layouts.contents_without_leaders("en"),
    "contents without leaders it": lambda: layouts.contents_without_leaders("it"),
    "titled steps": lambda: layouts.labelled_with_titled_steps("en", "Commitment"),
    "titled steps es": lambda: layouts.labelled_with_titled_steps("es", "Compromiso"),
    "mixed depth en": lambda: layouts.mixed_depth("en"),
    "mixed depth es": lambda: layouts.mixed_depth("es"),
    "decoys en": lambda: layouts.decoys("en", "Action", "Principle"),
    "decoys pt": lambda: layouts.decoys("pt", "Medida", "Princípio"),
    "capitals": lambda: layouts.capitals("es"),
    "capitals de": lambda: layouts.capitals("de"),
    "statements": lambda: layouts.statements("en"),
    "statements de": lambda: layouts.statements("de"),
    "name row": lambda: layouts.name_row("en", ("Commitment", "Lead agency", "Partners", "Start date", "End date")),
    "name row it": lambda: layouts.name_row("it", ("Impegno", "Amministrazione responsabile", "Partner", "Scadenza")),
}  # fmt: skip


def bag(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.casefold()))


@pytest.mark.parametrize("name", PLANS)
def test_made_up_plan_is_cut_as_a_reader_would(name: str) -> None:
    plan: Plan = PLANS[name]()
    found = segment_document(plan.frame(), plan.language)
    expected = plan.expected
    assert [(row.number, row.title) for row in found.itertuples()] == [
        (unit["number"], unit["title"]) for unit in expected
    ]
    assert len(found) == len(expected)
    for row, unit in zip(found.itertuples(), expected, strict=True):
        assert bag(row.text) == bag(unit["text"])
