"""The report as a browser shows it: headless Chromium, no network."""

import re
import shutil
from collections.abc import Iterator

import pandas as pd
import pytest

from pipeline.publish import report
from pipeline.publish.charts import _ticks
from pipeline.publish.explore import excerpt
from pipeline.publish.figures import _countries
from pipeline.publish.model_figures import rows
from pipeline.publish.report import Links, embed
from publish.hostile import FORMULA, HOSTILE

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def html(dataset) -> str:
    return (dataset.folder / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make install")
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield launched
        launched.close()


class Visit:
    """A page of the report with what it asked the network for and what went wrong on it."""

    def __init__(self, browser, dataset, **options):
        self.context = browser.new_context(**options)
        self.context.set_default_timeout(180_000)  # a busy machine is slow, not wrong
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.faults: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)
        self.page.on("dialog", lambda dialog: (self.faults.append("dialog"), dialog.dismiss()))
        self.page.goto((dataset.folder / "report.html").as_uri())


@pytest.fixture
def visit(browser, dataset) -> Iterator[Visit]:
    made = Visit(browser, dataset, viewport={"width": 1200, "height": 900})
    yield made
    made.context.close()


def test_nothing_is_asked_of_the_network_and_nothing_fails(visit):
    assert [url for url in visit.requests if not url.startswith("file:")] == []
    assert len(visit.requests) == 1
    assert visit.faults == []


def test_hostile_text_is_shown_as_text(visit):
    assert visit.page.title() == "The participation deficit in digital governance"
    assert visit.page.locator("img").count() == 0
    assert visit.page.locator("#examples blockquote", has_text=HOSTILE).count() >= 1
    visit.page.fill("#search", "owned")
    found = visit.page.locator("#results > li")
    assert found.count() == 1
    assert found.locator("h3").inner_text() == FORMULA
    assert HOSTILE in found.locator("p.text").inner_text()
    assert found.locator("mark").inner_text() == HOSTILE
    assert visit.page.locator("[onclick], [onerror]").count() == 0
    assert visit.faults == []


def test_filters_and_search_narrow_the_list(visit, dataset):
    table = dataset.commitments
    page = visit.page
    total = len(table)
    assert page.locator("#count").inner_text().startswith(f"{total} commitments")
    page.select_option("#by-cluster", label="Digital services")
    expected = int((table["cluster"] == "service_design").sum())
    assert page.locator("#count").inner_text().startswith(f"{expected} of {total}")
    page.select_option("#by-level", label="None")
    expected = int(((table["cluster"] == "service_design") & (table["iap2_level"] == "none")).sum())
    assert page.locator("#count").inner_text().startswith(f"{expected} of {total}")
    assert set(page.locator("#results .level").all_inner_texts()) == {"None"}
    page.click("button[type=reset]")
    page.locator("#count", has_text=re.compile(f"^{total} commitments")).wait_for()
    page.fill("#search", "dias utiles")  # accents do not matter
    assert page.locator("#results > li").count() == 1
    page.fill("#search", "nothing has these words")
    assert page.locator("#count").inner_text().startswith("0 of")
    assert page.locator("#results > li").count() == 0


def test_country_year_and_area_filters(visit, dataset):
    table, page = dataset.commitments, visit.page
    for control, column, value in (
        ("#by-country", "country", "XAA"),
        ("#by-year", "year", 2015),
        ("#by-area", "policy_areas", "open_data"),
    ):
        if control == "#by-area":
            page.select_option(control, label="Open data")
        else:
            page.select_option(control, value=str(value))
        expected = int((table[column] == value).sum())
        assert page.locator("#count").inner_text().startswith(f"{expected} of {len(table)}")
        page.select_option(control, value="")


def test_more_rows_come_on_demand(visit, dataset):
    assert visit.page.locator("#results > li").count() == 25
    visit.page.click("#more")
    assert visit.page.locator("#results > li").count() == 50


def test_the_quotation_is_marked_and_the_page_linked(visit):
    item = visit.page.locator("#results > li").nth(5)
    assert "page" in item.locator(".source a").inner_text()
    assert re.search(r"#page=\d+$", item.locator(".source a").get_attribute("href"))


