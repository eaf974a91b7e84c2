"""One test for each trap of real plans' layouts, on pages drawn for it."""

from reportlab.lib.colors import Color, black, white

from pipeline.domain.codebook import Status

from .sheets import HEIGHT, Sheet, body, of_kind

LEFT = [
    "The agency will publish every contract",
    "that it signs with a supplier of software",
    "within thirty days, so that citizens can",
    "follow what their taxes are spent on and",
    "compare prices between the regions. The",
    "register is open to everybody and can be",
]
RIGHT = [
    "searched by supplier, by place and by the",
    "kind of good. A panel of users meets twice",
    "a year to tell what is missing, and the",
    "agency answers each proposal in writing.",
    "It reports on progress every spring, in",
    "plain language and in both languages.",
]


def _filler(sheet: Sheet, y: float, turn: int = 0) -> float:
    turned = RIGHT[turn:] + RIGHT[:turn]
    return sheet.lines(72, y, [f"{text} {other}" for text, other in zip(LEFT, turned, strict=True)])


def test_running_header_footer_and_page_number_are_set_apart_and_the_sentence_goes_on(pdf):
    def draw(sheet: Sheet) -> None:
        for number in range(1, 5):
            sheet.text(300, 770 + 30, str(number))
            sheet.text(72, 40, "Open Government Plan of Arboria 2021", 9)
            sheet.text(72, 820, "Ministry of Records", 9)
            y = _filler(sheet, 90, number)
            sheet.text(72, y + 20, f"Chapter {number} ends with a sentence that is too long for the page and runs over")
            sheet.page()

    blocks = pdf(draw).blocks
    assert of_kind(blocks, "header") == ["Open Government Plan of Arboria 2021"] * 4
    assert set(of_kind(blocks, "footer")) == {"Ministry of Records", "1", "2", "3", "4"}
    assert "Ministry of Records" not in body(blocks)
    assert "the page and runs over The agency will publish" in body(blocks)
    running = blocks[blocks["text"].str.contains("Chapter 1 ends")].iloc[0]
    assert (running["page"], running["page_end"]) == (1, 2)


def test_a_title_that_repeats_in_large_type_is_no_header(pdf):
    def draw(sheet: Sheet) -> None:
        for number in range(1, 13):
            if number in (2, 6, 9):
                sheet.text(72, 60, f"ACTION {number}", 20, "Helvetica-Bold")
            _filler(sheet, 110)
            sheet.page()

    assert of_kind(pdf(draw).blocks, "heading") == ["ACTION 2", "ACTION 6", "ACTION 9"]


def test_a_label_with_a_number_on_every_page_is_no_header(pdf):
    def draw(sheet: Sheet) -> None:
        for number in range(1, 6):
            sheet.text(72, 50, f"Compromiso {number}")
            _filler(sheet, 90, number)
            sheet.text(280, 800, f"Página {number}")
            sheet.page()

    blocks = pdf(draw).blocks
    assert [text for text in blocks["text"] if text.startswith("Compromiso")] == [
        f"Compromiso {n}" for n in range(1, 6)
    ]
    assert of_kind(blocks, "header") == []
    assert of_kind(blocks, "footer") == [f"Página {n}" for n in range(1, 6)]


def test_page_numbers_in_the_side_margin_do_not_cut_into_sentences(pdf):
    def draw(sheet: Sheet) -> None:
        for number in range(1, 6):
            _filler(sheet, 380, number)
            sheet.text(26, 408, str(number))
            sheet.page()

    blocks = pdf(draw).blocks
    assert of_kind(blocks, "footer") == ["1", "2", "3", "4", "5"]
    assert not any(c.isdigit() for c in body(blocks))


def test_bold_words_inside_a_sentence_do_not_part_it(pdf):
    def draw(sheet: Sheet) -> None:
        sheet.text(72, 100, "The ministry works with the other countries of the region, to")
        sheet.text(72, 114, "build common data spaces for health and for the", 11, "Helvetica-Bold")
        sheet.text(72, 128, "environment, which everybody can use.")

    assert len(pdf(draw).blocks) == 1


def test_hyphens_at_line_ends_in_all_their_forms(pdf):
    def draw(sheet: Sheet) -> None:
        words = "Protection of information matters; a government-wide rule covers publication of data."
        sheet.text(72, 80, words, 11, "Vera")
        broken = [("the protec\x02", "tion of"), ("more infor\ufffe", "mation and"), ("its publi\xad", "cation on")]
        for y, (first, second) in enumerate([*broken, ("a government-", "wide rule")]):
            sheet.text(72, 120 + 28 * y, "This long line of the paragraph speaks about " + first, 11, "Vera")
            sheet.text(72, 134 + 28 * y, second, 11, "Vera")

    text = body(pdf(draw).blocks)
    for word in ("the protection of", "more information and", "its publication on", "a government-wide rule"):
        assert word in text.replace("\n", " ")


