"""The office's pages, one file a page. Each brings a blueprint; its menu entry stands in web/menu.py."""

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
from aspal.web.pages import complaints_act as complaints_act  # their views join the blueprint of complaints
from aspal.web.pages import complaints_bulk as complaints_bulk
from aspal.web.pages import complaints_case as complaints_case
from aspal.web.pages import complaints_export as complaints_export
from aspal.web.pages import complaints_notes as complaints_notes
from aspal.web.pages import complaints_typed as complaints_typed
from aspal.web.pages import directory_coverage as directory_coverage
from aspal.web.pages import directory_duties as directory_duties
from aspal.web.pages import directory_people as directory_people
from aspal.web.pages import directory_units as directory_units
from aspal.web.pages import home_parts as home_parts
from aspal.web.pages import imports_held as imports_held  # their views join the blueprint of imports
from aspal.web.pages import imports_undo as imports_undo
from aspal.web.pages import imports_upload as imports_upload
from aspal.web.pages import inbox_tray as inbox_tray  # and these those of inbox and outbox
from aspal.web.pages import outbox_brake as outbox_brake
from aspal.web.pages import outbox_costs as outbox_costs
from aspal.web.pages import outbox_one as outbox_one
from aspal.web.pages import reports_documents as reports_documents
from aspal.web.pages import rules_decide as rules_decide
from aspal.web.pages import rules_draft as rules_draft
from aspal.web.pages import rules_preview as rules_preview
from aspal.web.pages import templates_edit as templates_edit

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
    reports_documents.public,
    evidence.blueprint,
)