def test_no_link_runs_a_script(visit):
    links = visit.page.locator("a").evaluate_all("links => links.map(link => link.href)")
    assert links and all(link.startswith(("file:", "https:")) for link in links)


def test_it_can_be_used_by_keyboard(visit):
    page = visit.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.focus("#search")
    page.keyboard.type("owned")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "by-cluster"
    page.focus("summary")
    page.keyboard.press("Enter")
    assert page.locator("details[open]").count() >= 1


@pytest.mark.parametrize("width", [320, 390, 768, 1200])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_the_screen(browser, dataset, width, scheme):
    visit = Visit(browser, dataset, viewport={"width": width, "height": 800}, color_scheme=scheme)
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
    chart = visit.page.locator(".narrow" if width <= 700 else ".wide").first
    assert chart.is_visible()
    box = chart.locator("svg").bounding_box()
    assert box["width"] <= width
    visit.context.close()


def test_colours_follow_the_theme_and_text_can_be_read(browser, dataset):
    backgrounds = []
    for scheme in ("light", "dark"):
        visit = Visit(browser, dataset, color_scheme=scheme)
        ratio = visit.page.evaluate(CONTRAST)
        assert ratio["worst"] >= 4.5, ratio
        backgrounds.append(visit.page.evaluate("getComputedStyle(document.body).backgroundColor"))
        fills = visit.page.evaluate("[...document.querySelectorAll('.wide text')].map(t => getComputedStyle(t).fill)")
        assert len(set(fills)) >= 1 and "rgb(0, 0, 0)" not in fills
        visit.context.close()
    assert backgrounds[0] != backgrounds[1]


# Contrast (WCAG 2) of every piece of text with its nearest painted background.
CONTRAST = """() => {
  const parse = (c) => (c.match(/[\\d.]+/g) || []).map(Number);
  const linear = (v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
  const behind = (node) => {
    for (let n = node; n; n = n.parentElement) {
      const c = parse(getComputedStyle(n).backgroundColor);
      if (c.length === 3 || c[3] > 0) return c;
    }
    return [255, 255, 255];
  };
  let worst = 99, where = '';
  const kinds = 'p, li, h1, h2, h3, h4, a, td, th, summary, label, span.level, mark, code, small';
  for (const node of document.querySelectorAll(kinds)) {
    if (!node.textContent.trim() || !node.getClientRects().length) continue;
    const [a, b] = [light(parse(getComputedStyle(node).color)), light(behind(node))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < worst) { worst = ratio; where = node.outerHTML.slice(0, 120); }
  }
  return {worst, where};
}"""


def test_it_reads_without_scripts(browser, dataset):
    visit = Visit(browser, dataset, java_script_enabled=False)
    assert visit.page.locator(".headline .figure").inner_text().endswith("%")
    assert visit.page.locator(".wide svg").first.is_visible()
    assert visit.page.locator("noscript a[href='commitments.csv']").count() == 1
    visit.context.close()


def test_it_prints(visit):
    visit.page.emulate_media(media="print")
    assert not visit.page.locator("nav").is_visible()
    assert not visit.page.locator("#filters").is_visible()
    assert len(visit.page.pdf()) > 10_000


def test_structure_for_screen_readers(visit):
    page = visit.page
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("h1").count() == 1
    assert page.locator("main").count() == 1
    unnamed = page.evaluate(
        "[...document.querySelectorAll('.chart, figure [role=img]')].filter(n => !n.getAttribute('aria-label')).length"
    )
    assert unnamed == 0
    for control in page.locator("#filters input, #filters select").all():
        assert control.evaluate("node => node.labels.length") == 1
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => Number(h.tagName[1]))")
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))


def test_the_file_is_small_and_whole(html):
    assert len(html.encode()) < 5_000_000
    assert not re.search(r"<(script|link|img|iframe)[^>]+(src|href)=[\"']?https?:", html)
    assert "@import" not in html and "url(http" not in html