def test_lost_ligatures_are_put_back_by_the_documents_own_words(pdf):
    def draw(sheet: Sheet) -> None:
        words = "Each office confirms the different files it holds and the efficient use of them."
        sheet.text(72, 80, words, 11, "Vera")
        sheet.text(72, 120, "Di\x07erent \x06les con\x06rm that every o\x0bce is e\x0bcient.", 11, "Vera")

    assert "Different files confirm that every office is efficient." in body(pdf(draw).blocks)


def test_ligature_characters_and_private_use_bullets(pdf):
    def draw(sheet: Sheet) -> None:
        for number, text in enumerate(("Publish o\ufb03cial \ufb01gures", "Answer \ufb01ve questions a week")):
            sheet.text(72, 80 + 20 * number, "\uf0b7", 11, "Vera")
            sheet.text(90, 80 + 20 * number, text, 11, "Vera")

    blocks = pdf(draw).blocks
    assert of_kind(blocks, "list_item") == ["Publish official figures", "Answer five questions a week"]
    assert blocks["marker"].tolist() == ["•", "•"]


def test_words_set_without_spaces_are_parted_by_their_gaps_and_spaced_type_is_not(pdf):
    def draw(sheet: Sheet) -> None:
        x = sheet.text(72, 80, "The Federal")
        x = sheet.text(x + 2.4, 80, "Administration")
        sheet.text(x + 2.4, 80, "must answer")
        spaced = sheet.canvas.beginText(72, HEIGHT - 120)
        spaced.setFont("Helvetica-Bold", 12)
        spaced.setCharSpace(1.6)
        spaced.textOut("SPACED TITLE OF A CHAPTER")
        sheet.canvas.drawText(spaced)

    text = body(pdf(draw).blocks)
    assert "The Federal Administration must answer" in text
    assert "SPACED TITLE OF A CHAPTER" in text


def test_run_in_titles_bold_underlined_and_italic(pdf):
    def draw(sheet: Sheet) -> None:
        x = sheet.text(90, 80, "• Publish a register of contracts.", 11, "Helvetica-Bold")
        sheet.text(x, 80, " The agency will publish all of")
        sheet.text(98, 94, "them within thirty days of signature.")
        x = sheet.text(90, 130, "• ")
        end = sheet.text(x, 130, "Open the meetings of the council.")
        sheet.line(x, 131.5, end, 131.5)
        sheet.text(end, 130, " Anybody may attend them and")
        sheet.text(98, 144, "speak at their end for three minutes.")
        x = sheet.text(72, 180, "Train the officers.", 11, "Helvetica-Oblique")
        sheet.text(x, 180, " Every officer of the service is trained in plain language.")

    blocks = pdf(draw).blocks
    assert blocks["lead"].tolist() == [
        "Publish a register of contracts.",
        "Open the meetings of the council.",
        "Train the officers.",
    ]
    assert blocks["text"].iloc[1].endswith("Anybody may attend them and speak at their end for three minutes.")


def test_a_run_in_title_that_wraps(pdf):
    def draw(sheet: Sheet) -> None:
        sheet.text(72, 80, "Build a common register of all the beneficial owners of", 11, "Helvetica-Bold")
        x = sheet.text(72, 94, "companies.", 11, "Helvetica-Bold")
        sheet.text(x, 94, " The ministry collects the names and publishes them.")
        sheet.text(72, 108, "It checks each of them against the tax register.")

    blocks = pdf(draw).blocks
    assert len(blocks) == 1
    assert blocks["lead"].iloc[0] == "Build a common register of all the beneficial owners of companies."


def test_headings_by_size_by_weight_and_by_capitals(pdf):
    def draw(sheet: Sheet) -> None:
        sheet.text(72, 70, "Theme one", 16)
        y = _filler(sheet, 100)
        sheet.text(72, y + 16, "A bold line above its paragraph", 11, "Helvetica-Bold")
        y = _filler(sheet, y + 34)
        sheet.text(72, y + 16, "EJE TRANSVERSAL")
        _filler(sheet, y + 44)

    assert of_kind(pdf(draw).blocks, "heading") == ["Theme one", "A bold line above its paragraph", "EJE TRANSVERSAL"]


