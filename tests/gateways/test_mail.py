"""An e-mail leaves as it should, never in the clear, and a failure names no password."""

import smtplib
import socketserver
import threading
from collections.abc import Iterator

import pytest
import requests
import responses

from aspal.gateways import mail, ping


class Talk(socketserver.StreamRequestHandler):
    """As little SMTP as a plain letter needs."""

    server: "Server"

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper().strip()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                while (part := self.rfile.readline()) != b".\r\n":
                    self.server.letter += part.decode()
                self.wfile.write(b"250 taken\r\n")
            elif word == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(self.server.refuse if word == b"RCPT" and self.server.refuse else b"250 ok\r\n")


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    letter, refuse = "", b""


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Talk) as running:
        threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
        yield running
        running.shutdown()


def url(server: Server) -> str:
    return f"smtp://127.0.0.1:{server.server_address[1]}"


def test_a_letter_arrives_with_its_words(server: Server) -> None:
    mail.send(url(server), "aspal@kantor.test", ["a@kantor.test", "b@kantor.test"], "ASPAL: 1 gangguan", "Yth. admin")
    assert "Subject: ASPAL: 1 gangguan" in server.letter
    assert "To: a@kantor.test, b@kantor.test" in server.letter
    assert "Auto-Submitted: auto-generated" in server.letter
    assert "Yth. admin" in server.letter


def test_a_refusal_and_a_dead_server_name_no_address(server: Server) -> None:
    server.refuse = b"550 who is a@kantor.test\r\n"
    with pytest.raises(mail.MailFailed) as refused:
        mail.send(url(server), None, ["a@kantor.test"], "s", "t")
    assert "kantor" not in str(refused.value)
    with pytest.raises(mail.MailFailed, match="tidak menerima"):
        mail.send("smtp://orang:sandi@127.0.0.1:1", None, ["a@kantor.test"], "s", "t")


def test_a_password_that_the_protocol_cannot_say_is_told_and_does_not_end_the_watch(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtplib.SMTP, "login", lambda _self, _user, password: password.encode("ascii"))
    with pytest.raises(mail.MailFailed, match="tidak menerima"):
        mail.send(url(server).replace("//", "//orang:s%C3%A9ndi@"), None, ["a@kantor.test"], "s", "t")


def test_a_server_can_be_tried_without_a_letter(server: Server) -> None:
    mail.knock(url(server))
    assert server.letter == ""
    with pytest.raises(mail.MailFailed, match="tidak menerima"):
        mail.knock("smtp://orang:sandi@127.0.0.1:1")


def test_nothing_leaves_in_the_clear_to_another_machine(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "_LOOPBACK", ())  # as if the server were elsewhere
    with pytest.raises(mail.MailFailed):
        mail.send(url(server), None, ["a@kantor.test"], "s", "t")
    assert server.letter == ""


@responses.activate
def test_the_watchdog_outside_is_called_and_its_silence_is_no_failure_of_ours() -> None:
    responses.get("https://watchdog.test/ok", status=200)
    responses.get("https://watchdog.test/no", status=503)
    responses.get("https://watchdog.test/dead", body=requests.ConnectionError())
    assert [ping.say_alive(f"https://watchdog.test/{path}") for path in ("ok", "no", "dead")] == [True, False, False]
