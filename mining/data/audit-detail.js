"use strict";
// One finding, report or failure in full. The page runs audit-list.js, audit-detail.js and audit-start.js as one script.

// ---- one finding, report or failure in full ----

const hashOf = (item) =>
  item.kind === "finding" ? `#f=${item.finding.id}` : `#r=${encodeURIComponent(item.card.report)}`;
const isNarrow = () => matchMedia("(max-width: 900px)").matches;

function open(item, { push = false, focus = false, quiet = false } = {}) {
  state.current = item;
  if (!quiet) {
    const change = push && !document.body.classList.contains("reading") ? "pushState" : "replaceState";
    history[change](null, "", hashOf(item));
    document.body.classList.add("reading");
  }
  reveal(item);
  draw();
  const detail = $("detail");
  const parts = item.kind === "finding" ? drawFinding(item) : drawReport(item.card);
  detail.replaceChildren(...parts.filter((part) => part !== null));
  detail.querySelectorAll(".scroll").forEach(showMarked);
  if (!quiet) scrollToDetail();
  if (focus && isNarrow()) detail.focus({ preventScroll: true });
}

function scrollToDetail() {
  const { top } = $("detail").getBoundingClientRect();
  if (isNarrow()) scrollTo(0, 0);
  else if (top < 0) scrollBy(0, top - 12);
}

// The list ends where the window does, however far the page is scrolled.
function fitList() {
  const pane = $("list-pane");
  const top = Math.max(12, pane.parentElement.getBoundingClientRect().top);
  pane.style.height = isNarrow() ? "" : `${Math.max(420, innerHeight - top - 12)}px`;
}

// A wide table on a narrow screen opens at its marked cell.
function showMarked(box) {
  const cell = box.querySelector("td.role-cell, td.role-total, td.role-part");
  if (!cell || box.scrollWidth <= box.clientWidth) return;
  box.scrollLeft = cell.offsetLeft + cell.offsetWidth - box.clientWidth + 24;
}

function close() {
  history.replaceState(null, "", location.pathname + location.search);
  document.body.classList.remove("reading");
  draw();
  $("list").focus({ preventScroll: true });
  if (state.current) reveal(state.current);
}

function step(by) {
  if (!state.items.length) return;
  const at = state.items.indexOf(state.current);
  const next = at < 0 ? 0 : Math.min(Math.max(at + by, 0), state.items.length - 1);
  open(state.items[next]);
}

function drawNav() {
  const at = state.items.indexOf(state.current);
  const place = at < 0 ? "" : `${number(at + 1)} / ${number(state.items.length)}`;
  return h("nav.steps", { "aria-label": ui.findings },
    h("button.quiet.back", { type: "button", onclick: close }, `← ${ui.back}`),
    h("span.place", null, place),
    h("button.quiet", { type: "button", onclick: () => step(-1), disabled: at <= 0, title: "k" }, ui.previous),
    h("button.quiet", { type: "button", onclick: () => step(1), disabled: at === state.items.length - 1, title: "j" }, ui.next));
}

function drawFinding({ card, finding }) {
  state.roles = roleNames(finding);
  const passages = finding.passages.length ? drawPassages(finding) : null;
  const tables = finding.tables.length ? finding.tables.map(drawTable) : null;
  return [
    drawNav(),
    h("header.head", null,
      h("p.origin", null, h("button.link", { type: "button", onclick: () => showReport(card) }, agency(card)),
        h("span", null, year(card)), finding.section ? h("span", null, finding.section) : null),
      h("h2", null, badge(finding.status), h("span", null, titles[finding.rule] || finding.rule),
        h(`span.severity.${finding.severity}`, null, severities[finding.severity] || finding.severity)),
      h("p.message", null, finding.message)),
    drawComparison(finding),
    drawFormula(finding),
    h(`div.evidence${passages && tables ? ".both" : ""}`, null,
      passages ? h("section", null, h("h3", null, ui.narrative), passages) : null,
      tables ? h("section", null, h("h3", null, ui.table), tables) : null,
      passages || tables ? null : h("p.none", null, ui.no_place)),
    drawLegend(finding),
    drawFacts([[ui.file, card.report], [ui.cell, finding.cell], [ui.address, finding.address],
      [ui.place, finding.place], [ui.rule, finding.rule], [ui.finding, finding.id]]),
    drawCopy(),
    h("p.keys", null, ui.keys),
  ];
}

function drawComparison({ stated, expected, difference }) {
  if (!stated && !expected) return null;
  const box = (kind, name, value) =>
    value ? h(`div.${kind}`, null, h("dt", null, name), h(`dd${value.length > 14 ? ".long" : ""}`, null, value)) : null;
  const signed = difference && !difference.startsWith("-") && difference !== "0" ? `+${difference}` : difference.replace("-", "−");
  return h("dl.comparison", null, box("stated", ui.stated, stated), box("expected", ui.expected, expected),
    box("difference", ui.difference, signed));
}

function drawFormula({ terms, column }) {
  if (!terms.length) return null;
  const groups = groupTerms(terms);
  const long = groups.length > LONG_FORMULA;
  const shown = groups.filter(({ term }, i) => !long || i === 0 || !term || term.value !== "0");
  const parts = shown.map(({ operators, term }) =>
    h("span.group", null, operators.length ? h("span.operator", null, operators.join(" ")) : null,
      term && h(`span.term${term.value === "0" ? ".zero" : ""}`, null,
        h("b", null, term.value || "·"), h("span.name", null, term.label))));
  const zeros = groups.length - shown.length;
  return h("section.formula", null, h("h3", null, ui.formula, column ? h("span.column", null, column) : null),
    h("div.terms", null, parts), zeros ? h("p.none", null, fill(ui.zeros, { n: zeros })) : null);
}

