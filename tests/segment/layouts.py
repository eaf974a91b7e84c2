"""Small made-up plans as block tables, each in another layout, with the commitments that a reader would find in it."""

from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

import pandas as pd

from pipeline.domain.schema import BLOCKS

BODY = 11.0

PROMISES = {
    "en": [
        "The ministry will publish the data set on the national portal every quarter and will answer questions on it.",
        "Two working groups will meet each month until the service is open to all residents of the country.",
        "The agency shall report on progress once a year, and the report will be discussed in parliament.",
    ],
    "es": [
        "El ministerio publicará los datos en el portal nacional cada trimestre y responderá las preguntas recibidas.",
        "Se creará una mesa de trabajo que sesionará cada mes hasta que el servicio funcione en todo el país.",
        "La agencia deberá informar una vez al año y el informe se presentará ante el congreso.",
    ],
    "fr": [
        "Le ministère publiera les données sur le portail national chaque trimestre et répondra aux questions.",
        "Un groupe de travail sera créé et se réunira chaque mois jusqu'à l'ouverture du service à tous.",
        "L'agence devra rendre compte une fois par an et le rapport sera présenté au parlement.",
    ],
    "pt": [
        "O ministério publicará os dados no portal nacional em cada trimestre e responderá às perguntas recebidas.",
        "Será criado um grupo de trabalho que reunirá todos os meses até que o serviço esteja aberto a todos.",
        "A agência deverá prestar contas uma vez por ano e o relatório será apresentado no parlamento.",
    ],
    "it": [
        "Il ministero pubblicherà i dati sul portale nazionale ogni trimestre e risponderà alle domande ricevute.",
        "Sarà istituito un gruppo di lavoro che si riunirà ogni mese finché il servizio non sarà aperto a tutti.",
        "L'agenzia dovrà riferire una volta l'anno e la relazione sarà presentata al parlamento.",
    ],
    "de": [
        "Das Ministerium wird die Daten jedes Quartal im Portal veröffentlichen und Fragen dazu beantworten.",
        "Eine Arbeitsgruppe wird eingerichtet, die sich jeden Monat trifft, bis der Dienst allen offensteht.",
        "Die Behörde wird einmal im Jahr berichten, und der Bericht wird im Parlament beraten.",
    ],
}
CONTEXT = {
    "en": "Only a third of residents know where such information is kept, and offices give it out in many formats.",
    "es": "Solo un tercio de la población sabe dónde se guarda esta información, que circula en muchos formatos.",
    "fr": "Seul un tiers des habitants sait où se trouvent ces informations, diffusées sous de nombreux formats.",
    "pt": "Apenas um terço dos residentes sabe onde se encontra esta informação, dispersa por muitos formatos.",
    "it": "Solo un terzo dei residenti sa dove si trovano queste informazioni, diffuse in molti formati.",
    "de": "Nur ein Drittel der Bevölkerung weiß, wo solche Angaben liegen, und Ämter geben sie uneinheitlich heraus.",
}
PAST = {
    "en": "Since 2015 the government has published nine registers, trained officials and opened two service centres.",
    "es": "Desde 2015 el gobierno ha publicado nueve registros, capacitó a agentes y abrió dos centros.",
    "fr": "Depuis 2015 le gouvernement a publié neuf registres, formé des agents et ouvert deux centres de services.",
    "pt": "Desde 2015 o governo publicou nove registos, formou funcionários e abriu dois centros de serviços.",
    "it": "Dal 2015 il governo ha pubblicato nove registri, formato funzionari e aperto due centri di servizio.",
    "de": "Seit 2015 hat die Regierung neun Register veröffentlicht, Beamte geschult und zwei Zentren eröffnet.",
}
TITLES = {
    "en": [
        "Open the land register", "Publish the budget in full", "Create a citizens' panel on data",
        "Train teachers in digital skills", "Simplify business licences online",
        "Strengthen the data protection office",
        "Extend broadband to villages", "Set up an online complaint service", "Review algorithms used by the state",
        "Digitise court archives", "Improve access to health records", "Launch a procurement portal",
    ],
    "es": [
        "Abrir el registro de tierras", "Publicar el presupuesto completo", "Crear un panel ciudadano de datos",
        "Formar docentes en competencias digitales", "Simplificar licencias en línea",
        "Fortalecer la oficina de protección de datos", "Llevar banda ancha a las aldeas",
        "Instalar un servicio de quejas en línea", "Revisar los algoritmos del Estado",
        "Digitalizar archivos judiciales", "Mejorar el acceso a la historia clínica", "Lanzar un portal de compras",
    ],
    "fr": [
        "Ouvrir le registre foncier", "Publier le budget complet", "Créer un panel citoyen sur les données",
        "Former les enseignants au numérique", "Simplifier les licences en ligne", "Renforcer l'autorité de protection",
        "Étendre le haut débit aux villages", "Mettre en place un service de réclamation",
        "Évaluer les algorithmes de l'État", "Numériser les archives judiciaires",
        "Améliorer l'accès au dossier médical", "Lancer un portail d'achats",
    ],
    "pt": [
        "Abrir o registo predial", "Publicar o orçamento completo", "Criar um painel de cidadãos sobre dados",
        "Formar docentes em competências digitais", "Simplificar licenças em linha",
        "Reforçar a autoridade de proteção de dados", "Levar banda larga às aldeias",
        "Instalar um serviço de queixas em linha", "Rever os algoritmos do Estado", "Digitalizar arquivos judiciais",
        "Melhorar o acesso ao processo clínico", "Lançar um portal de compras",
    ],
    "it": [
        "Aprire il catasto", "Pubblicare il bilancio completo", "Creare un panel di cittadini sui dati",
        "Formare i docenti alle competenze digitali", "Semplificare le licenze in rete",
        "Rafforzare il garante dei dati", "Estendere la banda larga ai paesi", "Istituire un servizio di reclamo",
        "Valutare gli algoritmi dello Stato", "Digitalizzare gli archivi giudiziari",
        "Migliorare l'accesso alla cartella clinica", "Avviare un portale degli acquisti",
    ],
    "de": [
        "Öffnung des Grundbuchs", "Veröffentlichung des Haushalts", "Einrichtung eines Bürgerrats zu Daten",
        "Schulung von Lehrkräften", "Vereinfachung von Gewerbeanmeldungen", "Stärkung der Datenschutzaufsicht",
        "Ausbau des Breitbands in Dörfern", "Aufbau einer Beschwerdestelle im Netz",
        "Prüfung staatlicher Algorithmen", "Digitalisierung der Gerichtsarchive",
        "Verbesserung des Zugangs zur Patientenakte", "Einführung eines Vergabeportals",
    ],
}  # fmt: skip
FRONT = {
    "en": ("Foreword", "Introduction", "Achievements to date", "Conclusion", "Contents"),
    "es": ("Prólogo", "Introducción", "Logros del plan anterior", "Conclusiones", "Índice"),
    "fr": ("Avant-propos", "Introduction", "Bilan du plan précédent", "Conclusion", "Sommaire"),
    "pt": ("Prefácio", "Introdução", "Resultados do plano anterior", "Conclusão", "Índice"),
    "it": ("Prefazione", "Introduzione", "Risultati raggiunti", "Conclusioni", "Indice"),
    "de": ("Vorwort", "Einleitung", "Bilanz des ersten Plans", "Fazit", "Inhalt"),
}


