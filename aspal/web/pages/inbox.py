"""Kotak masuk: what people answered, and the replies that nobody could place."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from aspal.records import browse
from aspal.web.house import house
from aspal.web.words import REPLY

blueprint = Blueprint("inbox", __name__, url_prefix="/kotak-masuk")


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Replies, newest first."""
    state = request.args.get("state") if request.args.get("state") in REPLY else None
    with house().db.read() as conn:
        page = browse.list_replies(conn, states=(state,) if state else (), before=request.args.get("sebelum", type=int))
    return render_template("inbox/index.html", page=page, state=state)
