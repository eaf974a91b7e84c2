"use strict";
// The table of commitments: search, filters, quotation highlighted. Text only ever enters the page as text nodes.
(function () {
  const data = JSON.parse(document.getElementById("data").textContent);
  const [ID, CLUSTER, LEVEL, COUNTRY, YEAR, PLAN, PAGE, LINK, TITLE, TEXT, START, SIZE, QUOTE, AREAS, REVIEWED] = Array(15).keys();
  const STEP = 25, SHOWN = 360;
  const byId = (id) => document.getElementById(id);
  const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const haystack = data.rows.map((row) => fold(row[TITLE] + " " + row[TEXT] + " " + row[QUOTE] + " " + row[PLAN] + " " + row[ID]));
  let found = [], shown = 0;

  function element(name, className, ...children) {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...children);
    return made;
  }

  function fill(id, options) {
    const select = byId(id);
    select.append(new Option("All", ""));
    for (const [value, label] of options) select.append(new Option(label, value));
  }

  // Pieces of a text with its quotation marked; what lies beyond the first characters is folded away.
  function text(row) {
    const whole = row[TEXT], start = row[START], end = start + row[SIZE];
    const paragraph = element("p", "text");
    const cut = whole.length <= SHOWN + 80 ? [0, whole.length] : [Math.max(0, Math.min(start - 120, whole.length - SHOWN)), 0];
    if (!cut[1]) cut[1] = Math.min(whole.length, Math.max(cut[0] + SHOWN, end + 40));
    const points = [0, cut[0], start, end, cut[1], whole.length].sort((a, b) => a - b);
    let hidden = false;
    for (let index = 0; index + 1 < points.length; index++) {
      const [from, to] = [points[index], points[index + 1]];
      if (from === to) continue;
      const marked = row[SIZE] > 0 && from >= start && to <= end;
      const piece = element(marked ? "mark" : "span", "", whole.slice(from, to));
      if (to <= cut[0] || from >= cut[1]) {
        piece.className = "rest";
        if (!hidden || from >= cut[1]) paragraph.append(element("span", "dots", " … "));
        hidden = true;
      }
      paragraph.append(piece);
    }
    return [paragraph, hidden];
  }

  function item(row) {
    const level = data.levels[row[LEVEL]];
    const made = element("li", "");
    const where = [data.clusters[row[CLUSTER]], data.countries[row[COUNTRY]] || row[COUNTRY], row[YEAR]].filter(Boolean).join(" · ");
    made.append(element("p", "meta", element("span", "level l-" + level.toLowerCase(), level), where + (row[REVIEWED] ? " · reviewed" : "")));
    if (row[TITLE]) made.append(element("h3", "", row[TITLE]));
    const [paragraph, hidden] = text(row);
    made.append(paragraph);
    if (row[QUOTE]) made.append(element("p", "text", element("mark", "", row[QUOTE])));
    if (hidden) {
      const toggle = element("button", "toggle", "Whole text");
      toggle.type = "button";
      toggle.setAttribute("aria-expanded", "false");
      toggle.addEventListener("click", () => {
        const full = paragraph.classList.toggle("full");
        toggle.textContent = full ? "Less" : "Whole text";
        toggle.setAttribute("aria-expanded", String(full));
      });
      made.append(toggle);
    }
    const place = row[PLAN] + (row[PAGE] ? ", page " + row[PAGE] : "");
    const source = element("p", "source");
    if (/^(https?:\/\/|[^:]*$|[^:\/]*\/)/.test(row[LINK]) && row[LINK]) {
      const link = element("a", "", place);
      link.href = row[LINK];
      link.rel = "noreferrer";
      source.append(link);
    } else source.append(place);
    source.append(" · ", element("code", "", row[ID]));
    made.append(source);
    return made;
  }

  function more() {
    const next = found.slice(shown, shown + STEP);
    byId("results").append(...next.map((index) => item(data.rows[index])));
    shown += next.length;
    byId("more").hidden = shown >= found.length;
    byId("count").textContent = found.length === data.rows.length
      ? `${found.length} commitments, ${shown} shown`
      : `${found.length} of ${data.rows.length} commitments match, ${shown} shown`;
  }

  function apply() {
    const words = fold(byId("search").value).split(/\s+/).filter(Boolean);
    const value = (id) => byId(id).value;
    const cluster = value("by-cluster"), level = value("by-level"), country = value("by-country");
    const year = value("by-year"), area = value("by-area");
    found = [];
    data.rows.forEach((row, index) => {
      if (cluster !== "" && row[CLUSTER] !== Number(cluster)) return;
      if (level !== "" && row[LEVEL] !== Number(level)) return;
      if (country !== "" && row[COUNTRY] !== country) return;
      if (year !== "" && row[YEAR] !== year) return;
      if (area !== "" && !row[AREAS].includes(Number(area))) return;
      if (words.every((word) => haystack[index].includes(word))) found.push(index);
    });
    byId("results").replaceChildren();
    shown = 0;
    more();
  }

  const numbered = (labels, column) => labels.map((label, index) => [String(index), label])
    .filter(([index]) => data.rows.some((row) => [].concat(row[column]).includes(Number(index))));
  fill("by-cluster", numbered(data.clusters, CLUSTER));
  fill("by-level", numbered(data.levels, LEVEL));
  fill("by-area", numbered(data.areas, AREAS));
  fill("by-country", Object.entries(data.countries).sort((a, b) => a[1].localeCompare(b[1])));
  fill("by-year", [...new Set(data.rows.map((row) => row[YEAR]))].filter(Boolean).sort().map((year) => [year, year]));
  const form = byId("filters");
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  byId("more").addEventListener("click", more);
  apply();
})();
