"""The reference system keeps its contracts: what its OpenAPI documents say is what callers meet.

Requests are made up from the documents, right and wrong ones alike; every answer must be one that
the document knows, and none a server's error.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.life.server import Server, run, until

_SERVICES = ("authentication", "location", "profile")
_SOURCES = Path(__file__).parents[2] / "microservices"
_CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
_BOUNDED = settings(
    max_examples=12,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


class _Signed(requests.auth.AuthBase):
    """Signs requests as the root does."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        made = AWSRequest(request.method, request.url, data=request.body or b"")
        SigV4Auth(Credentials("test", "test"), "execute-api", "us-east-1").add_auth(made)
        request.headers.update(dict(made.headers.items()))
        return request


class _Deployed:
    """The three services, deployed from their own sources; `urls` by service."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.server, self.folder = server, folder
        server.client("s3").create_bucket(Bucket="bundles")
        self.urls = {service: self._deploy(service) for service in _SERVICES}

    def _deploy(self, service: str) -> str:
        source = self.folder / service
        shutil.copytree(_SOURCES / service, source)
        done = run(sys.executable, "bundle.py", "s3://bundles", cwd=source)
        assert done.returncode == 0, done.stderr
        (bundle,) = (source / "build").iterdir()
        self.server.client("s3").upload_file(str(bundle), "bundles", bundle.name)
        base = f"http://127.0.0.1:{self.server.cloud.ports['http']}/_aws/execute-api"
        stacks = self.server.client("cloudformation")
        stacks.create_stack(
            StackName=service,
            TemplateBody=(source / "packaged.yaml").read_text(),
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
            Parameters=[{"ParameterKey": "ApiBase", "ParameterValue": base}],
        )
        outputs = until(lambda: self._outputs(stacks, service), service)
        return outputs["ApiUrl"]

    def _outputs(self, stacks: Any, service: str) -> dict[str, str] | None:
        (stack,) = stacks.describe_stacks(StackName=service)["Stacks"]
        if stack["StackStatus"] == "CREATE_IN_PROGRESS":
            return None
        events = stacks.describe_stack_events(StackName=service)["StackEvents"]
        assert stack["StackStatus"] == "CREATE_COMPLETE", events
        return {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}


@pytest.fixture(scope="module")
def deployed(shared: Server, tmp_path_factory: pytest.TempPathFactory) -> _Deployed:
    """The reference system."""
    return _Deployed(shared, tmp_path_factory.mktemp("services"))


_Test = Callable[..., None]


def _by_contract(service: str) -> Callable[[_Test], _Test]:
    """Return the decorator of tests of each `case` that the service's document makes up."""
    document: Any = schemathesis.openapi.from_path(_SOURCES / service / "openapi.yaml")

    def decorate(test: _Test) -> _Test:
        made: _Test = document.parametrize()(_BOUNDED(test))
        return made

    return decorate


def _keeps(deployed: _Deployed, service: str, case: Any) -> None:
    auth = _Signed() if service == "location" else None
    response = case.call(base_url=deployed.urls[service].rstrip("/"), auth=auth)
    case.validate_response(response, checks=_CHECKS)


@_by_contract("authentication")
def test_authentication_keeps_its_contract(case: Any, deployed: _Deployed) -> None:
    _keeps(deployed, "authentication", case)


@_by_contract("location")
def test_location_keeps_its_contract(case: Any, deployed: _Deployed) -> None:
    _keeps(deployed, "location", case)


@_by_contract("profile")
def test_profile_keeps_its_contract(case: Any, deployed: _Deployed) -> None:
    _keeps(deployed, "profile", case)
