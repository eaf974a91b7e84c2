"""Tables of commitments: recognised layouts, mappings, languages, and every mistake that a table can have."""

import openpyxl
import pytest

from pipeline.domain.codebook import Status
from pipeline.domain.errors import DocumentError
from pipeline.domain.schema import SEGMENTS
from pipeline.extract.commitment_table import read_commitments
from pipeline.extract.document import extract_document

from .sheets import PARAMS

OGP = """Country,Action Plan,Commitment Number,Commitment Title,Commitment Text,Lead Institution,Start Date,End Date
Arboria,2021-2023,AR0001,Open register,"The agency publishes, each month,
all of its contracts.",Agency of Records,2021-03-01,2022-12-31
Arboria,2021-2023,AR0002,Citizens' panel,A panel follows the spending of the ministry.,Ministry,2021-05-01,2023-06-30
"""


def write(tmp_path, text, name="plan.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def test_the_commitments_export_of_ogp(tmp_path):
    table = read_commitments(write(tmp_path, OGP))
    assert list(table.columns) == SEGMENTS.names
    first = table.iloc[0]
    assert first["number"] == "AR0001" and first["title"] == "Open register"
    assert first["text"].startswith("Open register\nThe agency publishes, each month,")
    assert (first["start"], first["end"], first["lead_institution"]) == (
        "2021-03-01",
        "2022-12-31",
        "Agency of Records",
    )
    assert table["language"].tolist() == ["en", "en"]
    assert table["country"].tolist() == ["Arboria"] * 2 and table["year"].tolist() == ["2021"] * 2
    assert table["commitment_id"].tolist() == ["plan-AR0001", "plan-AR0002"]


@pytest.mark.parametrize(
    ("header", "row", "country", "year"),
    [
        ("Country,Action Plan", "Brazil,Brazil Action Plan 2021-2023", "BRA", "2021"),
        ("País,Año", "México,2019", "MEX", "2019"),
        ("Member,Plan", "Czech Republic,Fourth plan", "CZE", ""),
        ("Pays,Plan d'action", "Côte d'Ivoire,Plan d’action national 2022–2024", "CIV", "2022"),
        ("Country,Period", "KEN,2016-2018", "KEN", "2016"),
        ("Country,Action Plan", "Arboria,AR20215", "Arboria", ""),
    ],
)
def test_country_and_year_of_a_row(tmp_path, header, row, country, year):
    table = read_commitments(write(tmp_path, f"{header},Title,Description\n{row},Open register,A register opens.\n"))
    assert (table["country"][0], table["year"][0]) == (country, year)


HEADERS = """
es;Título del compromiso;Descripción;Institución responsable;Publicaremos cada mes todos los contratos del Estado.
fr;Titre de l’engagement;Description;Institution responsable;Nous publierons chaque mois les contrats de l’État.
pt;Título do compromisso;Descrição;Instituição responsável;Publicaremos todos os meses os contratos da administração.
it;Titolo;Descrizione;Amministrazione responsabile;Pubblicheremo ogni mese tutti i contratti dello Stato.
de;Titel der Verpflichtung;Beschreibung;Federführende Stelle;Wir veröffentlichen jeden Monat alle Verträge.
"""


@pytest.mark.parametrize("line", HEADERS.strip().splitlines())
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_headers_in_the_languages_of_the_codebook(tmp_path, line, encoding):
    language, *header, text = line.split(";")
    table = read_commitments(write(tmp_path, f"{';'.join(header)}\nAbc;{text};X\n", encoding=encoding))
    found = table.loc[0, ["title", "text", "lead_institution", "language"]].tolist()
    assert found == ["Abc", f"Abc\n{text}", "X", language]


def test_parallel_languages_count_once_and_milestones_join_their_commitment(tmp_path):
    text = (
        "period,level,code,text_en,text_fr\n"
        "2018-2020,commitment,C1,Open courts,Tribunaux ouverts\n"
        "2018-2020,milestone,C1.1,Publish the rulings,Publier les jugements\n"
        "2018-2020,indicator,C1.1.1,Number of rulings,Nombre de jugements\n"
        "2018-2020,commitment,C2,Open budgets,Budgets ouverts\n"
    )
    path = write(tmp_path, text)
    english, french = read_commitments(path), read_commitments(path, language="fr")
    assert english["text"].tolist() == ["Open courts\nPublish the rulings", "Open budgets"]
    assert english["milestones"].tolist() == ["Publish the rulings", ""]
    assert (english["start"][0], english["end"][0]) == ("2018", "2020")
    assert french["title"].tolist() == ["Tribunaux ouverts", "Budgets ouverts"] and french["language"].tolist() == [
        "fr",
        "fr",
    ]
    assert "text_fr" in extract_document(path, PARAMS).reason


def test_a_mapping_names_the_columns(tmp_path):
    path = write(tmp_path, "Headline,What we do,Ref\nRegister,We publish all of the contracts.,7\n")
    table = read_commitments(path, "title=Headline|text=What we do|number=Ref")
    assert table.loc[0, ["number", "title"]].tolist() == ["7", "Register"]


def test_workbooks_with_a_title_above_the_header(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Commitments of Arboria"])
    sheet.append([])
    sheet.append(["No", "Title", "Description"])
    sheet.append([1, "Open register", "The agency publishes all contracts."])
    sheet.append([2.0, "Panel", "Citizens follow the spending."])
    path = tmp_path / "plan.xlsx"
    book.save(path)
    assert read_commitments(path)["number"].tolist() == ["1", "2"]


def test_each_commitment_is_one_block(tmp_path):
    extraction = extract_document(write(tmp_path, OGP), PARAMS)
    assert extraction.method == "commitment table" and extraction.language == "en"
    assert extraction.blocks["kind"].tolist() == ["table_row"] * 2
    assert extraction.blocks["lead"].tolist() == ["Open register", "Citizens' panel"]
    assert extraction.blocks["marker"].tolist() == ["AR0001", "AR0002"]


@pytest.mark.parametrize(
    ("text", "mapping", "message"),
    [
        ("a,b\n1,2\n", "", "no column with the commitments' text among: a, b"),
        ("title,text,id\nA,One text here,1\nB,Another text,1\n", "", "rows 2 and 3 have the same id '1'"),
        ("Headline,Body\nA,B\n", "text=Boddy", "has no column 'Boddy'"),
        ("Headline,Body\nA,B\n", "text", "is not field=header"),
        ("Headline,Body\nA,B\n", "colour=Body", "is not field=header"),
        ("Headline,Body\nA,B\n", "number=Body", "names no text column"),
        ("title,text\n", "", "header but no rows"),
        ("title,text\n,\n,\n", "", "header but no rows"),
        ("level,text\nindicator,Number of rulings\n", "", "no row of the table holds"),
    ],
)
def test_mistakes_are_told_in_one_line(tmp_path, text, mapping, message):
    path = write(tmp_path, text)
    with pytest.raises(DocumentError) as raised:
        read_commitments(path, mapping)
    assert message in raised.value.reason and "\n" not in raised.value.reason
    extraction = extract_document(path, PARAMS, mapping=mapping)
    assert extraction.status in (Status.UNREADABLE, Status.EMPTY) and message in extraction.reason
