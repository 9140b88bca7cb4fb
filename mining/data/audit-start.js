"use strict";
// The summary, printing, and what happens first. The page runs audit-list.js, audit-detail.js and audit-start.js as one script.

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
