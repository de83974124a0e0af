"""Attachments that lie, swell, drip or lead elsewhere."""

import gzip
import io
import time
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from aspal.core.words import Role
from aspal.flow import inbound
from aspal.gateways.media import MOST_BYTES, MediaNotYet, MediaRefused, download, keep, sniff
from aspal.gateways.whatsapp import wire
from aspal.gateways.whatsapp.wire import KeepAlive, Requests, Wire
from tests.flow.phone import writes
from tests.world import World

JPEG = b"\xff\xd8\xff\xe0" + b"x" * 100
BOMB = gzip.compress(b"\0" * (64 << 20), 1)  # made beforehand: a busy machine would let the carrier wait for it


class Server(BaseHTTPRequestHandler):
    """A provider gone mad."""

    asked: list[tuple[str, bool]] = []  # noqa: RUF012

    def do_GET(self) -> None:
        self.asked.append((self.path, "Authorization" in self.headers))
        getattr(self, self.path.strip("/").partition("?")[0])()

    def endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        self._pour(1 << 30)

    def liar(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "10")
        self.end_headers()
        self._pour(1 << 16)

    def huge(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(1 << 30))
        self.end_headers()
        self._pour(1 << 30)

    def drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(200):
            self._write(b"x")
            time.sleep(0.02)

    def bomb(self) -> None:
        self.send_response(200)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(BOMB)))
        self.end_headers()
        self._write(BOMB)

    def inward(self) -> None:
        self.send_response(302)
        self.send_header("Location", "http://169.254.169.254/latest/meta-data")
        self.end_headers()

    def round(self) -> None:
        self.send_response(302)
        self.send_header("Location", "/round")
        self.end_headers()

    def photo(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(JPEG)))
        self.end_headers()
        self._write(JPEG)

    def _pour(self, most: int) -> None:
        sent = 0
        while sent < most and self._write(b"x" * (1 << 20)):
            sent += 1 << 20

    def _write(self, data: bytes) -> bool:
        try:
            self.wfile.write(data)
        except OSError:
            return False
        return True

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(params=[KeepAlive, Requests])
def carrier(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    monkeypatch.setattr(wire, "WHOLE_SECONDS", 0.5)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    made = request.param(2.0, 2.0)
    yield made
    made.close()


@pytest.mark.parametrize("kind", ["endless", "huge", "bomb"])
def test_what_never_ends_or_swells_is_refused_at_the_limit(
    provider: str, carrier: Wire, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "WHOLE_SECONDS", 30)
    if kind == "bomb" and isinstance(carrier, KeepAlive):
        data = download(carrier, f"{provider}/bomb", {})
        assert len(data) < 1 << 20  # it stays packed, and
        assert sniff(data) is None  # what it is nobody keeps
        return
    with pytest.raises(MediaRefused, match="16 MB"):
        download(carrier, f"{provider}/{kind}", {"Authorization": "Basic x"})


def test_what_drips_does_not_hold_the_worker(provider: str, carrier: Wire) -> None:
    begun = time.monotonic()
    with pytest.raises(MediaNotYet):
        download(carrier, f"{provider}/drip", {})
    assert time.monotonic() - begun < 3


def test_credentials_stay_on_the_first_hop_and_no_redirect_leads_inward(provider: str, carrier: Wire) -> None:
    Server.asked.clear()
    for path, stay in (("inward", True), ("round", True), ("round", False)):
        with pytest.raises(MediaRefused):
            download(carrier, f"{provider}/{path}", {"Authorization": "Basic x"}, stay=stay)
    assert [with_ for path, with_ in Server.asked if path == "/round"] == [True, False, False, True]


def test_a_zip_bomb_is_looked_at_without_being_unpacked(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("word/document.xml", b"\0" * (50 << 20))
        for n in range(2000):
            bomb.writestr(f"word/{n}", b"")
    begun = time.process_time()
    kept = keep(packed.getvalue(), tmp_path)  # as small as it came; only its list of names was read
    assert kept.size < 1 << 20
    assert time.process_time() - begun < 1


def test_more_than_whatsapp_carries_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(MediaRefused, match="16 MB"):
        keep(JPEG + b"x" * MOST_BYTES, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "url",
    ["http://169.254.169.254/Media/ME1", "file:///etc/passwd", "https://jahat.example/Media/ME" + "a" * 32,
     "//x/../Media/..",
     "https://api.twilio.com/2010-04-01/Accounts/AC/Messages/MM/Media/ME../../x"],
)  # fmt: skip
def test_the_address_in_the_form_is_never_fetched(world: World, url: str, tmp_path: Path) -> None:
    unit = world.unit("Dinas PUPR")
    sari = world.person("Sari", Role.LIAISON, unit)
    world.complaint("1916449", unit, disposed="2026-08-01")
    writes(world, sari, "bukti", photos=1, MediaUrl0=url)
    asked: list[tuple[str, str]] = []

    class Gateway:
        def fetch_media(self, sid: str, ref: str) -> bytes:
            asked.append((sid, ref))
            return JPEG

    inbound.fetch_media(world.db, Gateway(), tmp_path, world.clock.now())  # type: ignore[arg-type]
    # At most the bare reference was taken out of it, and that is asked for at the place that we know.
    assert all(ref == "ME" + "a" * 32 for _, ref in asked)
