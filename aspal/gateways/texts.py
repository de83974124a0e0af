"""templates_msg/*.toml -> texts. One file is one kind of message; people of the office edit it.

In a file a variable is written by its name, `{nomor}`; WhatsApp numbers them in the order in which they appear.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from aspal.core.secrecy import clean_value

FOLDER = Path(__file__).parents[2] / "templates_msg"
SESSION = "session"  # free text: only within 24 hours of the person's last message, so it needs no approval
TEMPLATE_LIMIT, SESSION_LIMIT = 1024, 1600  # characters of a whole message, WhatsApp's and Twilio's
CONFIDENTIAL = "_rahasia"
LIST = "daftar"  # may not be cut: a case would fall off it unseen

# The longest value of each variable; longer ones are cut with "…", except the list.
CAPS = {
    "penerima": 60, "nomor": 36, "kode": 8, "judul": 160, "opd": 100, "tanggal_disposisi": 30, "umur": 20, "batas": 30,
    "tautan": 80, "kantor": 80, "jumlah": 8, LIST: 700, "catatan": 120, "waktu": 44,
    "laporan": 400, "selesai": 8, "janji": 8, "topik": 60,
}  # fmt: skip
_OTHER_CAP, _SESSION_LIST_CAP = 120, 1200
# Said instead of "-" where nothing is known.
_NOTHING = {"catatan": "tanpa keterangan", "tautan": "belum tersedia", "batas": "belum ditentukan"}
_PLACE = re.compile(r"\{([a-z_]+)\}")
_BRACES = re.compile(r"\{([^{}\n]{0,60})\}")  # what somebody may have meant as one


class TextProblem(ValueError):
    """A text file that cannot be used, or a message that cannot be made of it; said in Indonesian."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A placeholder, with what an approver at WhatsApp is shown in its place."""

    name: str
    sample: str
    cap: int


@dataclass(frozen=True, slots=True)
class Button:
    """A quick reply: `id` comes back to us, `title` is what the person sees and presses."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message as the person reads it, and as WhatsApp wants it: every variable by its number."""

    text: str
    variables: dict[str, str]
    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of message. `body` is numbered, `Kepada {{1}}, …`."""

    kind: str
    name: str  # as registered at WhatsApp; a changed text needs a new one
    language: str
    category: str  # "utility", or "session"
    body: str
    variables: tuple[Variable, ...]
    buttons: tuple[Button, ...]
    fingerprint: str  # of what WhatsApp approves: name, language, category, body, buttons
    fixed: tuple[str, ...] = field(repr=False)  # the text around the variables; one piece more than there are of them

    @property
    def is_session(self) -> bool:
        return self.category == SESSION

    @property
    def is_digest(self) -> bool:
        """Whether it lists cases, instead of telling of one."""
        return LIST in self.names

    @property
    def limit(self) -> int:
        """Characters of the whole message; buttons make free text as narrow as a template."""
        return SESSION_LIMIT if self.is_session and not self.buttons else TEMPLATE_LIMIT

    @property
    def names(self) -> tuple[str, ...]:
        """Of the variables, in their order."""
        return tuple([variable.name for variable in self.variables])

    @property
    def named_body(self) -> str:
        """The body as the office writes it: every variable by its name."""
        places = [*(f"{{{name}}}" for name in self.names), ""]
        return "".join(part for pair in zip(self.fixed, places, strict=True) for part in pair)

    def edited(self, body: str, samples: Mapping[str, str], titles: Sequence[str]) -> "Template":
        """The same kind in other words. Its variables keep their order, so that a message that waits still fits it.

        Raises TextProblem.
        """
        if tuple(_PLACE.findall(body)) != self.names:
            raise TextProblem(_wrong_places(body, self.names))
        if len(titles) != len(self.buttons):
            raise TextProblem("jumlah tombol tetap; hanya judulnya yang dapat diubah")
        buttons = [{"id": old.id, "title": title} for old, title in zip(self.buttons, titles, strict=True)]
        head = {"kind": self.kind, "name": self.name, "language": self.language, "category": self.category}
        return _template({**head, "body": body, "samples": dict(samples), "buttons": buttons})

    def render(self, values: Mapping[str, str]) -> Rendered:
        """Fills every variable. Raises TextProblem for a missing, unknown or over-long one, never naming a value."""
        names = {*self.names}
        if values.keys() != names:
            missing, unknown = sorted(names - values.keys()), sorted(values.keys() - names)
            raise TextProblem(f"{self.kind}: variabel kurang {missing}, tidak dikenal {unknown}")
        pieces, filled = [self.fixed[0]], []
        for variable, after in zip(self.variables, self.fixed[1:], strict=True):
            value = self._fill(variable, values[variable.name])
            if after.startswith("."):
                value = value.rstrip(" .") or "-"  # a remark that is a sentence of its own must not end in two stops
            filled.append(value)
            pieces += (value, after)
        text = "".join(pieces)
        if len(text) > self.limit:
            raise TextProblem(f"{self.kind}: pesan {len(text)} karakter, batasnya {self.limit}")
        return Rendered(text, {str(n): value for n, value in enumerate(filled, start=1)}, self.buttons)

    def _fill(self, variable: Variable, value: str) -> str:
        if not value or value.isspace():
            return _NOTHING.get(variable.name, "-")
        if variable.name == LIST:
            return self._fill_list(variable, value)
        return clean_value(value, variable.cap, ours=variable.name == "tautan")

    def _fill_list(self, variable: Variable, value: str) -> str:
        if len(value) > variable.cap:
            raise TextProblem(f"{self.kind}: daftar {len(value)} karakter, batasnya {variable.cap}")
        lines = value.splitlines() if self.is_session else [value]  # a newline in a template's value is refused
        return "\n".join(clean_value(line, variable.cap) for line in lines)


class Texts:
    """Every kind of message, read once."""

    def __init__(self, templates: Mapping[str, Template]) -> None:
        self._templates = dict(templates)

    def kinds(self) -> tuple[str, ...]:
        """The names of all kinds, sorted."""
        return tuple(sorted(self._templates))

    def kind(self, name: str) -> Template:
        """The template of a kind. Raises TextProblem when there is no such file."""
        try:
            return self._templates[name]
        except KeyError:
            raise TextProblem(f"jenis pesan {name!r} tidak ada di templates_msg") from None

    def overlaid(self, others: Iterable[Template]) -> "Texts":
        """The same kinds, some of them in the office's own words."""
        return Texts(self._templates | {template.kind: template for template in others})

    def confidential(self, name: str) -> str:
        """The kind that says the same without the title; the kind itself when it never shows one."""
        return name + CONFIDENTIAL if name + CONFIDENTIAL in self._templates else name

    def render(self, kind: str, values: Mapping[str, str]) -> Rendered:
        """See Template.render."""
        return self.kind(kind).render(values)

    def preview(self, kind: str) -> Rendered:
        """The kind filled with its own samples."""
        template = self.kind(kind)
        return template.render({variable.name: variable.sample for variable in template.variables})


