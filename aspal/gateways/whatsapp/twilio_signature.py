"""Is this request really Twilio's? Any doubt is a no. Light: the web process imports this and nothing of the SDK.

Our own HMAC is faster than the SDK's validator; a test holds the two equal.
"""

import base64
import hmac
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

from aspal.settings import Settings

SIGNATURE, SIGNATURE_SETTINGS = "X-Twilio-Signature", "X-Twilio-Webhooks-Signature-Settings"
PROBE = "X-Aspal-Probe"  # with it `aspal doctor` knocks without a signature: refused like everybody, but no alarm
_SHARED_KEY_ALGORITHM = "HMAC_SHA256"
_DEFAULT_PORT = {"http": "80", "https": "443"}


class Form(Protocol):
    """A form in which a name may come twice; werkzeug's MultiDict is one."""

    def __iter__(self) -> Any: ...

    def getlist(self, name: str) -> list[str]: ...


class Headers(Protocol):
    def get(self, name: str, /) -> str | None: ...


class Verifier:
    """Checks signatures against every secret that is valid now: two tokens while one is being rotated."""

    def __init__(self, settings: Settings) -> None:
        if settings.whatsapp_gateway == "simulator":
            tokens: Iterable[str | None] = (simulator_token(settings.secret_key),)
        else:
            tokens = (settings.twilio_auth_token, settings.twilio_auth_token_secondary)
        self._tokens = [token.encode() for token in tokens if token]
        # Shared keys are found by the id in the header, and with them the algorithm is fixed: the header picks neither.
        self._shared_keys = {name: secret.encode() for name, secret in (settings.twilio_shared_keys or {}).items()}
        self._base_url = settings.public_base_url
        base = urlsplit(self._base_url)
        self._prefix = base.path.rstrip("/")
        self._origins = _origins(base.scheme, base.hostname or "", base.port)

    def check(self, target: str, form: Form, headers: Headers, body: bytes = b"") -> bool:
        """`target`: path and query as in the request line, decoded by nobody; PUBLIC_BASE_URL may stand before it.

        Never raises. `body` matters only where there is no form.
        """
        try:
            return self._check(target.removeprefix(self._base_url), form, headers, body)
        except Exception:
            return False

    def _check(self, target: str, form: Form, headers: Headers, body: bytes) -> bool:
        given = (headers.get(SIGNATURE) or "").encode()
        if not given or not target.startswith("/"):
            return False
        names = sorted(set(form))
        if not names and not _is_hash_of(body, target):
            return False
        secrets, algorithm = self._secrets(headers)
        # Behind a proxy that cuts a path prefix off, Twilio still signed it.
        path = target if target.startswith(f"{self._prefix}/") else self._prefix + target
        tail = path + "".join(name + value for name in names for value in sorted(set(form.getlist(name))))
        return any(
            hmac.compare_digest(_digest(secret, (origin + tail).encode(), algorithm), given)
            for secret in secrets
            for origin in self._origins
        )

    def _secrets(self, headers: Headers) -> tuple[list[bytes], str]:
        announced = headers.get(SIGNATURE_SETTINGS)
        if not announced:
            return self._tokens, "sha1"
        parts = {name.strip(): value.strip() for name, _, value in (p.partition("=") for p in announced.split(","))}
        secret = self._shared_keys.get(parts.get("key", ""))
        if secret is None or parts.get("algorithm", "").upper() != _SHARED_KEY_ALGORITHM:
            return [], "sha256"
        return [secret], "sha256"


def sign(form: Mapping[str, str], url: str, token: str) -> str:
    """The signature header of a form posted to `url`, as Twilio makes it."""
    text = url + "".join(name + form[name] for name in sorted(form))
    return _digest(token.encode(), text.encode(), "sha1").decode()


def simulator_token(secret_key: str | None) -> str:
    """With what the simulator signs: nobody who lacks SECRET_KEY can. Empty: it cannot sign, and nothing passes."""
    if not secret_key:
        return ""
    return hmac.digest(secret_key.encode(), b"aspal simulator auth token", "sha256").hex()


def probe_token(secret_key: str | None) -> str:
    """What the doctor shows; empty without a SECRET_KEY, and then every refusal is an alarm."""
    return hmac.digest(secret_key.encode(), b"aspal doctor", "sha256").hex() if secret_key else ""


def is_probe(shown: str | None, secret_key: str | None) -> bool:
    """Whether our own doctor knocks."""
    expected = probe_token(secret_key)
    return bool(expected and shown) and hmac.compare_digest((shown or "").encode(), expected.encode())


def _digest(secret: bytes, text: bytes, algorithm: str) -> bytes:
    return base64.b64encode(hmac.digest(secret, text, algorithm))


def _origins(scheme: str, host: str, port: int | None) -> list[str]:
    """Twilio signs sometimes with the port and sometimes without."""
    netloc = f"[{host}]" if ":" in host else host
    return [f"{scheme}://{netloc}", f"{scheme}://{netloc}:{port or _DEFAULT_PORT[scheme]}"]


def _is_hash_of(body: bytes, target: str) -> bool:
    """Without a form the signature covers the URL only; the URL must then name the body's hash."""
    named = parse_qs(urlsplit(target).query).get("bodySHA256")
    if named:
        return hmac.compare_digest(sha256(body).hexdigest().encode(), named[0].encode())
    return not body
