"""Every page of an office, for every row that it may be about: found by the routes, so a new one is walked unnamed."""

from collections.abc import Collection, Iterator
from itertools import product

from flask import Flask

from aspal import tables as t
from tests.world import World

_ROWS = (t.complaints, t.contacts, t.units, t.messages)


def addresses(app: Flask, world: World, routes: Collection[str]) -> Iterator[tuple[str, str]]:
    """Endpoint and address of what answers a plain link; `routes` as in route_matrix."""
    values = {f"{table.name[:-1]}_id": [row.id for row in world.rows(table)] for table in _ROWS}
    values |= {"reply_id": [row.id for row in world.rows(t.replies)], "kind": ["csv", "xlsx", "persetujuan", "rem"]}
    values |= {"batch_id": [1], "held_id": [1], "key": [str(row.id) for row in world.rows(t.contacts)]}
    for rule in app.url_map.iter_rules():
        names = sorted(rule.arguments)
        if f"{rule.endpoint} GET" in routes and not rule.endpoint.startswith("security."):
            for chosen in product(*(values.get(name, [1]) for name in names)):
                given = dict(zip(names, chosen, strict=True))
                yield rule.endpoint, app.url_map.bind("").build(rule.endpoint, given)
