"""The rapor as a workbook and as a printable report."""

from pathlib import Path
from typing import BinaryIO

from aspal.core.rapor.follow import Effects
from aspal.gateways import documents, documents_pdf
from aspal.gateways.documents import Section
from aspal.gateways.documents_pdf import Letterhead
from aspal.report import sections as report_sections
from aspal.report.period_report import Compared


def title(found: Compared) -> str:
    """What both are called."""
    return f"Rapor pengelolaan pengaduan {found.now.period.label}"


def rapor_xlsx(found: Compared, effects: Effects, target: Path) -> None:
    """One sheet a table, with live formulas."""
    documents.write_xlsx(target, title(found), _sections(found, effects))


def rapor_pdf(found: Compared, effects: Effects, target: Path | BinaryIO, head: Letterhead) -> None:
    """On the office's paper: the headlines, beside the year before, and every table."""
    sections = [one for one in _sections(found, effects) if one.rows]
    lines = report_sections.headlines(found.now, found.before)
    documents_pdf.write_report(target, title(found), lines, sections, head=head)


def _sections(found: Compared, effects: Effects) -> list[Section]:
    whole, *rest = report_sections.sections(found.now)
    before = [report_sections.beside(found.now, found.before)] if found.before.tally.total else []
    return [whole, *before, *rest, *report_sections.reminders(effects)]
