"""One polite call of a JSON API: retried when that may help, never led to another host, never telling the secret."""

import json
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

from aspal.gateways.lapor_api.config import ApiConfig, ApiProblem

_LARGEST = 50_000_000
_LONGEST_WAIT = 300.0
_REDIRECTS = 3
_REFUSED = "API LAPOR menolak kunci akses (HTTP {}). Periksa LAPOR_API_SECRET dan bagian [auth]."
_SAYS = {
    401: _REFUSED,
    403: _REFUSED,
    404: "API LAPOR tidak mengenal alamat ini (HTTP {}). Periksa base_url, request.path dan [paging].",
}


class Caller:
    """Holds what one fetch needs: the configuration, a session, and how to wait."""

    def __init__(
        self, config: ApiConfig, session: requests.Session, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._config, self._session, self._sleep = config, session, sleep

    def get(self, url: str, parameters: Mapping[str, Any]) -> Any:
        """The decoded answer; raises ApiProblem."""
        attempts = self._config.request["attempts"]
        for attempt in range(1, attempts + 1):
            try:
                response, body = self._follow(url, parameters)
            except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError):
                response, body = None, b""
            except requests.RequestException as error:
                # Their own text may quote the address or a header, and with it the secret.
                raise ApiProblem(f"Permintaan ke API LAPOR gagal ({type(error).__name__}). Periksa base_url.") from None
            if response is not None and response.status_code != 429 and response.status_code < 500:
                return _decode(response, body)
            if attempt < attempts:
                self._sleep(_wait(response, attempt))
        if response is None:
            raise ApiProblem(f"API LAPOR tidak dapat dihubungi setelah {attempts} kali. Coba lagi nanti.")
        raise ApiProblem(f"API LAPOR sedang terganggu (HTTP {response.status_code}) setelah {attempts} kali dicoba.")

    def _follow(self, url: str, parameters: Mapping[str, Any]) -> tuple[requests.Response, bytes]:
        for _ in range(_REDIRECTS):
            response, body = self._once(url, parameters)
            if not response.is_redirect:
                return response, body
            url, parameters = self.same_host(urljoin(url, response.headers["Location"])), {}
        raise ApiProblem("API LAPOR mengalihkan alamat terus-menerus. Periksa base_url.")

    def same_host(self, url: str) -> str:
        """The secret goes to the configured host and to no other. Raises ApiProblem."""
        ours, theirs = urlsplit(self._config.base_url), urlsplit(url)
        if (ours.scheme, ours.netloc) != (theirs.scheme, theirs.netloc):
            raise ApiProblem(
                "API LAPOR mengarahkan ke alamat lain; itu tidak diikuti. Periksa base_url dan paging.next."
            )
        return url

    def _once(self, url: str, parameters: Mapping[str, Any]) -> tuple[requests.Response, bytes]:
        auth, headers, fields = self._config.auth, {"Accept": "application/json"}, dict(parameters)
        secret = auth["prefix"] + self._config.secret
        if auth["in"] == "header":
            headers[auth["name"]] = secret
        elif auth["in"] == "parameter":
            fields[auth["name"]] = self._config.secret
        method, seconds = self._config.request["method"], self._config.request["timeout_seconds"]
        with self._session.request(
            method,
            url,
            params=fields if method == "GET" else None,
            data=fields if method == "POST" else None,
            headers=headers,
            auth=lambda request: request,  # else a ~/.netrc would replace our Authorization
            timeout=seconds,
            allow_redirects=False,
            stream=True,
        ) as response:
            return response, _body(response)


def _body(response: requests.Response) -> bytes:
    body = b""
    for part in response.iter_content(65536):
        body += part
        if len(body) > _LARGEST:
            raise ApiProblem("Jawaban API LAPOR terlalu besar. Kecilkan paging.size.")
    return body


def _wait(response: requests.Response | None, attempt: int) -> float:
    """Retry-After as seconds or as a date; else 1, 2, 4 … seconds."""
    asked = response.headers.get("Retry-After", "").strip() if response is not None else ""
    if asked.isascii() and asked.isdigit():
        return min(float(asked), _LONGEST_WAIT)
    try:
        assert response is not None
        wanted = parsedate_to_datetime(asked) - parsedate_to_datetime(response.headers.get("Date", ""))
        return min(max(wanted.total_seconds(), 1.0), _LONGEST_WAIT)
    except (AssertionError, TypeError, ValueError):
        return min(2.0 ** (attempt - 1), _LONGEST_WAIT)


def _decode(response: requests.Response, body: bytes) -> Any:
    code = response.status_code
    if code >= 400:
        raise ApiProblem(_SAYS.get(code, "API LAPOR menolak permintaan (HTTP {}). Periksa [request].").format(code))
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        if body.lstrip()[:1] == b"<":
            raise ApiProblem(
                "API LAPOR menjawab halaman web (HTML), bukan JSON. Biasanya base_url atau request.path salah, "
                "atau diminta masuk dahulu."
            ) from error
        raise ApiProblem(
            "Jawaban API LAPOR bukan JSON yang utuh. Coba lagi; bila tetap, hubungi pengelolanya."
        ) from error
