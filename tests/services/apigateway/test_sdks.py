"""SDKs: the one in JavaScript called from Node.js, and what is told of the others."""

from __future__ import annotations

import io
import json
import subprocess
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .support import add_mock, deploy, new_api, refused

_KEY = "a-value-of-a-key-that-is-long"


@pytest.fixture
def api(cloud: CloudUnderTest, client: Any) -> str:
    """An API with a method that is signed and one with a key and parameters."""
    cloud.advance(max(0.0, datetime.now(UTC).timestamp() - cloud.now))
    api, root = new_api(client)
    pets = client.create_resource(restApiId=api, parentId=root, pathPart="my-pets")["id"]
    pet = client.create_resource(restApiId=api, parentId=pets, pathPart="{petId}")["id"]
    user = '{"user": "$context.identity.userArn"}'
    add_mock(client, api, root, authorizationType="AWS_IAM", body=user)
    add_mock(client, api, pets, "POST", operationName="CreatePet")
    add_mock(client, api, pets, "ANY")
    declared = {"querystring.color": True, "querystring.size": False, "header.x-mood": False}
    add_mock(
        client,
        api,
        pet,
        apiKeyRequired=True,
        requestParameters={f"method.request.{name}": one for name, one in declared.items()},
        body='{"id": "$input.params(\'petId\')", "color": "$input.params(\'color\')", '
        '"mood": "$input.params(\'x-mood\')", "more": "$input.params(\'more\')"}',
    )
    deploy(client, api)
    stages = [{"apiId": api, "stage": "prod"}]
    plan = client.create_usage_plan(name="gold", apiStages=stages)["id"]
    key = client.create_api_key(name="mine", enabled=True, value=_KEY)["id"]
    client.create_usage_plan_key(usagePlanId=plan, keyId=key, keyType="API_KEY")
    return api


def _unzipped(client: Any, api: str, folder: Path) -> Path:
    body = client.get_sdk(restApiId=api, stageName="prod", sdkType="javascript")["body"].read()
    zipfile.ZipFile(io.BytesIO(body)).extractall(folder)
    return folder / "apiGateway-js-sdk"


def _run(sdk: Path, config: dict[str, str], expression: str) -> Any:
    """Return what a call of the SDK in Node.js resolves to, or is rejected with."""
    program = (
        f"const client = require('./apigClient.js').newClient({json.dumps(config)});"
        f"({expression}).catch((result) => result).then(({{data, status, statusText, headers}}) => "
        "console.log(JSON.stringify({data, status, statusText, headers})));"
    )
    done = subprocess.run(["node", "-e", program], cwd=sdk, capture_output=True, check=True)
    return json.loads(done.stdout)


def test_a_signed_method_is_called(
    cloud: CloudUnderTest, client: Any, api: str, tmp_path: Path
) -> None:
    sdk = _unzipped(client, api, tmp_path)
    credentials = {"accessKey": "test", "secretKey": "test"}
    answer = _run(sdk, credentials, "client.rootGet()")
    assert (answer["status"], answer["statusText"]) == (200, "OK")
    assert answer["data"] == {"user": "arn:aws:iam::000000000000:root"}
    assert answer["headers"]["content-type"] == "application/json"
    extras = (
        "{}, {}, {queryParams: {b: ['2 +', '1'], a: \"it's (*)\"}, headers: {'X-More': 'a  b'}}"
    )
    assert _run(sdk, credentials, f"client.rootGet({extras})")["status"] == 200
    session = cloud.client("sts").get_session_token()["Credentials"]
    temporary = {
        "accessKey": session["AccessKeyId"],
        "secretKey": session["SecretAccessKey"],
        "sessionToken": session["SessionToken"],
    }
    assert _run(sdk, temporary, "client.createPet(null, {name: 'é'})")["status"] == 200
    refusal = _run(sdk, {**credentials, "secretKey": "other"}, "client.rootGet()")
    assert (refusal["status"], "signature" in refusal["data"]["message"]) == (403, True)


def test_parameters_and_a_key_are_sent(client: Any, api: str, tmp_path: Path) -> None:
    sdk = _unzipped(client, api, tmp_path)
    params = "{petId: 'a b/ä', color: 'red & blue', 'x-mood': 'calm'}"
    sent = f"client.myPetsPetIdGet({params}, null, {{queryParams: {{more: 'yes'}}}})"
    assert _run(sdk, {}, sent)["status"] == 403
    answer = _run(sdk, {"apiKey": _KEY}, sent)
    expected = {"id": "a%20b%2F%C3%A4", "color": "red & blue", "mood": "calm", "more": "yes"}
    assert (answer["status"], answer["data"]) == (200, expected)
    assert answer["headers"]["content-type"] == "application/json"
    missing = "new Promise(() => client.myPetsPetIdGet({petId: '1'}))"
    told = _run(sdk, {}, f"{missing}.catch((data) => ({{data}}))")
    assert told == {"data": "color must be defined"}


def test_a_sdk_has_a_name_and_a_function_for_each_method_but_any(
    client: Any, api: str, tmp_path: Path
) -> None:
    answer = client.get_sdk(restApiId=api, stageName="prod", sdkType="javascript")
    assert answer["contentType"] == "application/octet-stream"
    now = datetime.now(UTC)
    name = f'attachment; filename="javascript_{now:%Y-%m-%d_%H}'
    assert answer["contentDisposition"].startswith(name)
    sdk = _unzipped(client, api, tmp_path)
    names = _run(sdk, {}, "Promise.resolve({data: Object.keys(client)})")["data"]
    assert names == ["rootGet", "createPet", "myPetsPetIdGet"]
    assert "| `createPet` | `POST /my-pets` |" in (sdk / "README.md").read_text()


def test_there_is_no_client_of_any_alone(client: Any, tmp_path: Path) -> None:
    api, root = new_api(client)
    add_mock(client, api, root, "ANY")
    deploy(client, api)
    assert not (_unzipped(client, api, tmp_path) / "apigClient.js").exists()


def test_other_kinds_are_listed_and_refused(client: Any, api: str) -> None:
    found = client.get_sdk_types()["items"]
    names = ["android", "java", "javascript", "objectivec", "ruby", "swift"]
    assert [one["id"] for one in found] == names
    swift = client.get_sdk_type(id="swift")
    assert swift == {**found[-1], "ResponseMetadata": swift["ResponseMetadata"]}
    assert swift["configurationProperties"] == [
        {"name": "classPrefix", "friendlyName": "Prefix", "description": "", "required": True}
    ]
    unknown = refused(lambda: client.get_sdk_type(id="cobol"))
    assert unknown == ("NotFoundException", 404, "Invalid SDK type identifier specified")
    place = {"restApiId": api, "stageName": "prod"}
    error = refused(lambda: client.get_sdk(**place, sdkType="ruby"))
    assert error == ("BadRequestException", 400, "SDKs of type 'ruby' are not generated here")
    none = refused(lambda: client.get_sdk(**place | {"stageName": "no"}, sdkType="javascript"))
    assert none == ("NotFoundException", 404, "Invalid stage identifier specified")
