"""What every command shares: the house, one JSON object or a few lines, and exit codes."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import click

from aspal.bootstrap import House, from_environment
from aspal.settings import SettingsError

PARTLY, WRONG = 1, 2  # exit codes beside 0

as_json_option = click.option("--json", "as_json", is_flag=True, help="Cetak satu objek JSON ke stdout.")


class Lazy(click.Group):
    """A group whose commands are imported when they are asked for: an idle `aspal run tick` must stay cheap."""

    def __init__(self, *args: Any, places: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._places = places  # command -> "module:function" below aspal.commands

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._places:
            return None
        module, _, function = self._places[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"aspal.commands.{module}"), function)
        return command


class RowNumber(click.types.IntParamType):
    """The number of a row: of an import, a message, a held row."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """One clear line for a number that no row can have, because no database can hold it."""
        found: int = super().convert(value, param, ctx)
        if found >= 2**63:
            refuse(f"Nomor {found} tidak ada.")
        return found


@contextmanager
def opened() -> Iterator[House]:
    """The house that the environment describes, for one command."""
    _warn_root()
    house = from_environment()
    try:
        yield house
    finally:
        house.close()


def _warn_root() -> None:
    """`sudo aspal …` works, and leaves folders and attachments behind that the services cannot write or show."""
    env = Path(".env")
    if os.geteuid() == 0 and env.is_file() and (owner := env.stat().st_uid) != 0:
        user = _name_of(owner)
        click.echo(
            f"Dijalankan sebagai root; pakai pengguna layanannya: runuser -u {user} -- .venv/bin/aspal …", err=True
        )


def _name_of(user_id: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(user_id).pw_name
    except KeyError:
        return str(user_id)


def tell(payload: Mapping[str, Any], lines: Iterable[str], *, as_json: bool) -> None:
    """The result on stdout: as one JSON object, or as lines to read."""
    if as_json:
        click.echo(json.dumps(payload, ensure_ascii=False, default=str))
    else:
        for line in lines:
            click.echo(line)


def counted(payload: Mapping[str, Any]) -> Iterator[str]:
    """`name: value` lines for a flat result."""
    for name, value in payload.items():
        plain = not isinstance(value, dict | list)
        yield f"{name}: {value if plain else json.dumps(value, ensure_ascii=False, default=str)}"


def refuse(message: str) -> NoReturn:
    """Wrong use: one line on stderr, exit 2."""
    click.echo(message, err=True)
    raise click.exceptions.Exit(WRONG)


def partly(ok: bool) -> None:
    """Done in part: the rest was named, exit 1."""
    if not ok:
        raise click.exceptions.Exit(PARTLY)


def unit_id(house: House, unit: str) -> int:
    """A unit by its name, another name of it, or its number."""
    from aspal.records import directory

    with house.db.read() as conn:
        known = directory.unit_names(conn)
    found = int(unit) if unit.isdigit() and int(unit) in known.names else known.find(unit)
    if found is None:
        refuse(f"OPD “{unit}” tidak ada.")
    return found


def explain(error: Exception) -> str | None:
    """One line for an error that the office can mend; None for a bug."""
    from aspal.records import schema
    from aspal.records.calendar import CalendarMissing

    if isinstance(error, click.UsageError):
        from aspal.commands import usage

        return usage.told(error)
    if isinstance(error, SettingsError | CalendarMissing):
        return str(error)
    line = schema.explain(error)
    if line and schema.is_missing(error) and "DATABASE_URL" not in os.environ and not Path(".env").is_file():
        line += f". Folder {Path.cwd()} tidak memuat .env; jalankan aspal di folder pemasangannya."
    return line


def actor() -> str:
    """Who the journal names for what is done on the command line."""
    import getpass

    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):  # a container without a user name
        return "cli"
