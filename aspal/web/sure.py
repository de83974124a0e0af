"""Asks before what cannot be taken back: a page that says what will happen, and a way out. Nothing has changed yet."""

from collections.abc import Iterable, Sequence

from flask import render_template


def ask(
    title: str, does: Sequence[str], button: str, *, action: str, back: str, colour: str = "danger",
    things: Sequence[str] = (), hidden: Iterable[tuple[str, object]] = (),
) -> str:  # fmt: skip
    """The page. `does`: what will happen, a paragraph each; `things`: to what; `action`: where its form is sent, with
    the `hidden` fields; `back`: where to go when it is not to be."""
    return render_template(
        "sure.html", title=title, does=does, button=button, action=action, back=back, colour=colour, things=things,
        hidden=hidden,
    )  # fmt: skip
