"use strict";
// What there is, filters, and the list of findings. The page runs audit-list.js, audit-detail.js and audit-start.js as one script.

const $ = (id) => document.getElementById(id);
const read = (id) => JSON.parse($(id).textContent);
const { ui, titles, statuses, severities, roles } = read("words");
const totals = read("totals");
const data = read("data");
$("data").remove(); // the text is parsed; let the browser forget it

const ICONS = { mismatch: "≠", suspect: "?", consistent: "=", unverifiable: "–" };
const ORDER = { mismatch: 0, suspect: 1, error: 0, warning: 1, info: 2 };
const HEIGHTS = { group: 54, finding: 88, report: 80, failed: 88 };
const MOST_PRINTED = 1000;
const LONG_FORMULA = 8;

// ---- small helpers: all text goes in as text nodes, never as markup ----

function h(name, props, ...children) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== ""));
  return element;
}

const number = (n) => Number(n).toLocaleString(ui.language);
const percent = (part, whole) => (whole ? `${((100 * part) / whole).toFixed(1)}%` : "–");
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]);
const agency = (card) => card.agency || ui.unknown_agency;
const year = (card) => (card.year === null ? ui.unknown_year : String(card.year));

function badge(status) {
  const icon = h("span.icon", { "aria-hidden": "true" }, ICONS[status]);
  return h(`span.badge.${status}`, null, icon, statuses[status] || status);
}

// ---- what there is ----

const rank = (f) => 10 * ORDER[f.status] + ORDER[f.severity];
const ok = data.cards.filter((card) => card.ok);
const failed = data.cards.filter((card) => !card.ok);
const findings = [];
ok.forEach((card) => {
  card.search = `${card.agency || ""} ${card.report} ${card.region || ""}`.toLowerCase();
  const own = card.findings.map((finding) => ({ kind: "finding", card, finding }));
  own.sort((a, b) => rank(a.finding) - rank(b.finding));
  findings.push(...own);
});
failed.forEach((card) => (card.search = `${card.report} ${card.error}`.toLowerCase()));


const FACETS = [
  ["year", (x) => year(x.card), (v) => v],
  ["region", (x) => x.card.region || ui.unknown, (v) => v],
  ["rule", (x) => x.finding && x.finding.rule, (v) => titles[v] || v],
  ["severity", (x) => x.finding && x.finding.severity, (v) => severities[v] || v],
  ["status", (x) => x.finding && x.finding.status, (v) => statuses[v] || v],
];
const SOURCES = {
  findings,
  reports: ok.map((card) => ({ kind: "report", card })),
  failed: failed.map((card) => ({ kind: "failed", card })),
};
const state = { tab: "findings", query: "", chosen: {}, items: [], rows: [], current: null };

// ---- filters with live counts ----

const facetsOf = (tab) => (tab === "findings" ? FACETS : tab === "reports" ? FACETS.slice(0, 2) : []);

// An option counts what would be shown if it were chosen: an item that fails no filter counts
// everywhere, and one that fails a single filter counts in that filter only.
function filter() {
  const facets = facetsOf(state.tab);
  const counts = facets.map(() => new Map());
  state.items = SOURCES[state.tab].filter((item) => {
    if (state.query && !item.card.search.includes(state.query)) return false;
    const values = facets.map(([, value]) => value(item));
    const fails = facets.flatMap(([key], k) =>
      state.chosen[key] !== undefined && state.chosen[key] !== values[k] ? [k] : []
    );
    if (fails.length > 1) return false;
    (fails.length ? fails : facets.keys()).forEach((k) =>
      counts[k].set(values[k], (counts[k].get(values[k]) || 0) + 1)
    );
    return !fails.length;
  });
  drawSelects(facets, counts);
  layout();
}

function drawSelects(facets, counts) {
  const kept = document.activeElement && document.activeElement.id;
  $("selects").replaceChildren(
    ...facets.map(([key, , name], k) => {
      const select = h("select", { id: `by-${key}`, onchange: (e) => choose(key, e.target) });
      const chosen = state.chosen[key];
      const values = [...counts[k].keys()];
      if (chosen !== undefined && !counts[k].has(chosen)) values.push(chosen);
      values.sort(byOrder(key));
      const sum = [...counts[k].values()].reduce((a, b) => a + b, 0);
      select.append(h("option", { value: "" }, `${ui.all}（${number(sum)}）`));
      values.forEach((value) => {
        const label = `${name(value)}（${number(counts[k].get(value) || 0)}）`;
        select.append(h("option", { value: `=${value}`, selected: value === chosen }, label));
      });
      return h("div", null, h("label", { for: `by-${key}` }, ui[key]), select);
    })
  );
  if (kept && kept.startsWith("by-") && $(kept)) $(kept).focus();
  const active = Object.keys(state.chosen).length;
  $("active").textContent = active ? String(active) : "";
  $("filters").hidden = !facets.length;
  $("clear").hidden = !active && !state.query;
  const total = SOURCES[state.tab].length;
  $("shown").textContent = fill(ui.shown, { n: number(state.items.length), total: number(total) });
}