@dataclass
class Plan:
    """A plan in the making: blocks, and the commitments expected in it as (number, title, first page, words)."""

    language: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    expected: list[dict[str, Any]] = field(default_factory=list)
    page: int = 1
    y: float = 60.0

    def __post_init__(self) -> None:
        self.promises = cycle(PROMISES[self.language])
        self.titles = iter(TITLES[self.language])

    def block(self, kind: str, text: str, size: float = BODY, bold: float = 0, **more: Any) -> None:
        """Put one block on the page; a full page is turned."""
        height = size * 1.3 * (1 + len(text) // 90)
        if self.y + height > 760:
            self.turn()
        place = {"x0": more.pop("x0", 60.0), "y0": self.y, "x1": more.pop("x1", 520.0), "y1": self.y + height}
        empty = {"italic": 0.0, "lead": "", "font": "Serif", "marker": ""}
        row = {"document": "plan.pdf", "page": self.page, "page_end": self.page, "block": len(self.rows), "kind": kind}
        self.rows.append(row | place | empty | {"text": text, "size": size, "bold": float(bold)} | more)
        self.y += height + 6
        if self.expected and self.expected[-1]["open"] and kind not in ("header", "footer"):
            marker = more.get("marker", "")
            shown = f"{marker} {text}" if any(letter.isalnum() for letter in marker) else text
            self.expected[-1]["text"] += f"\n{shown}"

    def turn(self) -> None:
        """Begin a new page, with a running header and a page number."""
        self.page += 1
        self.y = 60.0
        frame = {"document": "plan.pdf", "page": self.page, "page_end": self.page, "x0": 60.0, "x1": 200.0, "size": 8.0}
        rest = {"bold": 0.0, "italic": 0.0, "lead": "", "font": "Serif", "marker": ""}
        for kind, text, y in (("header", "Made-up plan", 20.0), ("footer", str(self.page), 800.0)):
            self.rows.append(frame | rest | {"block": len(self.rows), "kind": kind, "text": text, "y0": y, "y1": y + 9})

    def heading(self, text: str, size: float = 14.0, bold: float = 1, **more: Any) -> None:
        """A heading."""
        self.block("heading", text, size, bold, **more)

    def para(self, text: str = "", **more: Any) -> None:
        """A paragraph; a promise where no text is given."""
        self.block("paragraph", text or next(self.promises), **more)

    def item(self, text: str, marker: str = "•", **more: Any) -> None:
        """An item of a list."""
        self.block("list_item", text, **({"marker": marker, "x0": 78.0} | more))

    def row(self, *cells: str, **more: Any) -> None:
        """A row of a table."""
        self.block("table_row", " | ".join(cells), **more)

    def open(self, title: str, number: str = "") -> None:
        """From here on the blocks belong to a commitment."""
        self.close()
        self.expected.append({"title": title, "number": number, "text": "", "open": True})

    def close(self) -> None:
        """From here on the blocks belong to no commitment."""
        if self.expected:
            self.expected[-1]["open"] = False

    def front(self, *, contents: bool = False) -> None:
        """Title page, foreword, introduction and achievements: no commitment among them."""
        words = FRONT[self.language]
        self.heading("Made-up plan 2024", 26.0)
        self.turn()
        if contents:
            self.heading(words[4], 18.0)
            for number, title in enumerate(TITLES[self.language][:8], 1):
                self.para(f"{number}. {title} ............ {number + 4}")
            self.turn()
        for word in words[:2]:
            self.heading(word, 18.0)
            self.para(CONTEXT[self.language])
            self.para(PAST[self.language])
        self.heading(words[2], 18.0)
        for number in range(1, 5):
            self.item(PAST[self.language], f"{number}.")

    def end(self) -> None:
        """The closing part."""
        self.close()
        self.heading(FRONT[self.language][3], 18.0)
        self.para(CONTEXT[self.language])

    def frame(self) -> pd.DataFrame:
        """The blocks as a table of schema BLOCKS."""
        self.close()
        return pd.DataFrame(self.rows).reindex(columns=BLOCKS.names)


def labelled(language: str, label: str, separator: str, themes: str) -> Plan:
    """ "Commitment 3: Title" as headings under numbered themes, continuous numbers."""
    plan = Plan(language)
    plan.front(contents=True)
    number = 0
    for theme in ("A", "B", "C"):
        plan.close()
        plan.heading(f"{themes} {theme}", 18.0)
        plan.para(CONTEXT[language])
        for _ in range(3):
            number += 1
            title = next(plan.titles)
            plan.open(title, str(number))
            plan.heading(f"{label} {number}{separator}{title}")
            plan.para(CONTEXT[language])
            plan.para()
            plan.item(next(plan.promises))
            plan.item(next(plan.promises))
    plan.end()
    return plan


def restarting(language: str, size: float = BODY) -> Plan:
    """Numbered bold headings that start again at 1 under each theme; untitled steps inside."""
    plan = Plan(language)
    plan.front()
    for theme in ("North", "South", "West"):
        plan.close()
        plan.heading(theme, 16.0)
        plan.para(CONTEXT[language])
        for number in range(1, 4):
            title = next(plan.titles)
            plan.open(title, str(number))
            plan.heading(title, size, marker=f"{number}.")
            plan.para()
            for step in range(1, 4):
                plan.item(next(plan.promises), f"{step})")
    plan.end()
    return plan


def two_levels(language: str) -> Plan:
    """Chapters 1, 2, 3 with an introduction, and 1.1, 1.2 … below: the second level is the commitments."""
    plan = Plan(language)
    plan.front()
    for chapter, name in enumerate(("Networks", "Registers", "Schools"), 1):
        plan.close()
        plan.heading(name, 16.0, marker=f"{chapter}.")
        plan.para(CONTEXT[language])
        for part in range(1, 5):
            title = next(plan.titles)
            plan.open(title, f"{chapter}.{part}")
            plan.heading(title, 13.0, marker=f"{chapter}.{part}")
            plan.para(CONTEXT[language])
            plan.para()
    plan.end()
    return plan


def run_ins(language: str, bullet: str = "•") -> Plan:
    """Bulleted bold run-in titles under theme headings with introductions; paragraphs may follow a bullet."""
    plan = Plan(language)
    plan.front()
    for theme in ("North", "South", "West"):
        plan.close()
        plan.heading(theme, 16.0)
        plan.para(CONTEXT[language])
        for place in range(4):
            title = next(plan.titles)
            plan.open(title)
            plan.item(f"{title}. {CONTEXT[language]} {next(plan.promises)}", bullet, lead=f"{title}.", bold=0.2)
            if place == 2:
                plan.para(next(plan.promises), x0=90.0)
    plan.end()
    return plan


def template_table(language: str, names: tuple[str, ...], label: str = "") -> Plan:
    """One table a commitment, the title in its first row, field names in the first column."""
    plan = Plan(language)
    plan.front()
    for number in range(1, 8):
        title = next(plan.titles)
        plan.close()
        plan.turn()
        plan.open(title, str(number))
        plan.row(f"{label} {number}: {title}" if label else f"{number}. {title}", bold=1)
        for place, name in enumerate(names):
            value = ("Ministry of Works", "Data office, two civil groups", next(plan.promises), "2024", "2026")[
                place % 5
            ]
            plan.row(name, value)
    plan.end()
    return plan


def field_lines(language: str, names: tuple[str, ...], titled: bool = True) -> Plan:
    """Unnumbered headings (or none, where titles are pictures) over lines "Lead: …"."""
    plan = Plan(language)
    plan.front()
    for number in range(1, 7):
        title = next(plan.titles)
        plan.close()
        plan.turn()
        plan.open(title if titled else "")
        if titled:
            plan.heading(title, 13.0, 0, italic=1.0)
        for name in names:
            plan.para(f"{name}: Ministry of Works {number}", lead=f"{name}:", bold=0.2)
        plan.para(CONTEXT[language])
        plan.para()
    plan.end()
    return plan


def one_table(language: str, header: tuple[str, ...]) -> Plan:
    """One table with a commitment a row, its header repeated on every page."""
    plan = Plan(language)
    plan.front()
    plan.close()
    plan.heading("Table of work", 16.0)
    for number in range(1, 10):
        if number in (1, 5):
            plan.close()
            plan.turn()
            plan.row(*header, bold=1)
        title = next(plan.titles)
        plan.open(title, str(number))
        plan.row(str(number), f"{title}. {next(plan.promises)}", "Ministry of Works", "2025")
    plan.end()
    return plan


def big_numbers(language: str) -> Plan:
    """A large figure alone on a line, its title as a heading below."""
    plan = Plan(language)
    plan.front()
    for number in range(1, 8):
        title = next(plan.titles)
        plan.open(title, str(number))
        plan.heading(str(number) + ".", 30.0)
        plan.heading(title, 15.0)
        plan.para(CONTEXT[language])
        plan.para()
    plan.end()
    return plan


def lettered(language: str, style: str) -> Plan:
    """Headings A., B., C. or I., II., III. without themes."""
    plan = Plan(language)
    plan.front()
    marks = ("I", "II", "III", "IV", "V", "VI", "VII") if style == "roman" else tuple("ABCDEFG")
    for mark in marks:
        title = next(plan.titles)
        plan.open(title, mark)
        plan.heading(title, 13.0, marker=f"{mark}.")
        plan.para(CONTEXT[language])
        plan.para()
    plan.end()
    return plan


def law(language: str, label: str, suffix: str, skipped: tuple[str, ...]) -> Plan:
    """A law: articles under chapters; the first ones define and say what the law is about."""
    plan = Plan(language)
    plan.heading("Act on public data", 20.0)
    for number in range(1, 11):
        if number in (1, 4, 8):
            plan.close()
            plan.heading(f"{'Kapitel' if language == 'de' else 'Chapter'} {1 + number // 4}", 14.0)
        skip = number <= len(skipped)
        title = skipped[number - 1] if skip else next(plan.titles)
        plan.close() if skip else plan.open(title, str(number))
        plan.heading(f"{label} {number}{suffix}", 11.0)
        plan.heading(title, 11.0)
        plan.para(next(plan.promises), marker="(1)")
        plan.para(next(plan.promises), marker="(2)")
    plan.close()
    return plan


def summary_and_annex(language: str, label: str) -> Plan:
    """Every commitment is listed in a summary, told in full, and listed again in an annex."""
    plan = Plan(language)
    plan.front()
    titles = TITLES[language][:8]
    plan.heading("Plan at a glance", 18.0)
    for number, title in enumerate(titles, 1):
        plan.para(f"{label} {number}: {title}")
    for number, title in enumerate(titles, 1):
        plan.open(title, str(number))
        plan.heading(f"{label} {number}: {title}", 14.0)
        plan.para(CONTEXT[language])
        plan.para()
    plan.end()
    plan.heading("Annex: list", 18.0)
    for number, title in enumerate(titles, 1):
        plan.item(f"{label} {number}: {title}")
    return plan


def headings_with_sections(language: str, sections: tuple[str, ...]) -> Plan:
    """Numbered headings; inside each the same sub-headings, larger or smaller, and numbered steps with titles."""
    plan = Plan(language)
    plan.front(contents=True)
    for number in range(1, 9):
        title = next(plan.titles)
        plan.open(title, str(number))
        plan.heading(title, 15.0, marker=f"{number}.")
        for section in sections:
            plan.heading(section, 11.0)
            plan.para(CONTEXT[language])
            plan.para()
    plan.end()
    return plan


def objectives_and_actions(language: str, upper: str, lower: str) -> Plan:
    """ "Objective 1" over "Action 1.1", "Action 1.2" …: the actions are the commitments."""
    plan = Plan(language)
    plan.front()
    for goal in range(1, 4):
        plan.close()
        plan.heading(f"{upper} {goal}: {('Networks', 'Registers', 'Schools')[goal - 1]}", 16.0)
        plan.para(CONTEXT[language])
        for part in range(1, 4):
            title = next(plan.titles)
            plan.open(title, f"{goal}.{part}")
            plan.para(f"{lower} {goal}.{part}. {title}", bold=1)
            plan.para()
    plan.end()
    return plan


def titles_only(language: str, sentence: str) -> Plan:
    """Commitments as bare numbered titles under themes, led in by a sentence; nothing else tells them."""
    plan = Plan(language)
    plan.front()
    plan.heading(sentence.split()[1].capitalize(), 18.0)
    plan.para(CONTEXT[language])
    plan.para(sentence)
    number = 0
    for theme in ("North", "South", "West"):
        plan.close()
        plan.heading(theme, 12.0)
        for _ in range(4):
            number += 1
            title = next(plan.titles)
            plan.open(title, str(number))
            plan.item(title, f"{number}.")
    plan.end()
    return plan


def narrative(language: str) -> Plan:
    """A policy in running text: some paragraphs promise, others tell; headings are no titles."""
    plan = Plan(language)
    plan.front()
    for name in ("People", "Machines", "Rules"):
        plan.close()
        plan.heading(name, 15.0)
        plan.para(CONTEXT[language])
        plan.para(PAST[language])
        plan.open("")
        plan.para()
        plan.close()
        plan.para(CONTEXT[language])
    plan.end()
    return plan


def label_above_title(language: str, label: str) -> Plan:
    """A small "COMMITMENT 3" over a larger title on a line of its own."""
    plan = Plan(language)
    plan.front()
    for number in range(1, 8):
        title = next(plan.titles)
        plan.open(title, str(number))
        plan.heading(f"{label.upper()} {number}", 9.0)
        plan.heading(title, 16.0)
        plan.para(CONTEXT[language])
        plan.para()
        plan.heading("Case study: a village", 12.0)
        plan.para(PAST[language])
    plan.end()
    return plan


def without_sizes(language: str) -> Plan:
    """Numbered headings of a file that tells no type sizes."""
    plan = Plan(language)
    plan.heading("Made-up plan", 0.0)
    plan.heading(FRONT[language][1], 0.0)
    plan.block("paragraph", CONTEXT[language], 0.0)
    for number in range(1, 7):
        title = next(plan.titles)
        plan.open(title, str(number))
        plan.heading(title, 0.0, marker=f"{number}.")
        plan.block("paragraph", next(plan.promises), 0.0)
        plan.block("list_item", next(plan.promises), 0.0, marker="•")
    plan.close()
    plan.heading(FRONT[language][3], 0.0)
    plan.block("paragraph", CONTEXT[language], 0.0)
    return plan


def two_columns(language: str) -> Plan:
    """Run-in titles in two columns; the second column's left edge is far from the first one's."""
    plan = Plan(language)
    plan.front()
    plan.close()
    plan.heading("North", 16.0)
    plan.para(CONTEXT[language])
    for place in range(8):
        left = 60.0 if place % 2 == 0 else 320.0
        title = next(plan.titles)
        plan.open(title)
        plan.item(f"{title}. {next(plan.promises)}", "•", lead=f"{title}.", bold=0.2, x0=left + 18, x1=left + 220)
        plan.para(next(plan.promises), x0=left + 30, x1=left + 220)
    plan.end()
    return plan


def three_levels(language: str) -> Plan:
    """Numbers 1, 1.1 and 1.1.1: the third level has the undertakings."""
    plan = Plan(language)
    plan.front()
    for one in (1, 2):
        plan.close()
        plan.heading(("Networks", "Registers")[one - 1], 18.0, marker=f"{one}.")
        for two in (1, 2):
            plan.close()
            plan.heading(("Wires", "Masts", "Land", "Firms")[2 * one + two - 3], 15.0, marker=f"{one}.{two}.")
            plan.para(CONTEXT[language])
            for three in (1, 2, 3):
                title = next(plan.titles)
                plan.open(title, f"{one}.{two}.{three}")
                plan.heading(title, 12.0, marker=f"{one}.{two}.{three}")
                plan.para()
    plan.end()
    return plan


def titles_taken_for_headers(language: str, label: str) -> Plan:
    """One commitment a page, its title at the same height on every page, so that it passes for a running header."""
    plan = Plan(language)
    plan.front()
    for number in range(1, 8):
        title = next(plan.titles)
        plan.close()
        plan.turn()
        plan.open(title, str(number))
        text = f"{label} {number}: {title}"
        plan.block("header", text, 11.0, 1)
        plan.expected[-1]["text"] += f"\n{text}"
        plan.para(CONTEXT[language])
        plan.para()
    plan.close()
    return plan


def contents_without_leaders(language: str) -> Plan:
    """A table of contents in the same words and numbers as the headings, with page numbers but no dots."""
    plan = Plan(language)
    plan.heading("Made-up plan", 26.0)
    plan.turn()
    plan.heading(FRONT[language][4], 18.0)
    for number, title in enumerate(TITLES[language][:8], 1):
        plan.item(f"{title} {number + 3}", f"{number}.")
    plan.turn()
    plan.heading(FRONT[language][1], 18.0)
    plan.para(CONTEXT[language])
    for number in range(1, 9):
        title = next(plan.titles)
        plan.open(title, str(number))
        plan.heading(title, 13.0, marker=f"{number}.")
        plan.para(CONTEXT[language])
        plan.para()
    plan.end()
    return plan


def labelled_with_titled_steps(language: str, label: str) -> Plan:
    """Labelled commitments whose steps are numbered run-in titles: the steps are no commitments."""
    plan = Plan(language)
    plan.front()
    for number in range(1, 6):
        title = next(plan.titles)
        plan.open(title, str(number))
        plan.heading(f"{label} {number}: {title}", 14.0)
        plan.para(CONTEXT[language])
        for step in range(1, 4):
            plan.item(f"Step {step}. {next(plan.promises)}", f"{step}.", lead=f"Step {step}.", bold=0.1)
    plan.end()
    return plan


def mixed_depth(language: str) -> Plan:
    """Numbered headings: some with an introduction and titled bullets (the commitments), some without (themselves)."""
    plan = Plan(language)
    plan.front()
    for number in range(1, 9):
        if number % 2:
            plan.close()
            plan.heading(f"{TITLES[language][8 + number // 2]}", 12.0, marker=f"{number}.")
            plan.para(CONTEXT[language])
            for _ in range(2):
                title = next(plan.titles)
                plan.open(title)
                plan.item(f"{title}. {next(plan.promises)} {next(plan.promises)}", lead=f"{title}.", bold=0.2)
        else:
            title = f"{TITLES[language][number]} everywhere"
            plan.open(title, str(number))
            plan.heading(title, 12.0, marker=f"{number}.")
            plan.para(CONTEXT[language])
            plan.para()
    plan.end()
    return plan


def decoys(language: str, label: str, principle: str) -> Plan:
    """Principles and achievements look just like the commitments: labelled, numbered, bold."""
    plan = Plan(language)
    plan.front()
    plan.heading("Compass", 18.0)
    for number in range(1, 6):
        plan.heading(f"{principle} {number}: Fairness {number}", 14.0)
        plan.para(CONTEXT[language])
    plan.heading(FRONT[language][2], 18.0)
    for number in range(1, 6):
        plan.item(f"Registers {number}. {PAST[language]}", f"{number}.", lead=f"Registers {number}.", bold=0.1)
    plan.heading("Road", 18.0)
    for number in range(1, 7):
        title = next(plan.titles)
        plan.open(title, str(number))
        plan.heading(f"{label} {number}: {title}", 14.0)
        plan.para(CONTEXT[language])
        plan.para()
    plan.end()
    return plan


def capitals(language: str) -> Plan:
    """Numbered headings in capitals of body size, neither bold nor larger."""
    plan = Plan(language)
    plan.front()
    for number in range(1, 8):
        title = next(plan.titles).upper()
        plan.open(title, str(number))
        plan.heading(title, BODY, 0, marker=f"{number}.")
        plan.para(CONTEXT[language])
        plan.para()
        plan.item(next(plan.promises))
    plan.end()
    return plan


def statements(language: str) -> Plan:
    """Promises in larger italics, each explained below, under numbered chapters."""
    plan = Plan(language)
    plan.front()
    for chapter in range(1, 5):
        plan.close()
        plan.heading(("Networks", "Registers", "Schools", "Courts")[chapter - 1], 16.0, marker=f"{chapter}.")
        plan.para(CONTEXT[language])
        for _ in range(3):
            text = f"{next(plan.promises)[:-1]} ({next(plan.titles)})."
            plan.open(text.rstrip("."))
            plan.para(text, size=12.0, italic=1.0)
            plan.para(CONTEXT[language])
            plan.para()
    plan.end()
    return plan


def name_row(language: str, names: tuple[str, ...]) -> Plan:
    """Tables whose first row is "Commitment 3 | Title"."""
    plan = Plan(language)
    plan.front()
    for number in range(1, 7):
        title = next(plan.titles)
        plan.open(title, str(number))
        plan.row(f"{names[0]} {number}", title)
        for name in names[1:]:
            plan.row(name, "Ministry of Works")
        plan.row(next(plan.promises), "2024")
    plan.end()
    return plan