// Each term stands with the operators before it, so that a line never ends in an operator.
function groupTerms(terms) {
  const groups = [];
  let operators = [];
  for (const term of terms) {
    if (typeof term === "string") operators.push(term);
    else {
      groups.push({ operators, term });
      operators = [];
    }
  }
  if (operators.length) groups.push({ operators, term: null });
  return groups;
}

function drawPassages({ passages }) {
  return passages.map(({ section, place, pieces }) =>
    h("figure.passage", null,
      h("blockquote", null, pieces.map(([text, role]) =>
        role ? h(`mark.role-${role}`, { title: state.roles[role] || role }, text) : text)),
      section || place ? h("figcaption", null, section, drawPlace(place)) : null));
}

const drawPlace = (place) => (place ? h("span.at", { title: ui.place }, place) : null);

function drawTable({ title, place, unit, columns, rows }) {
  const head = h("tr", null, h("td", null, ""), columns.map((c) => h("th", { scope: "col" }, c)));
  const body = rows.map((row) =>
    row === null
      ? h("tr.gap", null, h("td", { colspan: columns.length + 1, title: ui.left_out, "aria-label": ui.left_out }, "⋯"))
      : h("tr", null, h("th", { scope: "row" }, row.label), row.slots.map(drawSlot)));
  const caption = h("caption", null, title, drawPlace(place), unit ? h("span.unit", null, `${ui.unit}：${unit}`) : null);
  return h("div.scroll", { tabindex: "0", role: "group", "aria-label": title },
    h("table", null, caption, h("thead", null, head), h("tbody", null, body)));
}

function drawSlot(slot) {
  if (slot === null) return h("td.absent", { title: ui.no_cell }, "");
  if (typeof slot === "string") return h(`td${slot === "0" ? ".zero" : ""}`, null, slot);
  const [raw, role, uncertain] = slot;
  const hint = [state.roles[role], uncertain && ui.uncertain].filter(Boolean).join(" · ");
  const mark = uncertain ? h("sup.uncertain", null, "?") : null;
  return h(`td${role ? `.role-${role}` : ""}`, { title: hint }, raw || "\u00a0", mark);
}

const markedSlots = ({ tables }) =>
  tables.flatMap((t) => t.rows.flatMap((r) => (r ? r.slots : []))).filter(Array.isArray);

// Where several cells are "the total", the two marks are the two sides of an equation.
function roleNames(finding) {
  const totals = markedSlots(finding).filter(([, role]) => role === "total");
  return totals.length > 1 ? { ...roles, total: ui.one_side, part: ui.other_side } : roles;
}

function drawLegend(finding) {
  const slots = markedSlots(finding);
  const { passages } = finding;
  const used = new Set([...passages.flatMap((p) => p.pieces.map(([, role]) => role)), ...slots.map((s) => s[1])]);
  used.delete("");
  const entries = [...used].map((role) => h("li", null, h(`mark.role-${role}`, null, "12"), state.roles[role] || role));
  if (slots.some((s) => s[2])) entries.push(h("li", null, h("sup.uncertain", null, "?"), ui.uncertain));
  return entries.length ? h("ul.legend", null, entries) : null;
}

function drawFacts(pairs) {
  const known = pairs.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return h("dl.facts", null, known.map(([name, value]) => h("div", null, h("dt", null, name), h("dd", null, String(value)))));
}

function drawCopy() {
  if (!navigator.clipboard) return null;
  const button = h("button.quiet", { type: "button" }, ui.copy_link);
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(location.href.split("#")[0] + hashOf(state.current)).then(
      () => (button.textContent = ui.copied), () => (button.hidden = true));
  });
  return h("p.copy", null, button);
}

function showReport(card) {
  openTab("reports");
  clearFilters();
  open(SOURCES.reports.find((item) => item.card === card));
}

function drawReport(card) {
  const { found, linked, checked } = card.coverage;
  const names = Object.keys(statuses);
  const rows = Object.entries(card.rules).map(([rule, counts]) =>
    h("tr", null, h("th", { scope: "row" }, titles[rule] || rule),
      names.map((s) => h(`td${counts[s] ? `.count.${s}` : ".zero"}`, null, number(counts[s] || 0)))));
  const head = h("tr", null, h("td", null, ""), names.map((s) => h("th", { scope: "col" }, `${ICONS[s]} ${statuses[s]}`)));
  const unknown = (value) => value || ui.unknown;
  const facts = [[ui.file, card.report], [ui.source, card.source !== card.report && card.source]];
  if (!card.ok)
    return [drawNav(), h("header.head", null, h("h2", null, h("span.badge.failed", null, ui.failed)),
      h("p.message", null, card.error)), drawFacts(facts)];
  return [
    drawNav(),
    h("header.head", null, h("p.origin", null, h("span", null, ui.report_overview)),
      h("h2", null, h("span", null, agency(card)), h("span.when", null, year(card)))),
    h("section", null, h("h3", null, ui.coverage), drawCoverage(found, linked, checked)),
    h("section", null, h("h3", null, ui.by_rule), rows.length
      ? h("div.scroll", { tabindex: "0", role: "group", "aria-label": ui.by_rule },
          h("table.rules", null, h("thead", null, head), h("tbody", null, rows)))
      : h("p.none", null, ui.no_rules)),
    drawFacts([...facts, [ui.region, unknown(card.region)], [ui.level, unknown(card.level)], [ui.template, unknown(card.template)]]),
  ];
}
