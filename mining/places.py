"""Where in the source a stretch of the text stands: page and box, or element path."""

from __future__ import annotations

from bisect import bisect_right

from mining.finding import Finding
from mining.report import Provenance, Report
from mining.spans import Span

__all__ = ["place_of", "place_of_finding"]


def place_of(report: Report, span: Span | None) -> Provenance | None:
    """Return where `span` of the report's text stands in its source.

    A stretch over several blocks has the place of the first one. One that prints nothing, such as
    a blank cell, has no block of its own: it gets the page when the blocks on both sides share one.

    Parameters
    ----------
    report
        A report whose reader told places in ``Report.blocks``; plain text has none.
    span
        A range of ``Report.text``.

    Returns
    -------
    Provenance | None
        ``None`` when the source does not say.
    """
    if span is None or not report.blocks:
        return None
    raw, blocks = report.offsets.to_raw(span), report.blocks
    # The last block that begins at or before the range; the one after it may begin inside.
    index = bisect_right(blocks, raw.start, key=lambda b: b.raw_span.start) - 1
    if index >= 0 and raw.start < blocks[index].raw_span.end:
        return blocks[index].prov
    following = blocks[index + 1] if index + 1 < len(blocks) else None
    if following is not None and following.raw_span.start < raw.end:
        return following.prov
    pages = {block.prov.page for block in (blocks[max(index, 0)], following) if block is not None}
    page = pages.pop()
    return None if page is None or pages else Provenance(page=page)


def place_of_finding(report: Report, finding: Finding) -> Provenance | None:
    """Return where the words of a finding stand in the source, else where its cell does."""
    place = place_of(report, finding.span)
    if place is not None or not finding.cell or not report.blocks:
        return place
    cells = (c for table in report.tables or () for c in table.cells)
    spans = (cell.span for cell in cells if cell.address == finding.cell)
    return place_of(report, next(spans, None))
