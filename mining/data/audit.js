"use strict";
(() => {
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
        [ui.rule, finding.rule], [ui.finding, finding.id]]),
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
    return passages.map(({ section, pieces }) =>
      h("figure.passage", null,
        h("blockquote", null, pieces.map(([text, role]) =>
          role ? h(`mark.role-${role}`, { title: state.roles[role] || role }, text) : text)),
        section ? h("figcaption", null, section) : null));
  }

  function drawTable({ title, unit, columns, rows }) {
    const head = h("tr", null, h("td", null, ""), columns.map((c) => h("th", { scope: "col" }, c)));
    const body = rows.map((row) =>
      row === null
        ? h("tr.gap", null, h("td", { colspan: columns.length + 1, title: ui.left_out, "aria-label": ui.left_out }, "⋯"))
        : h("tr", null, h("th", { scope: "row" }, row.label), row.slots.map(drawSlot)));
    const caption = h("caption", null, title, unit ? h("span.unit", null, `${ui.unit}：${unit}`) : null);
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

  // ---- the summary on top ----

  function drawCoverage(found, linked, checked) {
    const line = (label, value) => {
      const part = h("span");
      part.style.width = found ? `${Math.min(100, (100 * value) / found)}%` : "0";
      return h("li", null, h("span.name", null, label), h("span.bar", { "aria-hidden": "true" }, part),
        h("b", null, number(value)), h("span.share", null, percent(value, found)));
    };
    return h("ul.coverage", null, line(ui.figures_found, found), line(ui.figures_linked, linked), line(ui.figures_checked, checked));
  }

  function drawSummary() {
    const tile = (name, value, note, ...more) => h("div.tile", null, h("b", null, number(value)), h("span", null, name), note ? h("small", null, note) : null, ...more);
    const pick = (status) => h(`button.tile.${status}`, { type: "button", onclick: () => {
      clearFilters();
      state.chosen = { status };
      openTab("findings");
    } }, h("b", null, number(totals[status])), h("span", null, h("span.icon", { "aria-hidden": "true" }, ICONS[status]), statuses[status]));
    const others = `${statuses.consistent} ${number(totals.consistent)} · ${statuses.unverifiable} ${number(totals.unverifiable)}`;
    const bad = totals.failed ? `${number(totals.failed)} ${ui.failed_unit}` : "";
    $("summary").replaceChildren(
      tile(ui.reports_unit, totals.reports, bad),
      tile(ui.checks_unit, totals.checks, others),
      pick("mismatch"), pick("suspect"),
      h("div.tile.wide", null, h("h2", null, ui.coverage), drawCoverage(totals.found, totals.linked, totals.checked), h("small", null, ui.coverage_note)));
    if (data.cut) $("summary").append(h("p.notice", null, fill(ui.cut, { n: number(data.cut) })));
  }

  function drawTabs() {
    const tab = (key, name, count) =>
      h("button", { type: "button", "data-tab": key, onclick: () => openTab(key) }, name, h("span", null, number(count)));
    $("tabs").replaceChildren(tab("findings", ui.findings, findings.length), tab("reports", ui.reports, ok.length),
      tab("failed", ui.failed, failed.length));
  }

  // ---- paper: what is filtered, as a plain list ----

  function drawPaper() {
    const shown = state.items.slice(0, MOST_PRINTED);
    $("paper").replaceChildren(h("p", null, $("shown").textContent), ...shown.map(({ card, finding }) =>
      h("div.sheet", null, h("p", null, h("b", null, `${agency(card)} ${card.ok ? year(card) : card.report}`),
        finding ? ` ${statuses[finding.status]} · ${titles[finding.rule] || finding.rule}` : ""),
        h("p", null, finding ? finding.message : card.error))));
  }

  // ---- start ----

  function followHash() {
    const [key, value] = [location.hash.slice(1, 3), decode(location.hash.slice(3))];
    const wanted = key === "f=" ? findings.find((x) => x.finding.id === value)
      : key === "r=" ? [...SOURCES.reports, ...SOURCES.failed].find((x) => x.card.report === value) : null;
    document.body.classList.toggle("reading", !!wanted);
    if (!wanted) return false;
    const tab = { finding: "findings", report: "reports", failed: "failed" }[wanted.kind];
    if (state.tab !== tab) openTab(tab);
    if (!state.items.includes(wanted)) clearFilters();
    open(wanted);
    return true;
  }

  function decode(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  }

  function onKey(event) {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const inList = event.target === $("list");
    const moves = { j: 1, k: -1, ...(inList ? { ArrowDown: 1, ArrowUp: -1 } : {}) };
    if (moves[event.key]) {
      event.preventDefault();
      step(moves[event.key]);
    } else if (event.key === "Escape" && document.body.classList.contains("reading") && isNarrow()) close();
    else if (event.key === "/") {
      event.preventDefault();
      $("search").focus();
    }
  }

  let waiting = false;
  function drawSoon() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      fitList();
      draw();
    });
  }

  drawSummary();
  drawTabs();
  $("filters").open = !isNarrow();
  fitList();
  openTab(findings.length || !failed.length ? "findings" : "failed");
  if (!followHash()) {
    if (state.items.length) open(state.items[0], { quiet: true });
    else $("detail").append(h("p.choose", null, emptyText()));
  }
  $("search").addEventListener("input", (event) => {
    state.query = event.target.value.trim().toLowerCase();
    $("list").scrollTop = 0;
    filter();
  });
  $("clear").addEventListener("click", clearFilters);
  $("print").addEventListener("click", () => print());
  $("list").addEventListener("scroll", drawSoon, { passive: true });
  addEventListener("scroll", drawSoon, { passive: true });
  addEventListener("resize", drawSoon);
  addEventListener("popstate", followHash);
  addEventListener("beforeprint", drawPaper);
  addEventListener("afterprint", () => $("paper").replaceChildren());
  document.addEventListener("keydown", onKey);
})();
