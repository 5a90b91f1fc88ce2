"""Client certificates of WebSocket APIs' stages: the same that stages of REST APIs show."""

from __future__ import annotations

import ssl
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from cloudarium.pytest_plugin import CloudUnderTest

from .sockets import add_answer, opened
from .support import add_routes, http_api, refused, serve, websocket_api


class _Secure(BaseHTTPRequestHandler):
    """Says whose certificate it was shown."""

    def do_POST(self) -> None:
        self.send_response(200)
        self.end_headers()
        subject = dict(one for (one,) in self.connection.getpeercert()["subject"])
        self.wfile.write(subject["commonName"].encode())

    def log_message(self, *_: object) -> None:
        pass


def _identity(file: Path) -> None:
    """Write a key and a certificate for 127.0.0.1."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name.from_rfc4514_string("CN=localhost")
    today, day = datetime.now(UTC), timedelta(days=1)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, today - day, today + day)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    file.write_bytes(private + certificate.public_bytes(pem))


def test_an_endpoint_is_shown_the_stages_certificate(
    cloud: CloudUnderTest, client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.advance(max(0.0, datetime.now(UTC).timestamp() - cloud.now))
    made = cloud.client("apigateway").generate_client_certificate()
    file = tmp_path / "server.pem"
    _identity(file)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    trusting = ssl.create_default_context(
        ssl.Purpose.CLIENT_AUTH, cadata=made["pemEncodedCertificate"]
    )
    trusting.verify_mode = ssl.CERT_REQUIRED
    trusting.load_cert_chain(file)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Secure)
    server.socket = trusting.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    api = websocket_api(client)
    http = {"IntegrationType": "HTTP_PROXY", "IntegrationMethod": "POST"}
    uri = f"https://127.0.0.1:{server.server_port}/"
    integration = client.create_integration(ApiId=api, **http, IntegrationUri=uri)["IntegrationId"]
    add_routes(client, api, integration, "say", RouteResponseSelectionExpression="$default")
    add_answer(client, api, "say")
    serve(client, api, "dev")
    stage = {"ApiId": api, "StageName": "dev"}
    client.update_stage(**stage, ClientCertificateId=made["clientCertificateId"])
    with opened(cloud, api) as socket:
        socket.send('{"action": "say"}')
        assert socket.recv(20) == "ApiGateway"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_stage_names_a_certificate_that_then_stays(cloud: CloudUnderTest, client: Any) -> None:
    rest = cloud.client("apigateway")
    name = rest.generate_client_certificate()["clientCertificateId"]
    api = websocket_api(client)
    made = client.create_stage(ApiId=api, StageName="dev", ClientCertificateId=name)
    assert made["ClientCertificateId"] == name
    error = refused(lambda: rest.delete_client_certificate(clientCertificateId=name))
    assert error == (
        "BadRequestException",
        400,
        f"Client certificate {name} is used by stage {api}:dev",
    )
    stage = {"ApiId": api, "StageName": "dev"}
    error = refused(lambda: client.update_stage(**stage, ClientCertificateId="none"))
    assert error[:2] == ("BadRequestException", 400)
    of_http = {"ApiId": http_api(client), "StageName": "dev", "ClientCertificateId": name}
    error = refused(lambda: client.create_stage(**of_http))
    assert error[:2] == ("BadRequestException", 400)
    client.delete_stage(**stage)
    rest.delete_client_certificate(clientCertificateId=name)