def load(folder: Path = FOLDER) -> Texts:
    """Reads every kind. Raises TextProblem naming the file that cannot be used."""
    templates: dict[str, Template] = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            template = _template(tomllib.loads(path.read_text(encoding="utf-8")))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
            raise TextProblem(f"{path.name}: {error}") from error
        if template.kind != path.stem:
            raise TextProblem(f"{path.name}: 'kind' harus sama dengan nama berkas")
        templates[template.kind] = template
    if not templates:
        raise TextProblem(f"tidak ada berkas templat di {folder}")
    return Texts(templates)


def _template(data: Mapping[str, object]) -> Template:
    unknown = set(data) - {"kind", "name", "language", "category", "body", "samples", "buttons"}
    if unknown:
        raise TextProblem(f"isian tidak dikenal: {', '.join(sorted(unknown))}")
    body, samples = str(data["body"]).strip(), data.get("samples", {})
    names = _PLACE.findall(body)
    if not isinstance(samples, Mapping) or sorted(names) != sorted(samples):
        raise TextProblem("setiap {variabel} ditulis sekali di 'body' dan diberi satu contoh di [samples]")
    numbers = iter(range(1, len(names) + 1))
    numbered = _PLACE.sub(lambda _: "{{%d}}" % next(numbers), body)  # noqa: UP031 - braces read worse in an f-string
    buttons = tuple(Button(b["id"], b["title"]) for b in _tables(data.get("buttons", [])))
    approved = {key: str(data[key]) for key in ("name", "language", "category")} | {"body": numbered}
    return Template(
        kind=str(data["kind"]),
        variables=tuple(Variable(name, str(samples[name]), _cap(name, approved["category"])) for name in names),
        buttons=buttons,
        fingerprint=_fingerprint(approved, buttons),
        fixed=tuple(_PLACE.split(body)[::2]),
        **approved,
    )


def _wrong_places(body: str, names: Sequence[str]) -> str:
    """Which of the variables that a text must have are not there, not ours, too many, or in another order."""
    written = _BRACES.findall(body)
    wrong = {
        "belum ada": [name for name in names if name not in written],
        "tidak dikenal": [name for name in written if name not in names],
        "lebih dari sekali": [name for name in names if written.count(name) > 1],
    }
    told = [f"{what}: {', '.join(f'{{{name}}}' for name in found)}" for what, found in wrong.items() if found]
    wanted = "pakai semua variabel, masing-masing sekali, dengan urutan yang sama seperti semula"
    return f"{wanted} ({'; '.join(told) or 'urutannya ' + ', '.join(f'{{{name}}}' for name in names)})"


def _cap(name: str, category: str) -> int:
    return _SESSION_LIST_CAP if (name, category) == (LIST, SESSION) else CAPS.get(name, _OTHER_CAP)


def _tables(value: object) -> list[dict[str, str]]:
    if not isinstance(value, list) or not all(isinstance(item, dict) and {*item} == {"id", "title"} for item in value):
        raise TextProblem("setiap [[buttons]] berisi 'id' dan 'title'")
    return value


def _fingerprint(approved: Mapping[str, str], buttons: tuple[Button, ...]) -> str:
    whole = {**approved, "buttons": [[button.id, button.title] for button in buttons]}
    return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()
