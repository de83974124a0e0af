"""The rapor as a workbook and as a printable report."""

from pathlib import Path
from typing import BinaryIO

from aspal.core.rapor_follow import Effects
from aspal.flow import report_sections
from aspal.flow.report import Compared
from aspal.gateways import documents, documents_pdf
from aspal.gateways.documents import Progress, quiet


def title(found: Compared) -> str:
    """What both are called."""
    return f"Rapor pengelolaan pengaduan {found.now.period.label}"


def rapor_xlsx(found: Compared, effects: Effects, target: Path, progress: Progress = quiet) -> None:
    """One sheet a table, with live formulas."""
    sections = [*report_sections.sections(found.now), *report_sections.reminders(effects)]
    documents.write_xlsx(target, title(found), sections, progress)


def rapor_pdf(found: Compared, effects: Effects, target: Path | BinaryIO) -> None:
    """The headlines, beside the year before, and every table."""
    sections = [*report_sections.sections(found.now), *report_sections.reminders(effects)]
    lines = report_sections.headlines(found.now, found.before)
    documents_pdf.write_report(target, title(found), lines, [one for one in sections if one.rows])
