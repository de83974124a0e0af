"""The menu: every page in the order in which an office works. An entry shows where its page exists and may be seen."""

from typing import NamedTuple

from flask import Flask, current_app

from aspal.web.auth import may


class Entry(NamedTuple):
    """One line of the menu."""

    endpoint: str
    icon: str
    label: str
    roles: tuple[str, ...] = ()  # empty: everybody who may log in


MENU: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    (
        "",
        (
            Entry("home.index", "home", "Beranda"),
            Entry("complaints.index", "file-text", "Laporan"),
            Entry("outbox.index", "send", "Pesan"),
            Entry("inbox.index", "inbox", "Kotak masuk"),
        ),
    ),
    (
        "Data",
        (
            Entry("imports.index", "file-import", "Impor"),
            Entry("directory.index", "users", "Direktori"),
            Entry("reports.index", "report", "Rapor"),
            Entry("evidence.index", "certificate", "Bukti dukung"),
        ),
    ),
    (
        "Pengaturan",
        (
            Entry("rules.index", "scale", "Aturan"),
            Entry("calendar.index", "calendar", "Kalender"),
            Entry("templates.index", "template", "Templat pesan"),
            Entry("accounts.index", "users-group", "Pengguna", ("admin",)),
            Entry("office.index", "settings", "Kantor"),
        ),
    ),
    (
        "Pengawasan",
        (
            Entry("vitals.index", "heart-rate-monitor", "Kesehatan"),
            Entry("journal.index", "history", "Jurnal", ("admin", "approver")),
            Entry("training.index", "school", "Latihan"),
            Entry("simulator.index", "device-mobile", "Simulator"),
        ),
    ),
)


def has_page(endpoint: str) -> bool:
    """Whether this installation has that page; the simulator's is there with its gateway only."""
    return endpoint in current_app.view_functions


def menu() -> list[tuple[str, list[Entry]]]:
    """What the one who is logged in may open, by heading."""
    shown = [
        (heading, [entry for entry in entries if has_page(entry.endpoint) and (not entry.roles or may(*entry.roles))])
        for heading, entries in MENU
    ]
    return [(heading, entries) for heading, entries in shown if entries]


def set_up(app: Flask) -> None:
    """Makes the menu known to the templates."""
    app.jinja_env.globals.update(menu=menu, has_page=has_page)
