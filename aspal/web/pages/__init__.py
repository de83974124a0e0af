"""The office's pages, one file a page. Each brings a blueprint; its menu entry stands in templates/layout.html."""

from flask import Blueprint

from aspal.web.pages import complaints, home, inbox, outbox

BLUEPRINTS: tuple[Blueprint, ...] = (
    home.blueprint,
    complaints.blueprint,
    outbox.blueprint,
    inbox.blueprint,
)