def test_the_headline_is_that_of_the_table(html, dataset):
    row = dataset.measures["deficit"].set_index("estimate_id").loc["below_threshold/involve"]
    assert f'<span class="figure">{row["estimate"]:.0%}</span>' in html
    assert f"<strong>{row['low']:.0%} to {row['high']:.0%}</strong>" in html


def test_what_could_not_be_read_is_told(html):
    assert "plan-004.pdf</code>: partial – 2 pages &lt;i&gt;without&lt;/i&gt; text" in html


def test_embedded_data_cannot_end_its_element():
    assert "<" not in embed({"text": "</script>"}) and "&" not in embed({"text": "&lt;"})


def test_links_lead_to_the_page(dataset):
    links = Links(dataset.documents, "../corpus")
    assert links.of("plan-000.pdf", 4) == "https://example.org/plan-000.pdf#page=4"
    assert links.of("plan-003.pdf", 2) == "../corpus/plans/a%20b.pdf#page=2"
    assert links.of("unknown.pdf", 1) == ""


@pytest.mark.parametrize("length", [50, 200, 5000])
def test_an_excerpt_holds_its_quotation_at_the_place_told(length):
    text = "Start. " * 40 + "Workshops shape it." + " End." * 40
    shown, start, size = excerpt(text, "Workshops shape it.", length)
    assert shown[start : start + size] == "Workshops shape it."
    assert excerpt(text, "not there", length)[2] == 0


def test_the_evaluations_figures_are_told_in_words():
    metrics = {
        "rows": 560,
        "kind_of_rows": ["real"],
        "headline": {"cluster_macro_f1": 0.7123, "level_qwk": 0.7},
        "interval_95": {"cluster_macro_f1": [0.65, 0.76]},
        "baselines": {"majority": {"cluster_macro_f1": 0.1}},
        "deficit": {"coded": 0.9, "predicted": 0.912},
        "slices": {"language": {}},
    }
    assert rows(metrics) == [
        ("Tested on", "560 commitments (real)"),
        ("Cluster: macro F1", "0.712 (0.650 to 0.760); always the commonest 0.100"),
        ("Level: quadratic-weighted kappa", "0.700"),
        ("Deficit of the tested rows", "coded 90.0%, predicted 91.2%"),
    ]
    assert rows({"Cluster macro-F1": 0.71}) == [("Cluster macro-F1", "0.710")]


def test_one_country_in_two_spellings_stays_two_rows():
    assert _countries(pd.Series(["DNK", "Denmark", "FRA"])) == ["Denmark (DNK)", "Denmark (Denmark)", "France"]


@pytest.mark.parametrize(("width", "top"), [(760, 1.0), (760, 0.6), (340, 1.0), (340, 0.3), (340, 0.1)])
def test_axes_are_marked_at_round_places(width, top):
    ticks = _ticks(width, top)
    assert ticks[0] == 0 and ticks[-1] <= top
    assert 2 <= len(ticks) <= (6 if width > 500 else 3)


def test_agreement_of_reviewers_and_model_is_told(html, dataset):
    told = report.agreement(dataset.measures["agreement"])
    by_name = {(row["name"], row["code"]): row for row in told["overall"]}
    between = by_name["Reviewers with each other", "Level"]
    assert between["n"] == 4 and between["share"] == 0.75
    # Settled are the three on which both agree; the model was right on the cluster of two of them.
    model = by_name["Reviewer and model, rows drawn by chance", "Cluster"]
    assert model["n"] == 3 and model["share"] == pytest.approx(2 / 3, abs=5e-3)
    assert "Agreement of people and model" in html and "Reviewers with each other" in html
    assert ("Out of scope", 0.0) in {(row["value"], row["agreement"]) for row in told["classes"]}


def test_invented_samples_are_told(dataset):
    documents = dataset.documents.assign(path="samples/documents/a.pdf")
    assert report.samples_notice(documents).startswith("All documents are invented samples")
    documents.loc[1:, "path"] = "documents/b.pdf"
    assert report.samples_notice(documents).startswith(f"1 of {len(documents)} documents are invented samples")
    assert report.samples_notice(dataset.documents) == ""
