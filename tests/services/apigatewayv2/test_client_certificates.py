"""Client certificates of WebSocket APIs' stages: the same that stages of REST APIs show."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.services.mutual_tls import endpoint

from cloudarium.pytest_plugin import CloudUnderTest

from .sockets import add_answer, opened
from .support import add_routes, http_api, refused, serve, websocket_api


def test_an_endpoint_is_shown_the_stages_certificate(
    cloud: CloudUnderTest, client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.advance(max(0.0, datetime.now(UTC).timestamp() - cloud.now))
    made = cloud.client("apigateway").generate_client_certificate()
    file = tmp_path / "server.pem"
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    api = websocket_api(client)
    http = {"IntegrationType": "HTTP_PROXY", "IntegrationMethod": "POST"}
    with endpoint(file, made["pemEncodedCertificate"]) as uri:
        added = client.create_integration(ApiId=api, **http, IntegrationUri=uri)
        integration = added["IntegrationId"]
        add_routes(client, api, integration, "say", RouteResponseSelectionExpression="$default")
        add_answer(client, api, "say")
        serve(client, api, "dev")
        stage = {"ApiId": api, "StageName": "dev"}
        client.update_stage(**stage, ClientCertificateId=made["clientCertificateId"])
        with opened(cloud, api) as socket:
            socket.send('{"action": "say"}')
            assert socket.recv(20) == "ApiGateway"


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