def test_unequal_columns_over_a_full_width_table_in_scrambled_order(pdf):
    def draw(sheet: Sheet) -> None:
        # The table first, then the right column, then the left one: as some layout programs write them.
        for row, cells in enumerate((("Milestone", "Date", "Who"), ("Contracts published", "May 2022", "Agency"))):
            for column, (cell, x) in enumerate(zip(cells, (72, 250, 400), strict=True)):
                sheet.text(x + 4, 400 + 24 * row, cell)
                sheet.box(x, 385 + 24 * row, (250, 400, 540)[column], 409 + 24 * row)
        sheet.lines(330, 120, RIGHT)
        sheet.lines(72, 120, LEFT)
        sheet.text(72, 80, "ACTION 3", 18, "Helvetica-Bold")

    blocks = pdf(draw).blocks
    assert of_kind(blocks, "heading", "paragraph") == ["ACTION 3", " ".join(LEFT + RIGHT)]
    assert of_kind(blocks, "table_row") == ["Milestone | Date | Who", "Contracts published | May 2022 | Agency"]
    assert blocks["kind"].tolist()[-2:] == ["table_row", "table_row"]


def test_bullets_in_a_column_stay_in_it(pdf):
    def draw(sheet: Sheet) -> None:
        sheet.lines(72, 120, [*LEFT, *LEFT])
        for number in range(3):
            sheet.text(324, 120 + 56 * number, "•")
            sheet.lines(336, 120 + 56 * number, RIGHT[:3])

    blocks = pdf(draw).blocks
    assert of_kind(blocks, "list_item") == [" ".join(RIGHT[:3])] * 3
    assert of_kind(blocks, "paragraph") == [" ".join([*LEFT, *LEFT])]


def test_table_cells_are_not_interleaved(pdf):
    def draw(sheet: Sheet) -> None:
        wrapped = (
            (
                ("Publish the list", "of all contracts"),
                ("Share of contracts", "out in time"),
                ("Ministry of", "Finance"),
            ),
            (("Train officers", "in all regions"), ("Number of officers", "a year"), ("School of", "Government")),
        )
        for row, cells in enumerate(wrapped):
            for line in range(2):  # line by line across the cells
                for cell, x in zip(cells, (72, 230, 390), strict=True):
                    sheet.text(x + 3, 100 + 40 * row + 13 * line, cell[line], 10)
            for x0, x1 in ((72, 230), (230, 390), (390, 520)):
                sheet.box(x0, 85 + 40 * row, x1, 125 + 40 * row)

    assert of_kind(pdf(draw).blocks, "table_row") == [
        "Publish the list of all contracts | Share of contracts out in time | Ministry of Finance",
        "Train officers in all regions | Number of officers a year | School of Government",
    ]


def test_hidden_and_off_page_text_is_dropped(pdf):
    def draw(sheet: Sheet) -> None:
        sheet.text(80, 70, "ACTION 17 of an older version", 14)
        sheet.canvas.setFillColor(Color(0.1, 0.2, 0.4))
        sheet.box(60, 50, 540, 90, fill=True, stroke=False)
        sheet.canvas.setFillColor(white)
        sheet.text(80, 70, "ACTION 7", 18)
        sheet.canvas.setFillColor(black)
        sheet.text(-400, 200, "banner outside of the page")
        unseen = sheet.canvas.beginText(72, HEIGHT - 300)
        unseen.setFont("Helvetica", 11)
        unseen.setTextRenderMode(3)
        unseen.textOut("invisible remark")
        sheet.canvas.drawText(unseen)
        sheet.canvas._code.append("0 Tr")
        _filler(sheet, 400)

    text = body(pdf(draw).blocks)
    assert text.startswith("ACTION 7\n")
    assert "older version" not in text and "banner" not in text and "invisible remark" not in text


def test_a_transparent_tint_over_text_does_not_hide_it(pdf):
    def draw(sheet: Sheet) -> None:
        _filler(sheet, 100)
        sheet.canvas.setFillColor(Color(0, 0.3, 0.3), alpha=0.15)
        sheet.box(60, 80, 560, 200, fill=True, stroke=False)

    assert "publish every contract" in body(pdf(draw).blocks)


def test_footnotes_are_set_apart_and_their_marks_are_not_glued_to_words(pdf):
    def draw(sheet: Sheet) -> None:
        _filler(sheet, 90)
        x = sheet.text(72, 190, "The law on access")
        sheet.text(x, 186, "3", 6)
        sheet.text(x + 4, 190, " covers every agency.")
        sheet.text(72, 760, "3", 5)
        sheet.text(76, 763, "Law 12 of 2009, as amended in 2018 by the parliament of Arboria, with", 8)
        sheet.text(72, 773, "the regulations that follow from it.", 8)

    blocks = pdf(draw).blocks
    assert "The law on access covers every agency." in body(blocks)
    note = (
        "3 Law 12 of 2009, as amended in 2018 by the parliament of Arboria, with the regulations that follow from it."
    )
    assert of_kind(blocks, "footnote") == [note]


