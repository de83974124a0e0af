"""What the tests of the WhatsApp gateways share: people, a template, settings."""

from collections.abc import Callable
from typing import Literal

from aspal.gateways.texts import Button, Template, Variable
from aspal.gateways.whatsapp.twilio import TwilioGateway
from aspal.settings import Settings
from tests.fake_twilio_shelf import ACCOUNT_SID, AUTH_TOKEN

Http = Literal["http.client", "requests"]
Make = Callable[..., TwilioGateway]
LIAISON, HEAD, HIDDEN = "+6281200000001", "+6281200000002", "ID.4566546130240823"
JPEG = b"\xff\xd8\xff\xe0 a photo"
REMINDER = Template(
    kind="pengingat",
    name="pengingat",
    language="id",
    category="utility",
    body="Laporan {{1}} atas nama {{2}} belum ditindaklanjuti.",
    variables=(Variable("nomor", "1916449", 20), Variable("opd", "Dinas PU", 100)),
    buttons=(Button("selesai", "Sudah"), Button("proses", "Sedang diproses")),
    fingerprint="f" * 64,
    fixed=("Laporan ", " atas nama ", " belum ditindaklanjuti."),
)
SETTINGS = Settings(
    secret_key="a secret for tests",
    twilio_account_sid=ACCOUNT_SID,
    twilio_auth_token=AUTH_TOKEN,
    twilio_whatsapp_from="+14155238886",
    public_base_url="https://aspal.example.go.id",
)
