"""Pages change something only through their own forms: every one of them asks for the session's token."""

from flask import Flask

from tests.web.conftest import Browser, token_of
from tests.web.test_guard import routes


def changes(app: Flask) -> list[tuple[str, str, str]]:
    """Endpoint, method and address of what changes something, but for one's own login; the api has no session."""
    found = [(rule.endpoint, method, path) for rule, method, path in routes(app) if method != "GET"]
    return [one for one in found if not one[0].startswith(("security.", "api."))]


def test_no_page_changes_anything_without_the_token_of_its_form(app: Flask, browser_of: Browser) -> None:
    admin = browser_of("admin")
    answers = {path: admin.open(path, method=method).status_code for _, method, path in changes(app)}
    assert {path: code for path, code in answers.items() if code != 400} == {}
    assert len(answers) > 5


def test_a_change_that_names_no_role_is_the_admins(app: Flask, browser_of: Browser) -> None:
    approver = browser_of("approver")
    token = {"csrf_token": token_of(approver)}
    silent = [one for one in changes(app) if not hasattr(app.view_functions[one[0]], "allowed_roles")]
    answers = {path: approver.open(path, method=method, data=token).status_code for _, method, path in silent}
    assert {path: code for path, code in answers.items() if code != 403} == {}
    assert answers