def test_a_raised_figure_of_a_unit_stays(pdf):
    def draw(sheet: Sheet) -> None:
        x = sheet.text(72, 90, "Every day 180 m")
        sheet.text(x, 86, "2", 6)
        sheet.text(x + 4, 90, " of streets are repaired.")

    assert "180 m2 of streets" in body(pdf(draw).blocks)


def test_titles_that_begin_with_figures_and_lines_that_do(pdf):
    def draw(sheet: Sheet) -> None:
        sheet.text(72, 90, "1. 150 PEOPLE TRAINED IN DIGITAL SKILLS")
        sheet.text(72, 110, "2. 1.000 HOUSEHOLDS CONNECTED")
        sheet.text(72, 150, "The council has decided to open its archive, and it will train a further number of")
        sheet.text(72, 164, "20 officers until the end of the year.")

    blocks = pdf(draw).blocks
    assert blocks["marker"].tolist() == ["1.", "2.", ""]
    assert blocks["text"].tolist()[:2] == ["150 PEOPLE TRAINED IN DIGITAL SKILLS", "1.000 HOUSEHOLDS CONNECTED"]
    assert blocks["text"].iloc[2].endswith("a further number of 20 officers until the end of the year.")


def test_leaders_of_a_table_of_contents(pdf):
    def draw(sheet: Sheet) -> None:
        for number, title in enumerate(("Introduction", "Themes", "Annex")):
            x = sheet.text(72, 90 + 20 * number, title)
            while x < 480:
                x = sheet.text(x + 4, 90 + 20 * number, ".")
            sheet.text(500, 90 + 20 * number, str(number + 3))

    assert body(pdf(draw).blocks).split("\n") == ["Introduction .... 3", "Themes .... 4", "Annex .... 5"]


def test_a_page_turned_by_ninety_degrees_is_read_as_shown(pdf):
    def draw(sheet: Sheet) -> None:
        sheet.canvas.setPageRotation(90)
        sheet.canvas.saveState()
        sheet.canvas.translate(595, 0)
        sheet.canvas.rotate(90)
        sheet.canvas.setFont("Helvetica", 11)
        for line, text in enumerate(LEFT):
            sheet.canvas.drawString(100, 500 - 14 * line, text)
        sheet.canvas.restoreState()

    extraction = pdf(draw)
    assert extraction.blocks["text"].tolist() == [" ".join(LEFT)]
    block = extraction.blocks.iloc[0]
    assert 90 < block["x0"] < 110 and 0 < block["y0"] < block["y1"] < 595


def test_pages_without_text_are_named_and_blank_pages_are_not(pdf, tmp_path):
    from PIL import Image

    scan = tmp_path / "scan.png"
    Image.new("L", (400, 560), 230).save(scan)

    def draw(sheet: Sheet) -> None:
        _filler(sheet, 90)
        sheet.page()
        sheet.canvas.drawImage(str(scan), 0, 0, 595, HEIGHT)
        sheet.page()
        sheet.text(300, 800, "3")
        sheet.page()

    extraction = pdf(draw)
    assert extraction.pages_without_text == [2]
    assert extraction.status is Status.PARTIAL
    assert "page 2" in extraction.reason and "OCR" in extraction.reason


def test_text_of_glyphs_without_meaning_needs_ocr(pdf):
    def draw(sheet: Sheet) -> None:
        sheet.lines(72, 90, ["\ufffd\ufffd\ufffd\ufffd \ufffd\ufffd\ufffd \ufffd\ufffd\ufffd\ufffd"] * 5, font="Vera")

    extraction = pdf(draw)
    assert extraction.pages_without_text == [1]
    assert extraction.status in (Status.PARTIAL, Status.EMPTY)


def test_the_invisible_text_of_a_recognised_scan_is_read(pdf, tmp_path):
    from PIL import Image

    scan = tmp_path / "scan.png"
    Image.new("L", (400, 560), 230).save(scan)

    def draw(sheet: Sheet) -> None:
        sheet.canvas.drawImage(str(scan), 0, 0, 595, HEIGHT)
        layer = sheet.canvas.beginText(72, HEIGHT - 100)
        layer.setFont("Helvetica", 11)
        layer.setTextRenderMode(3)
        for line in [*LEFT, *RIGHT]:
            layer.textLine(line)
        sheet.canvas.drawText(layer)

    extraction = pdf(draw)
    assert extraction.status is Status.OK
    assert "follow what their taxes are spent on" in body(extraction.blocks)


def test_positions_are_points_from_the_top_left(pdf):
    def draw(sheet: Sheet) -> None:
        sheet.text(72, 100, "Position of this line", 12)

    block = pdf(draw).blocks.iloc[0]
    assert block["x0"] == 72.0
    assert block["y0"] < 100 < block["y1"] < 106
    assert block["size"] == 12.0 and block["font"] == "Helvetica"
