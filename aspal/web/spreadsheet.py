"""A table for a spreadsheet, as one response."""

from collections.abc import Sequence

from flask import Response

from aspal.gateways.spreadsheets import KINDS as KINDS
from aspal.gateways.spreadsheets import Cell, table

_TYPES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def spreadsheet(name: str, kind: str, header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Response:
    """The table as a download called `name`, of one of the KINDS."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    return Response(table(kind, header, rows), mimetype=_TYPES[kind], headers=headers)
