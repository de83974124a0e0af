"""What Flask-Security is told of this office: its settings, the keys of the second factor, its words in Indonesian."""

from base64 import urlsafe_b64encode
from datetime import timedelta
from hashlib import sha256
from hmac import digest
from typing import Any

from aspal.settings import Settings

FRESH = timedelta(minutes=15)  # how long after the password was typed its owner may change what guards the account


def configuration(settings: Settings, secret: str) -> dict[str, Any]:
    """Flask-Security's settings. The keys that encrypt the second factor come from SECRET_KEY."""
    return {
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_PASSWORD_SINGLE_HASH": {"argon2"},
        "SECURITY_LOGIN_USER_TEMPLATE": "account/login.html",
        "SECURITY_POST_LOGIN_VIEW": "/",
        "SECURITY_POST_LOGOUT_VIEW": "/login",
        "SECURITY_STATIC_FOLDER": None,
        "SECURITY_FRESHNESS": FRESH,
        "SECURITY_FRESHNESS_GRACE_PERIOD": FRESH,
        "SECURITY_API_ENABLED_METHODS": ["session"],
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"test_environment": True},  # demo addresses end in .test
        "SECURITY_CHANGEABLE": True,
        "SECURITY_CHANGE_URL": "/akun/kata-sandi",
        "SECURITY_POST_CHANGE_VIEW": "/akun/",
        "SECURITY_CHANGE_PASSWORD_TEMPLATE": "account/password.html",
        "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": False,
        "SECURITY_VERIFY_URL": "/akun/kata-sandi-lagi",
        "SECURITY_VERIFY_TEMPLATE": "account/again.html",
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TWO_FACTOR_ALWAYS_VALIDATE": True,
        "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,  # seconds before and after: a clock may be a little off
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        "SECURITY_TWO_FACTOR_SETUP_URL": "/akun/verifikasi",
        "SECURITY_TWO_FACTOR_SETUP_TEMPLATE": "account/two_factor.html",
        "SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL": "/login/kode",
        "SECURITY_TWO_FACTOR_VERIFY_CODE_TEMPLATE": "account/code.html",
        "SECURITY_TWO_FACTOR_POST_SETUP_VIEW": "/akun/kode-pemulihan",
        "SECURITY_TOTP_SECRETS": {"1": _key(secret, b"totp").decode()},
        "SECURITY_TOTP_ISSUER": f"ASPAL {settings.office_name}",
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_N": 8,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS": [_key(secret, b"recovery")],
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_URL": "/akun/kode-pemulihan",
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_TEMPLATE": "account/recovery_codes.html",
        "SECURITY_MULTI_FACTOR_RECOVERY_URL": "/login/kode-pemulihan",
        "SECURITY_MULTI_FACTOR_RECOVERY_TEMPLATE": "account/recovery.html",
        **{f"SECURITY_MSG_{name}": message for name, message in _MESSAGES.items()},
    }


def _key(secret: str, purpose: bytes) -> bytes:
    """One key a purpose: what is learnt of one tells nothing of the sessions' key."""
    return urlsafe_b64encode(digest(sha256(secret.encode()).digest(), b"aspal:" + purpose, "sha256"))


_MESSAGES = {
    "INVALID_PASSWORD": ("Kata sandi salah.", "error"),
    "PASSWORD_NOT_PROVIDED": ("Isi kata sandi.", "error"),
    "PASSWORD_IS_THE_SAME": ("Kata sandi baru harus berbeda dari yang lama.", "error"),
    "RETYPE_PASSWORD_MISMATCH": ("Kedua isian kata sandi baru tidak sama.", "error"),
    "PASSWORD_CHANGE": ("Kata sandi diganti. Sesi Anda di perangkat lain sudah diakhiri.", "success"),
    "REAUTHENTICATION_REQUIRED": ("Masukkan kata sandi sekali lagi untuk melanjutkan.", "info"),
    "REAUTHENTICATION_SUCCESSFUL": ("Terima kasih, silakan lanjutkan.", "success"),
    "TWO_FACTOR_INVALID_TOKEN": ("Kode tidak cocok atau sudah dipakai. Tunggu kode berikutnya.", "error"),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": ("Kode diterima.", "success"),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": ("Verifikasi dua langkah aktif. Simpan kode pemulihan di bawah.", "success"),
    "TWO_FACTOR_DISABLED": ("Verifikasi dua langkah dimatikan.", "success"),
    "TWO_FACTOR_SETUP_EXPIRED": ("Waktunya habis. Mulai lagi dari awal.", "error"),
    "TWO_FACTOR_PERMISSION_DENIED": ("Masukkan alamat surel dan kata sandi lebih dahulu.", "error"),
    "INVALID_RECOVERY_CODE": ("Kode pemulihan tidak cocok atau sudah dipakai.", "error"),
    "NO_RECOVERY_CODES_SETUP": ("Belum ada kode pemulihan.", "info"),
    "API_ERROR": ("Permintaan tidak dapat dibaca. Mulai lagi dari awal.", "error"),
}
