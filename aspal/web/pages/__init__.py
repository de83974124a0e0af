"""The office's pages. Each entry of web/menu.py has its file or package, which brings a blueprint; other files of the
package add their views to it."""

from flask import Blueprint

from aspal.web.pages import (
    account,
    accounts,
    calendar,
    complaints,
    directory,
    evidence,
    home,
    imports,
    inbox,
    journal,
    office,
    outbox,
    reports,
    rules,
    templates,
    vitals,
)
from aspal.web.pages import calendar_change as calendar_change
from aspal.web.pages import home_parts as home_parts
from aspal.web.pages import inbox_tray as inbox_tray
from aspal.web.pages import templates_edit as templates_edit
from aspal.web.pages.complaints import act as act
from aspal.web.pages.complaints import bulk as bulk
from aspal.web.pages.complaints import case as case
from aspal.web.pages.complaints import export as export
from aspal.web.pages.complaints import notes as notes
from aspal.web.pages.complaints import typed as typed
from aspal.web.pages.directory import coverage as coverage
from aspal.web.pages.directory import duties as duties
from aspal.web.pages.directory import people as people
from aspal.web.pages.directory import units as units
from aspal.web.pages.imports import held as held
from aspal.web.pages.imports import undo as undo
from aspal.web.pages.imports import upload as upload
from aspal.web.pages.outbox import brake as brake
from aspal.web.pages.outbox import costs as costs
from aspal.web.pages.outbox import one as one
from aspal.web.pages.reports import documents
from aspal.web.pages.rules import decide as decide
from aspal.web.pages.rules import draft as draft
from aspal.web.pages.rules import preview as preview

BLUEPRINTS: tuple[Blueprint, ...] = (
    home.blueprint,
    complaints.blueprint,
    outbox.blueprint,
    inbox.blueprint,
    imports.blueprint,
    directory.blueprint,
    rules.blueprint,
    calendar.blueprint,
    account.blueprint,
    accounts.blueprint,
    journal.blueprint,
    templates.blueprint,
    vitals.blueprint,
    office.blueprint,
    reports.blueprint,
    documents.public,
    evidence.blueprint,
)
