"""PDF out: the rapor, a letter that keeps to one page, a recap, a timeline. Every text is escaped: nothing that
somebody else wrote becomes markup."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from xml.sax.saxutils import escape

from aspal.gateways.documents import Cell, Column, Section

FOOTER = "Perkiraan internal, bukan penilaian resmi"
_INK, _LINE, _HEAD = "#0b2e2b", "#9aa5a3", "#e6f2f0"
_ROOM = 110  # points: a heading takes at least a few rows of its table with it
_ACROSS, _PADDING = 487, 8  # points: between the margins, and beside the words of a cell
_MANY = 9  # more columns than these need smaller titles
_UNPRINTABLE = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127))


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Whose paper it is. Empty lines are left out."""

    government: str = ""  # PEMERINTAH KABUPATEN CONTOH
    office: str = ""
    address: str = ""
    city: str = ""
    official: str = ""  # the one who signs
    position: str = ""
    nip: str = ""
    number: str = ""  # nomor surat, as a pattern that the office completes


@dataclass(frozen=True)
class Letter:
    """One letter; it is made to fit on one page."""

    number: str
    subject: str
    place_and_day: str
    to: str
    opening: Sequence[str]
    tables: Sequence[Section]
    closing: Sequence[str]


def write_report(
    target: Path | BinaryIO, title: str, lines: Sequence[str], sections: Sequence[Section], *, footer: str = FOOTER,
    head: Letterhead | None = None,
) -> None:  # fmt: skip
    """A4: letterhead, heading, some sentences, then one table after the other; headers repeated, pages numbered."""
    from reportlab.platypus import CondPageBreak, Paragraph, Spacer

    look = _styles()
    story: list[Any] = [*(_letterhead(head, look) if head else []), Paragraph(_safe(title), look["title"])]
    story += [Paragraph(_safe(line), look["text"]) for line in lines]
    for section in sections:
        story += [CondPageBreak(_ROOM), Paragraph(_safe(section.title), look["heading"])]
        story += [Paragraph(_safe(section.note), look["small"])] if section.note else []
        story += [_table(section, look) if section.rows else Paragraph("Tidak ada.", look["text"]), Spacer(1, 8)]
    _build(target, title, head.office if head else "", story, footer)


def write_letters(target: Path | BinaryIO, head: Letterhead, letters: Sequence[Letter]) -> None:
    """Each letter on a page of its own, shrunk where its words would not fit."""
    from reportlab.platypus import KeepInFrame, PageBreak

    look, story = _styles(), list[Any]()
    for letter in letters:
        story += [PageBreak()] if story else []
        story.append(KeepInFrame(0, 0, _letter(head, letter, look), mode="shrink"))
    _build(target, letters[0].subject if letters else "Surat", head.office, story, "")


def _letterhead(head: Letterhead, look: Mapping[str, Any]) -> list[Any]:
    from reportlab.platypus import HRFlowable, Paragraph

    names = [(head.government, "head"), (head.office, "head"), (head.address, "centre"), (head.city, "centre")]
    lines = [Paragraph(_safe(text), look[style]) for text, style in names if text]
    return [*lines, HRFlowable(width="100%", thickness=1.4, color=_INK, spaceBefore=4, spaceAfter=8)]


def _letter(head: Letterhead, letter: Letter, look: Mapping[str, Any]) -> list[Any]:
    from reportlab.platypus import Paragraph, Spacer

    facts = (("Nomor", letter.number), ("Sifat", "Biasa"), ("Lampiran", "-"), ("Hal", letter.subject))
    reference = [Paragraph(f"{name} : {_safe(value)}", look["text"]) for name, value in facts]
    signed = [head.position, "", "", head.official, f"NIP {head.nip}" if head.nip else ""]
    return [
        *_letterhead(head, look), Paragraph(_safe(letter.place_and_day), look["right"]), *reference, Spacer(1, 8),
        Paragraph("Kepada", look["text"]), Paragraph(f"Yth. {_safe(letter.to)}", look["text"]),
        Paragraph("di Tempat", look["text"]), Spacer(1, 8),
        *[Paragraph(_safe(text), look["body"]) for text in letter.opening],
        *[part for table in letter.tables if table.rows for part in (_table(table, look), Spacer(1, 6))],
        *[Paragraph(_safe(text), look["body"]) for text in letter.closing], Spacer(1, 12),
        *[Paragraph(_safe(text) or "&nbsp;", look["signature"]) for text in signed],
    ]  # fmt: skip


