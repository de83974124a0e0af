"""A plain e-mail to the people who look after the machine: the way out that does not depend on WhatsApp."""

import smtplib
import ssl
from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import make_msgid
from urllib.parse import unquote, urlsplit

TIMEOUT = 20
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class MailFailed(Exception):
    """The e-mail did not leave. Never carries an address or a password."""


def send(url: str, sender: str | None, to: Sequence[str], subject: str, text: str) -> None:
    """`url`: smtp://user:password@host:587 (STARTTLS) or smtps://…:465. Raises MailFailed."""
    parts = urlsplit(url)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    mail = EmailMessage()
    mail["Subject"], mail["To"] = subject, ", ".join(to)
    mail["From"] = sender or (user if "@" in user else to[0])
    mail["Message-ID"] = make_msgid(domain=parts.hostname)
    mail["Auto-Submitted"] = "auto-generated"  # so that nobody's out-of-office answers it
    mail.set_content(text)
    try:
        with _connect(parts.scheme, parts.hostname or "", parts.port) as server:
            if user:
                server.login(user, password)
            server.send_message(mail)
    except smtplib.SMTPResponseException as error:
        raise MailFailed(f"server surel menjawab {error.smtp_code}") from None
    except (OSError, smtplib.SMTPException, ValueError) as error:  # the last: a sign that the protocol cannot say
        raise MailFailed(f"server surel tidak menerima ({type(error).__name__})") from None


def _connect(scheme: str, host: str, port: int | None) -> smtplib.SMTP:
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT, context=ssl.create_default_context())
    server = smtplib.SMTP(host, port or 587, timeout=TIMEOUT)
    try:
        server.ehlo()
        if server.has_extn("starttls") or host not in _LOOPBACK:  # never a password, or an alarm, in the clear
            server.starttls(context=ssl.create_default_context())
    except BaseException:
        server.close()
        raise
    return server
