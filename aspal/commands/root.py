"""The `aspal` group: where each command lives."""

import click

from aspal.commands.frame import Lazy

PLACES = {
    "db": "database:db",
    "import": "imports:group",
    "run": "run:run",
    "worker": "run:worker",
    "serve": "run:serve",
    "demo": "run:demo",
    "guests": "people:guests",
    "templates": "templates:templates",
    "show": "show:show",
    "why": "show:why",
    "ladder": "rules:ladder",
    "calendar": "rules:calendar",
    "complaint": "complaints:complaint",
    "pause": "pauses:pause",
    "resume": "pauses:resume",
    "held": "settling:held",
    "alias": "settling:alias",
    "outbox": "outbox:outbox",
    "report": "reports:report",
    "users": "people:users",
    "journal": "audit:journal",
    "privacy": "privacy:privacy",
    "backup": "database:write_backup",
    "restore": "database:read_backup",
    "doctor": "audit:doctor",
}


@click.group(cls=Lazy, places=PLACES)
@click.version_option(package_name="aspal", message="%(version)s")
def aspal() -> None:
    """Pengingat dan eskalasi tindak lanjut SP4N-LAPOR! lewat WhatsApp."""
