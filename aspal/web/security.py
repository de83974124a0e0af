"""The headers that keep a browser from being turned against us. Scripts run only with this response's nonce."""

from secrets import token_urlsafe

from flask import Flask, Response, abort, g, request

_POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


LONGEST_FORM, MOST_FIELDS = 1_000_000, 10_000  # bytes and fields; only a file needs more room


def limit_form() -> None:
    """Before anything reads a form, because anybody may send one: taking a million fields apart takes seconds.

    What comes in parts, as files do, is limited by Flask (MAX_FORM_PARTS, MAX_FORM_MEMORY_SIZE).
    """
    if request.mimetype == "multipart/form-data":
        return
    request.max_content_length = LONGEST_FORM
    if request.mimetype == "application/x-www-form-urlencoded" and request.get_data().count(b"&") > MOST_FIELDS:
        abort(413)


def nonce() -> str:
    """This response's nonce, for the templates."""
    if "nonce" not in g:
        g.nonce = token_urlsafe(18)
    return str(g.nonce)


def add_headers(response: Response) -> Response:
    """After every request; the webhooks, which answer no browser, have a door of their own."""
    headers = response.headers
    headers["Content-Security-Policy"] = _POLICY.format(nonce=nonce())
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers["Referrer-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if request.endpoint != "static":  # pages show personal data: no shared computer may keep them
        headers["Cache-Control"] = "no-store"
    return response


def set_up(app: Flask, *, https: bool) -> None:
    app.jinja_env.globals["nonce"] = nonce
    app.after_request(add_headers)
    if https:

        @app.after_request
        def stay_on_https(response: Response) -> Response:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
            return response
