"""The SMTP port among clients of all kinds."""

from __future__ import annotations

import asyncio
import smtplib
import socket
from collections.abc import Iterator

import pytest
from tests.services.ses.rules import BUCKET_ACTION, bucket, in_force, letter, letters, post, rule

from cloudarium.pytest_plugin import CloudUnderTest
from cloudarium.services.ses import limits
from cloudarium.services.ses.receiving import smtp


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CloudUnderTest]:
    """A cloud that takes any mail."""
    cloud = CloudUnderTest(tmp_path_factory.mktemp("smtp") / "cloud")
    bucket(cloud)
    in_force(cloud, rule("r", BUCKET_ACTION))
    yield cloud
    cloud.close()


@pytest.fixture
def client(shared: CloudUnderTest) -> Iterator[smtplib.SMTP]:
    """A client that has said EHLO."""
    with smtplib.SMTP("127.0.0.1", shared.ports["smtp"], "mailer.test", timeout=20) as client:
        client.ehlo()
        yield client


def begun(client: smtplib.SMTP) -> None:
    """Send an envelope."""
    client.mail("jane@sender.test")
    client.rcpt("john@example.com")


def test_what_the_server_says_of_itself(shared: CloudUnderTest) -> None:
    with socket.create_connection(("127.0.0.1", shared.ports["smtp"])) as raw:
        greeting = raw.recv(200)
    assert greeting.startswith(b"220 inbound-smtp.amazonaws.com ESMTP SimpleEmailService")
    with smtplib.SMTP("127.0.0.1", shared.ports["smtp"]) as client:
        client.ehlo()
        assert client.esmtp_features["size"] == str(40 * 1024 * 1024)
        assert {"8bitmime", "smtputf8"} <= client.esmtp_features.keys()
        assert "auth" not in client.esmtp_features


def test_commands_that_are_wrong(client: smtplib.SMTP) -> None:
    answers = [
        client.docmd("DATA"),
        client.docmd("RCPT", "TO:<john@example.com>"),
        client.docmd("MAIL", "TO:<x>"),
        client.docmd("MAIL", "FROM:<jane@sender.test> SIZE=99999999"),
        client.docmd("MAIL", "FROM:<(>"),
        client.docmd("NONSENSE"),
        client.docmd("X" * 5000),
        client.docmd(""),
        client.docmd("AUTH", "PLAIN AAAA"),
        client.docmd("VRFY", "john@example.com"),
    ]
    assert [code for code, _ in answers] == [503, 503, 501, 552, 553, 500, 500, 500, 538, 252]
    assert client.noop()[0] == 250


@pytest.mark.parametrize("address", ["<>", "<@>", "<a@>", '<"@">', "<[]>", "<a@b@c>", "<" * 200])
def test_strange_recipients(client: smtplib.SMTP, address: str) -> None:
    client.mail("jane@sender.test")
    code, _ = client.docmd("RCPT", f"TO:{address}")
    assert code in (250, 501, 550, 553)
    assert client.noop()[0] == 250


def test_a_bounce_has_no_sender(shared: CloudUnderTest) -> None:
    before = len(letters(shared))
    post(shared, letter(), sender="")
    shared.settle()
    assert len(letters(shared)) == before + 1
    assert any(raw.startswith(b"Return-Path: <>") for raw in letters(shared).values())


def test_recipients_are_limited(client: smtplib.SMTP) -> None:
    client.mail("jane@sender.test")
    codes = [client.rcpt(f"n{number}@example.com")[0] for number in range(101)]
    assert codes == [250] * 100 + [452]


def test_dots_and_long_lines_come_through(shared: CloudUnderTest, client: smtplib.SMTP) -> None:
    begun(client)
    body = b"Subject: dots\r\n\r\n.\r\n..\r\n.hidden\r\n" + b"x" * 30_000 + b"\r\n"
    assert client.data(body)[0] == 250
    shared.settle()
    (raw,) = [raw for raw in letters(shared).values() if b"Subject: dots" in raw]
    assert raw.endswith(body)


def test_messages_are_limited(shared: CloudUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "INCOMING_BYTES", 100_000)
    with smtplib.SMTP("127.0.0.1", shared.ports["smtp"]) as small:
        small.ehlo()
        begun(small)
        assert small.data(b"x" * 70 + b"\r\n" + b"y\r\n" * 40_000)[0] == 552
        begun(small)
        assert small.data(b"x\r\n")[0] == 250


def test_an_endless_line_is_cut_off(client: smtplib.SMTP, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "_ENDLESS", 1_000_000)
    begun(client)
    client.docmd("DATA")
    connection = client.sock
    assert connection is not None
    connection.settimeout(30)  # raises TimeoutError, which is no ConnectionError, if it goes on
    try:
        for _ in range(1000):
            connection.sendall(b"x" * 10_000)
        left = connection.recv(1)  # all of it can lie in the sockets' buffers before it is read
    except ConnectionError:
        left = b""
    assert left == b""


def test_broken_connections_leave_the_server_well(shared: CloudUnderTest) -> None:
    address = ("127.0.0.1", shared.ports["smtp"])
    for said in (b"", b"EHLO", b"EHLO a\r\nMAIL FROM:<a@b.c>\r\nRCPT TO:<d@e.f>\r\nDATA\r\nSubj"):
        with socket.create_connection(address) as raw:
            raw.sendall(said)
    for noise in (b"\x00" * 70_000, b"\xff\xfe\r\n" * 1000, b"GET / HTTP/1.1\r\n\r\n" * 100):
        with socket.create_connection(address) as raw:
            try:
                raw.sendall(noise)
            except ConnectionError:
                continue
    before = len(letters(shared))
    post(shared, letter())
    shared.settle()
    assert len(letters(shared)) == before + 1


def test_too_many_clients_are_sent_away(
    shared: CloudUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "_SESSIONS", 0)
    with pytest.raises(smtplib.SMTPConnectError) as caught:
        smtplib.SMTP("127.0.0.1", shared.ports["smtp"])
    assert caught.value.smtp_code == 421


def test_a_silent_client_is_left(shared: CloudUnderTest) -> None:
    runtime = shared.kernel.runtime("ses")
    connections: set[smtp.Connection] = set()

    async def silent() -> bytes:
        loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        with theirs:
            await loop.connect_accepted_socket(
                lambda: smtp.Connection(runtime, connections, patience=0.05), ours
            )
            theirs.setblocking(False)
            said = b""
            while chunk := await loop.sock_recv(theirs, 1000):
                said += chunk
            return said

    assert shared.run(silent()).startswith(b"220 ")
    assert connections == set()


def test_a_client_that_leaves_at_once_is_forgotten(shared: CloudUnderTest) -> None:
    runtime = shared.kernel.runtime("ses")
    connections: set[smtp.Connection] = set()

    async def left() -> None:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        theirs.close()
        loop = asyncio.get_running_loop()
        await loop.connect_accepted_socket(lambda: smtp.Connection(runtime, connections), ours)
        for _ in range(100):
            await asyncio.sleep(0)

    shared.run(left())
    assert connections == set()