function byOrder(key) {
  if (key === "year") return (a, b) => (a < b ? 1 : -1);
  if (key === "severity" || key === "status") return (a, b) => ORDER[a] - ORDER[b];
  return (a, b) => a.localeCompare(b, ui.language);
}

function choose(key, select) {
  if (select.value) state.chosen[key] = select.value.slice(1);
  else delete state.chosen[key];
  filter();
}

function clearFilters() {
  state.query = $("search").value = "";
  state.chosen = {};
  filter();
}

function openTab(tab) {
  state.tab = tab;
  for (const button of $("tabs").children)
    button.setAttribute("aria-pressed", String(button.dataset.tab === tab));
  $("list").scrollTop = 0;
  filter();
}

// ---- the list: only the rows in sight exist ----

function layout() {
  const rows = [];
  let top = 0;
  let last = null;
  const add = (row) => {
    rows.push({ ...row, top });
    top += HEIGHTS[row.kind];
  };
  state.items.forEach((item, index) => {
    if (item.kind === "finding" && item.card !== last) add({ kind: "group", card: item.card });
    last = item.card;
    item.row = rows.length;
    add({ kind: item.kind, card: item.card, item, index });
  });
  state.rows = rows;
  state.height = top;
  $("rows").style.height = `${Math.max(top, 120)}px`;
  draw();
}

function draw() {
  const list = $("list");
  // On a narrow screen the window scrolls and the list does not.
  const above = Math.max(0, -list.getBoundingClientRect().top);
  const from = list.scrollTop + above - 300;
  const to = from + Math.min(list.clientHeight, innerHeight) + 600;
  const shown = [];
  for (let i = firstAfter(from); i < state.rows.length && state.rows[i].top < to; i++)
    shown.push(drawRow(state.rows[i]));
  if (!state.items.length) shown.push(h("p.empty", null, emptyText()));
  $("rows").replaceChildren(...shown);
  const active = state.current && shown.some((row) => row.id === "current");
  if (active) list.setAttribute("aria-activedescendant", "current");
  else list.removeAttribute("aria-activedescendant");
}

function firstAfter(position) {
  let low = 0;
  let high = state.rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (state.rows[middle].top + HEIGHTS[state.rows[middle].kind] <= position) low = middle + 1;
    else high = middle;
  }
  return low;
}

function emptyText() {
  if (SOURCES[state.tab].length) return ui.nothing;
  return state.tab === "failed" ? ui.no_failures : ui.nothing_found;
}

const PARTS = {
  group: ({ card }) => [
    h("span.who", null, agency(card)),
    h("span.when", null, year(card)),
    h("span.path", null, card.report),
  ],
  finding: ({ item: { finding } }) => [
    h("span.line", null, badge(finding.status), h("span.rule", null, titles[finding.rule] || finding.rule),
      h(`span.severity.${finding.severity}`, null, severities[finding.severity] || finding.severity)),
    h("span.text", null, finding.message),
  ],
  report: ({ card }) => [
    h("span.line", null, h("span.who", null, agency(card)), h("span.when", null, year(card))),
    h("span.line.small", null, ...["mismatch", "suspect"].map((s) =>
      h(`span.tally.${s}`, null, `${ICONS[s]} ${statuses[s]} ${number(card.counts[s] || 0)}`)),
      h("span.tally", null, `${ui.figures_checked} ${number(card.coverage.checked)} / ${number(card.coverage.found)}`)),
    h("span.path", null, card.report),
  ],
  failed: ({ card }) => [
    h("span.line", null, h("span.badge.failed", null, h("span.icon", { "aria-hidden": "true" }, "!"), ui.failed),
      h("span.path", null, card.report)),
    h("span.text", null, card.error),
  ],
};

function drawRow(row) {
  const current = row.item && row.item === state.current;
  const props = row.item
    ? { role: "option", "aria-selected": String(!!current), id: current ? "current" : null,
        "aria-posinset": row.index + 1, "aria-setsize": state.items.length,
        onclick: () => open(row.item, { push: true, focus: true }) }
    : { role: "presentation" };
  const element = h(`div.row.${row.kind}`, props, PARTS[row.kind](row));
  element.style.top = `${row.top}px`;
  element.style.height = `${HEIGHTS[row.kind]}px`;
  return element;
}

function reveal(item) {
  const list = $("list");
  const row = state.rows[item.row];
  if (!row || row.item !== item) return;
  const bottom = row.top + HEIGHTS[row.kind];
  if (row.top - HEIGHTS.group < list.scrollTop) list.scrollTop = row.top - HEIGHTS.group;
  else if (bottom > list.scrollTop + list.clientHeight) list.scrollTop = bottom - list.clientHeight;
}
