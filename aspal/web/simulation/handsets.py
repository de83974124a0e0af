"""The phones that the simulator shows: everybody of the directory, and two strangers."""

from dataclasses import dataclass, replace
from typing import Any

from flask import Flask, abort, current_app

from aspal.core.words import Role
from aspal.db import Database
from aspal.records import phonebook
from aspal.records.simulator import SimulatorMemory
from aspal.web.house import house
from aspal.web.simulation import phone_screen
from aspal.web.words import ROLE

STRANGERS = {"asing-1": "+6281200007771", "asing-2": "+6281200007772"}


@dataclass(frozen=True)
class Phone:
    """One phone of the list."""

    key: str
    name: str
    about: str
    address: str
    role: str | None = None
    unit: str | None = None
    unread: int = 0
    talked: bool = False


def set_up(app: Flask, db: Database) -> None:
    """What the phones remember is kept in the database."""
    app.extensions["aspal.phones"] = SimulatorMemory(db)


def memory() -> SimulatorMemory:
    """Every bubble on every phone."""
    found: SimulatorMemory = current_app.extensions["aspal.phones"]
    return found


def listed() -> list[Phone]:
    """Every phone, those with the newest messages first."""
    with house().db.read() as conn:
        phones = [_phone(entry) for entry in phonebook.phones(conn)]
    phones += [Phone(key, f"Nomor tak dikenal {key[-1]}", "tidak ada di direktori", a) for key, a in STRANGERS.items()]
    unread: dict[str, int] = {}
    for message in memory().in_status(("queued", "sent", "delivered")):
        unread[message.address] = unread.get(message.address, 0) + 1
    order = {address: n for n, (address, _) in enumerate(memory().phones())}
    phones.sort(key=lambda phone: order.get(phone.address, len(order)))
    return [replace(p, unread=unread.get(p.address, 0), talked=p.address in order) for p in phones]


def telling(phones: list[Phone]) -> list[Phone]:
    """Three phones on which an escalation can be watched: a liaison, the head above, and the office's admin."""
    liaison = next((phone for phone in phones if phone.role == Role.LIAISON), None)
    heads = [phone for phone in phones if phone.role == Role.HEAD]
    head = next((phone for phone in heads if liaison and phone.unit == liaison.unit), next(iter(heads), None))
    admin = next((phone for phone in phones if phone.role == Role.ADMIN), None)
    return [phone for phone in (liaison, head, admin) if phone]


def by_key(key: str) -> Phone:
    """One phone, or a 404."""
    return next((phone for phone in listed() if phone.key == key), None) or abort(404)


def screen(phone: Phone) -> dict[str, Any]:
    """What stands on its screen, and a word that changes when that does."""
    conversation = memory().conversation(phone.address)
    with house().db.read() as conn:
        understood = phonebook.understood(conn, [m.sid for m in conversation if m.direction == "inbound"])
    shown = phone_screen.bubbles(conversation, understood)
    return {"bubbles": shown, "version": phone_screen.version(shown)}


def _phone(entry: phonebook.Phone) -> Phone:
    role = ROLE.get(entry.role or "", "Kontak")
    about = f"{role} · {entry.unit}" if entry.unit else role
    return Phone(str(entry.contact_id), entry.name, about, entry.address, entry.role, entry.unit)
