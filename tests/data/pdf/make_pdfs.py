"""Print reports of the sample corpus to PDF: ``python -m tests.data.pdf.make_pdfs``.

Needs Chromium, LibreOffice Writer, python-docx, pypdf and a CJK font; tests only read the results.
"""

from __future__ import annotations

import html
import subprocess
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from mining.generate.layout import PrintGrid, build_grid
from mining.generate.marks import parse_marks
from mining.generate.truth import Truth, load_truth
from tests.pdfmaker import make_pdf, text

HERE = Path(__file__).parent
TRUTH = HERE.parents[2] / "corpora" / "sample" / "truth"
CHROMIUM = ("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer")
WRITER = ("soffice", "--headless", "--convert-to", "pdf", "--outdir")
RULED, UNRULED = "td{border:1px solid #000}", "td{padding:5px 6px}"
# File name, report, and the look of its tables.
WEB = (("web_unruled", "shiqiao_town_2019", UNRULED),)
WORD = (("word_ruled", "yunzhou_hrss_2022"), ("word_broken_rows", "lanyang_police_2020"))
STYLE = (
    "@page{size:A4;margin:25mm;@bottom-center{content:'- ' counter(page) ' -'}}"
    "body{font:12pt 'Noto Serif CJK SC'} p{text-indent:2em;margin:0} .title{text-align:center}"
    "table{border-collapse:collapse;width:100%;font-size:10pt} td{text-align:center}"
)


def parts(truth: Truth) -> Iterator[tuple[str, str | PrintGrid]]:
    """Yield title, headings, paragraphs and tables of a report."""
    yield from (("title", line) for line in truth.title)
    for section in truth.sections:
        if section.key != "preface":
            yield "heading", section.heading
        for line in section.body.strip("\n").splitlines():
            if line.startswith("@"):
                yield "table", build_grid(truth.tables[line[1:]])
            elif line.strip():
                yield "text", parse_marks(line)[0].strip()


def to_html(truth: Truth, look: str) -> str:
    """Return a page of the report."""
    out = [f"<meta charset=utf-8><style>{STYLE}{look}</style>"]
    for kind, part in parts(truth):
        if isinstance(part, str):
            out.append(f"<p class={kind}>{html.escape(part)}</p>")
            continue
        rows: list[str] = [""] * part.n_rows
        for cell in part.cells:
            text = html.escape(cell.text).replace("\n", "<br>")
            rows[cell.row] += f"<td rowspan={cell.row_span} colspan={cell.col_span}>{text}</td>"
        out.append(f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>")
    return "\n".join(out)


def save_docx(truth: Truth, path: Path) -> None:
    """Write the report as Word does; a row may break over a page."""
    from docx import Document
    from docx.oxml.ns import qn
    from docx.shared import Pt

    document = Document()
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Noto Serif CJK SC", Pt(14)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), "Noto Serif CJK SC")
    for _, part in parts(truth):
        if isinstance(part, str):
            document.add_paragraph(part)
            continue
        table = document.add_table(part.n_rows, part.n_cols)
        table.style = "Table Grid"
        for item in part.cells:
            last = table.cell(item.row + item.row_span - 1, item.col + item.col_span - 1)
            cell = table.cell(item.row, item.col).merge(last)
            cell.text = item.text
            for run in cell.paragraphs[0].runs:
                run.font.size = Pt(10)
    document.save(str(path))


def save_locked(path: Path) -> None:
    """Write a file that opens without a password, but that only its owner may change."""
    from pypdf import PdfReader, PdfWriter

    content = text(80, 700, "本年新收政府信息公开申请28件，均已按期办结答复。")
    writer = PdfWriter(clone_from=PdfReader(BytesIO(make_pdf([content]))))
    writer.encrypt(user_password="", owner_password=path.stem, algorithm="AES-128")
    writer.write(path)


def main() -> None:
    """Write every file anew."""
    save_locked(HERE / "owner_locked.pdf")
    with tempfile.TemporaryDirectory() as folder:
        for name, report, look in WEB:
            page = Path(folder, f"{name}.html")
            page.write_text(to_html(load_truth(TRUTH / f"{report}.toml"), look), encoding="utf-8")
            target = f"--print-to-pdf={HERE / name}.pdf"
            subprocess.run([*CHROMIUM, target, str(page)], check=True)
        for name, report in WORD:
            docx = Path(folder, f"{name}.docx")
            save_docx(load_truth(TRUTH / f"{report}.toml"), docx)
            subprocess.run([*WRITER, str(HERE), str(docx)], check=True)


if __name__ == "__main__":
    main()
