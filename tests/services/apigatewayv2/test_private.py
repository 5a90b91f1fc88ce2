"""Private integrations: what a VPC link leads to stands on this machine, if the user says so."""

from __future__ import annotations

import json
from typing import Any

from cloudarium.pytest_plugin import CloudUnderTest

from .backend import Backend
from .support import add_proxy, call, http_api, serve

_LISTENER = "arn:aws:elasticloadbalancing:us-east-1:000000000000:listener/app/pets/1/2"
_SERVICE = "arn:aws:servicediscovery:us-east-1:000000000000:service/srv-1"


def _stand(cloud: CloudUnderTest, **endpoints: str) -> None:
    known = {_LISTENER: endpoints.get("listener"), _SERVICE: endpoints.get("service")}
    (cloud.folder / "endpoints.json").write_text(json.dumps(known))


def test_a_private_integration_leads_to_what_stands_for_its_listener(
    cloud: CloudUnderTest, client: Any, backend: Backend
) -> None:
    api = http_api(client)
    link = client.create_vpc_link(Name="link", SubnetIds=["subnet-1"])["VpcLinkId"]
    private = {"ConnectionType": "VPC_LINK", "ConnectionId": link}
    add_proxy(client, api, _LISTENER, "ANY /pets/{id}", **private)
    trimmed = {"RequestParameters": {"overwrite:path": "$request.path"}}
    add_proxy(client, api, _SERVICE, "ANY /dogs", **private, **trimmed)
    serve(client, api, "prod")
    unknown = call(cloud, api, "/prod/pets/7")
    assert (unknown.status, unknown.json) == (503, {"message": "Service Unavailable"})
    _stand(cloud, listener=f"{backend.url}/", service=backend.url)
    assert call(cloud, api, "/prod/pets/7?a=b").json["target"] == "/prod/pets/7?a=b"
    assert call(cloud, api, "/prod/dogs", method="POST").json["target"] == "/dogs"