def _table(section: Section, look: Mapping[str, Any]) -> Any:
    from reportlab.platypus import Paragraph, Table

    head_look = look["small_head_cell" if len(section.columns) > _MANY else "head_cell"]
    head = [Paragraph(f"<b>{_safe(column.title)}</b>", head_look) for column in section.columns]
    rows = [*section.rows, *([section.total] if section.totals and section.rows else [])]
    body = [[Paragraph(_safe(shown(row.get(c.key), c)), look["cell"]) for c in section.columns] for row in rows]
    widths = _widths(section.columns, rows, head_look.fontSize, look["cell"].fontSize)
    # A row goes whole to the next page where it can; a pasted list may be longer than any page, and goes on there.
    table = Table([head, *body], repeatRows=1, colWidths=widths, splitInRow=1)
    table.setStyle(
        [("LINEBELOW", (0, 0), (-1, -1), 0.4, _LINE), ("BACKGROUND", (0, 0), (-1, 0), _HEAD),
         ("VALIGN", (0, 0), (-1, -1), "TOP"), ("TOPPADDING", (0, 0), (-1, -1), 2),
         ("BOTTOMPADDING", (0, 0), (-1, -1), 3), ("LEFTPADDING", (0, 0), (-1, -1), 4),
         ("RIGHTPADDING", (0, 0), (-1, -1), 3)]
    )  # fmt: skip
    return table


def _widths(
    columns: Sequence[Column], rows: Sequence[Mapping[str, Cell]], head: float, size: float
) -> list[str] | list[float]:
    """As the columns ask for; where they are many, no wider than their longest figure and the longest word of their
    titles, so that none is broken in two, and the first one gets the rest."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    if len(columns) <= _MANY:
        whole = sum(column.width for column in columns)
        return [f"{100 * column.width / whole:.2f}%" for column in columns]
    narrow = []
    for one in columns[1:]:
        figures = [shown(cell, one) for row in rows if not isinstance(cell := row.get(one.key), str)]
        words = [stringWidth(word, "Helvetica-Bold", head) for word in one.title.split()]
        narrow.append(max(*words, *(stringWidth(figure, "Helvetica", size) for figure in figures)) + _PADDING)
    return [_ACROSS - sum(narrow), *narrow]


def shown(cell: Cell, column: Column) -> str:
    """As Indonesia writes it: 1.234 and 68,3; a dash where there is no figure."""
    if cell is None:
        return "-"
    if isinstance(cell, str):
        return cell
    text = f"{cell:,.{column.decimals}f}"
    return text.translate(str.maketrans(",.", ".,"))


def _build(target: Path | BinaryIO, title: str, office: str, story: list[Any], footer: str) -> None:
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import SimpleDocTemplate

    def page(canvas: Any, document: Any) -> None:
        if not footer:
            return
        canvas.setFont("Helvetica", 7.5)
        canvas.setFillGray(0.4)
        canvas.drawString(document.leftMargin, 26, footer)
        canvas.drawRightString(A4[0] - document.rightMargin, 26, f"Halaman {document.page}")

    made = SimpleDocTemplate(
        str(target) if isinstance(target, Path) else target, pagesize=A4, title=title, lang="id-ID",
        author=office or "ASPAL", creator="ASPAL",
        leftMargin=48, rightMargin=48, topMargin=44, bottomMargin=48,
    )  # fmt: skip
    made.build(story, onFirstPage=page, onLaterPages=page)


def _styles() -> dict[str, Any]:
    from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_RIGHT
    from reportlab.lib.styles import ParagraphStyle

    text = ParagraphStyle("text", fontName="Helvetica", fontSize=9.5, leading=13)
    return {
        "text": text,
        "body": ParagraphStyle("body", text, alignment=TA_JUSTIFY, spaceAfter=6),
        "small": ParagraphStyle("small", text, fontSize=8, leading=10.5, textColor="#555555", spaceAfter=3),
        "cell": ParagraphStyle("cell", text, fontSize=8, leading=10.5),
        "head_cell": ParagraphStyle("head_cell", text, fontSize=7, leading=9),
        "small_head_cell": ParagraphStyle("small_head_cell", text, fontSize=6, leading=7.5),
        "title": ParagraphStyle("title", text, fontName="Helvetica-Bold", fontSize=15, leading=19, spaceAfter=6),
        "heading": ParagraphStyle(
            "heading", text, fontName="Helvetica-Bold", fontSize=11, leading=14, spaceBefore=6, spaceAfter=3
        ),
        "head": ParagraphStyle("head", text, fontName="Helvetica-Bold", fontSize=12.5, leading=16, alignment=TA_CENTER),
        "centre": ParagraphStyle("centre", text, alignment=TA_CENTER),
        "right": ParagraphStyle("right", text, alignment=TA_RIGHT),
        "signature": ParagraphStyle("signature", text, leftIndent=280),
    }  # fmt: skip


def _safe(text: str) -> str:
    """No markup, no control characters; what the built-in font cannot write becomes a question mark."""
    plain = text.translate(_UNPRINTABLE).encode("cp1252", "replace").decode("cp1252")
    return escape(plain).replace("\n", "<br/>")
