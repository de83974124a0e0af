"""What a process does once and a run of the tests a thousand times: done once, or lightly. No test is about these.

Every test makes webs and databases of its own. Their routes, templates and statements are the same text each time, so
what they compile to is remembered; so are the message texts of the product's own folder, and what the library knows of
a year's days off. Passwords are hashed by the same argon2id with small parameters; those of the house cost 0.2 s a
guess. A PostgreSQL that is thrown away afterwards need not wait for the disk.
"""

import gc
from collections.abc import Iterator, MutableMapping
from functools import cache, partial
from typing import Any

import psycopg
from argon2 import PasswordHasher
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import create_engine
from werkzeug.datastructures import ImmutableDict
from werkzeug.routing import Rule

from aspal import db
from aspal.gateways import texts
from aspal.records import accounts, calendar

_LIGHT = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}
_ROUTES: dict[object, Rule] = {}


class Route(Rule):
    """Knows what the same route was compiled to before; most of making a web is this."""

    def compile(self) -> None:
        same = (self.rule, self.subdomain, self.host, self.merge_slashes, repr(self.defaults))
        first = _ROUTES.get(same)
        if first is None:
            super().compile()
            _ROUTES[same] = self
            return
        self._parts, self._trace, self._converters = first._parts, first._trace, first._converters
        self.arguments = {*first.arguments}
        self._build, self._build_unknown = (
            getattr(first, name).__func__.__get__(self) for name in ("_build", "_build_unknown")
        )


class Compiled(BytecodeCache):
    """Templates, by their name and a checksum of their text."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if code := self._known.get((bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


class Statements(MutableMapping[Any, Any]):
    """What each statement was compiled to, by SQLAlchemy's own key and the kind of database instead of one engine."""

    def __init__(self) -> None:
        self._known: dict[Any, Any] = {}

    def __getitem__(self, key: Any) -> Any:
        return self._known[key[0].name, *key[1:]]

    def get(self, key: Any, default: Any = None) -> Any:
        return self._known.get((key[0].name, *key[1:]), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        self._known[key[0].name, *key[1:]] = compiled

    def __delitem__(self, key: Any) -> None:
        del self._known[key[0].name, *key[1:]]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def databases() -> None:
    """Every database that this process opens from here on."""
    db.create_engine = partial(create_engine, execution_options={"compiled_cache": Statements()})  # type: ignore[assignment]
    calendar._library_days = cache(calendar._library_days)


def message_texts() -> None:
    """Those of the product's own folder are read once; any other folder, such as a test's own, each time."""
    read, ours = texts.load, texts.load()
    texts.load = lambda folder=texts.FOLDER: ours if folder == texts.FOLDER else read(folder)


def garbage() -> None:
    """What has been imported and collected stays anyhow, so that nobody need look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def webs() -> None:
    """Every web that this process makes from here on."""
    Flask.url_rule_class = Route
    Flask.jinja_options = {"bytecode_cache": Compiled()}
    options = {f"argon2__{name}": value for name, value in _LIGHT.items()}
    Flask.default_config = ImmutableDict(Flask.default_config, SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS=options)
    accounts.PasswordHasher = partial(PasswordHasher, **_LIGHT)  # type: ignore[assignment,misc]


def postgres(url: str) -> None:
    """This server, from now on. What it promises to its clients stays; a power cut may take it."""
    with psycopg.connect(url, autocommit=True) as conn:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            conn.execute(f"ALTER SYSTEM SET {setting} = off")
        conn.execute("SELECT pg_reload_conf()")
