"""A plain e-mail to the people who look after the machine: the way out that does not depend on WhatsApp."""

import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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
    user = unquote(parts.username or "")
    mail = EmailMessage()
    mail["Subject"], mail["To"] = subject, ", ".join(to)
    mail["From"] = sender or (user if "@" in user else to[0])
    mail["Message-ID"] = make_msgid(domain=parts.hostname)
    mail["Auto-Submitted"] = "auto-generated"  # so that nobody's out-of-office answers it
    mail.set_content(text)
    with _logged_in(url) as server:
        server.send_message(mail)


def knock(url: str) -> None:
    """Whether the server takes us, without sending anything. Raises MailFailed."""
    with _logged_in(url):
        pass


@contextmanager
def _logged_in(url: str) -> Iterator[smtplib.SMTP]:
    """Raises MailFailed, also for what goes wrong inside."""
    parts = urlsplit(url)
    try:
        with _connect(parts.scheme, parts.hostname or "", parts.port) as server:
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            yield server
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
