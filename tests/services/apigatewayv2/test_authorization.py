"""Who may call an HTTP API: tokens, functions, signatures."""

from __future__ import annotations

import json
from typing import Any

import jwt
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from cryptography.hazmat.primitives.asymmetric import rsa

from cloudarium.pytest_plugin import CloudUnderTest

from .backend import Backend
from .functions import Functions, integrate, uri
from .support import add_proxy, add_routes, call, fetch, http_api, serve


class Issuer:
    """Issues tokens for the audience `pets`; its keys are on the backend."""

    def __init__(self, backend: Backend, now: float) -> None:
        self.backend, self.now = backend, now
        self.rotate("1")
        backend.pages["/.well-known/openid-configuration"] = {"jwks_uri": f"{backend.url}/keys"}

    def rotate(self, key_id: str) -> None:
        """Use another key from now on."""
        self.key_id = key_id
        self._key = rsa.generate_private_key(65537, 2048)
        shown = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key()))
        self.backend.pages["/keys"] = {"keys": [{**shown, "kid": key_id, "alg": "RS256"}]}

    def token(self, **claims: Any) -> str:
        """Return a token."""
        told = {
            "iss": self.backend.url,
            "aud": "pets",
            "exp": self.now + 60,
            "sub": "ann",
            **claims,
        }
        return jwt.encode(told, self._key, algorithm="RS256", headers={"kid": self.key_id})


@pytest.fixture
def issuer(cloud: CloudUnderTest, backend: Backend) -> Issuer:
    """An issuer of tokens."""
    return Issuer(backend, cloud.now)


def guarded(client: Any, api: str, backend: Backend, issuer: str = "", **route: Any) -> None:
    """Serve `GET /` to those with a token of an issuer, by default the backend."""
    authorizer = client.create_authorizer(
        ApiId=api,
        AuthorizerType="JWT",
        IdentitySource=["$request.header.Authorization"],
        JwtConfiguration={"Issuer": issuer or backend.url, "Audience": ["pets"]},
        Name="users",
    )["AuthorizerId"]
    params = {"AuthorizationType": "JWT", "AuthorizerId": authorizer, **route}
    integration = add_proxy(client, api, backend.url + "/in")
    add_routes(client, api, integration, "GET /", **params)
    serve(client, api)


def bearer(token: str) -> dict[str, str]:
    """Return the header that carries a token."""
    return {"Authorization": f"Bearer {token}"}


def test_a_token_is_checked(
    cloud: CloudUnderTest, client: Any, backend: Backend, issuer: Issuer
) -> None:
    api = http_api(client)
    guarded(client, api, backend)
    assert call(cloud, api, "/", headers=bearer(issuer.token())).status == 200
    by_client = issuer.token(client_id="pets")
    assert call(cloud, api, "/", headers=bearer(by_client)).status == 200
    missing = call(cloud, api, "/")
    assert (missing.status, missing.json) == (401, {"message": "Unauthorized"})
    assert missing.headers["www-authenticate"] == "Bearer"
    wrong = call(cloud, api, "/", headers=bearer(issuer.token(aud="dogs")))
    assert (wrong.status, wrong.headers["www-authenticate"]) == (
        401,
        'Bearer scope="" error="invalid_token" '
        'error_description="the token does not have a valid audience"',
    )
    cut = call(cloud, api, "/", headers=bearer("abc"))
    assert "token contains an invalid number of segments" in cut.headers["www-authenticate"]
    for bad in (
        issuer.token(iss="https://other.example"),
        issuer.token(nbf=cloud.now + 10),
        issuer.token(iat="soon"),
        issuer.token()[:-4] + "AAAA",
        jwt.encode({"aud": "pets"}, "x" * 32, algorithm="HS256", headers={"kid": "1"}),
    ):
        assert call(cloud, api, "/", headers=bearer(bad)).status == 401
    token = issuer.token()
    cloud.advance(61)
    assert call(cloud, api, "/", headers=bearer(token)).status == 401


def test_an_issuers_keys_are_kept_and_asked_for_again_when_rotated(
    cloud: CloudUnderTest, client: Any, backend: Backend, issuer: Issuer
) -> None:
    api = http_api(client)
    guarded(client, api, backend)
    for _ in range(2):
        assert call(cloud, api, "/", headers=bearer(issuer.token())).status == 200
    assert backend.asked.count("/keys") == 1
    issuer.rotate("2")
    assert call(cloud, api, "/", headers=bearer(issuer.token())).status == 401
    assert backend.asked.count("/keys") == 1
    cloud.advance(10)
    assert call(cloud, api, "/", headers=bearer(issuer.token())).status == 200
    assert backend.asked.count("/keys") == 2


def test_another_issuer_may_stand_for_one(
    cloud: CloudUnderTest, client: Any, backend: Backend, issuer: Issuer
) -> None:
    api, name = http_api(client), "https://issuer.example/pool"
    (cloud.folder / "issuers.json").write_text(json.dumps({name: backend.url}))
    guarded(client, api, backend, name)
    for told in (name, backend.url):
        assert call(cloud, api, "/", headers=bearer(issuer.token(iss=told))).status == 200
    other = issuer.token(iss="https://issuer.example/other")
    refused = call(cloud, api, "/", headers=bearer(other))
    assert refused.status == 401
    assert "the token does not have a valid issuer" in refused.headers["www-authenticate"]


@pytest.mark.parametrize(
    ("page", "shown", "problem"),
    [
        ("/.well-known/openid-configuration", {}, "OIDC discovery endpoint"),
        ("/keys", {"keys": "none"}, "JWKS"),
    ],
)
def test_an_issuer_without_keys_lets_nobody_in(
    cloud: CloudUnderTest,
    client: Any,
    backend: Backend,
    issuer: Issuer,
    page: str,
    shown: dict[str, Any],
    problem: str,
) -> None:
    api = http_api(client)
    guarded(client, api, backend)
    backend.pages[page] = shown
    refused = call(cloud, api, "/", headers=bearer(issuer.token()))
    assert refused.status == 401
    assert f"{problem} communication error" in refused.headers["www-authenticate"]


def test_a_route_asks_for_scopes(
    cloud: CloudUnderTest, client: Any, backend: Backend, issuer: Issuer
) -> None:
    api = http_api(client)
    guarded(client, api, backend, AuthorizationScopes=["read", "write"])
    assert call(cloud, api, "/", headers=bearer(issuer.token(scope="a read"))).status == 200
    refused = call(cloud, api, "/", headers=bearer(issuer.token(scope="a b")))
    assert (refused.status, refused.json) == (403, {"message": "Forbidden"})
    assert 'error="insufficient_scope"' in refused.headers["www-authenticate"]


def test_a_function_is_told_the_claims(
    cloud: CloudUnderTest, client: Any, backend: Backend, issuer: Issuer, functions: Functions
) -> None:
    api = http_api(client)
    guarded(client, api, backend)
    route = client.get_routes(ApiId=api)["Items"][0]["RouteId"]
    target = f"integrations/{integrate(client, api, functions.make())}"
    client.update_route(ApiId=api, RouteId=route, Target=target)
    token = issuer.token(groups=["a", "b"], admin=True)
    event = call(cloud, api, "/", headers=bearer(token)).json
    said = event["requestContext"]["authorizer"]["jwt"]
    assert said["scopes"] is None
    assert said["claims"]["groups"] == "[a b]"
    assert (said["claims"]["sub"], said["claims"]["admin"]) == ("ann", "true")


SIMPLE = """
calls = 0
def handler(event, context):
    global calls
    calls += 1
    name = event["identitySource"][0]
    return {"isAuthorized": name != "eve", "context": {"name": name, "calls": calls}}
"""
POLICY = """
def handler(event, context):
    if event["authorizationToken"] == "none":
        raise Exception("Unauthorized")
    if event["authorizationToken"] == "broken":
        raise Exception("broken")
    effect = "Allow" if event["authorizationToken"] == "ann" else "Deny"
    statement = {"Effect": effect, "Action": "execute-api:Invoke", "Resource": event["methodArn"]}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    return {"principalId": "ann", "policyDocument": policy, "context": {"n": 1}}
"""


def by_function(client: Any, api: str, function: str, target: str, **settings: Any) -> None:
    """Serve `GET /` to those a function lets pass."""
    authorizer = client.create_authorizer(
        ApiId=api,
        AuthorizerType="REQUEST",
        AuthorizerUri=uri(function),
        IdentitySource=["$request.header.x-name"],
        Name="names",
        **settings,
    )["AuthorizerId"]
    params = {"AuthorizationType": "CUSTOM", "AuthorizerId": authorizer}
    add_routes(client, api, integrate(client, api, target), "GET /", **params)
    serve(client, api)


def test_a_function_decides_simply_and_its_word_is_kept(
    cloud: CloudUnderTest, client: Any, functions: Functions
) -> None:
    api = http_api(client)
    by_function(
        client,
        api,
        functions.make(SIMPLE, "names"),
        functions.make(),
        AuthorizerPayloadFormatVersion="2.0",
        EnableSimpleResponses=True,
        AuthorizerResultTtlInSeconds=60,
    )
    assert call(cloud, api, "/").status == 401
    refused = call(cloud, api, "/", headers={"x-name": "eve"})
    assert (refused.status, refused.json) == (403, {"message": "Forbidden"})
    for _ in range(2):
        event = call(cloud, api, "/", headers={"x-name": "ann"}).json
        said = event["requestContext"]["authorizer"]["lambda"]
        assert said == {"name": "ann", "calls": 2}
    client.reset_authorizers_cache(ApiId=api, StageName="$default")
    event = call(cloud, api, "/", headers={"x-name": "ann"}).json
    assert event["requestContext"]["authorizer"]["lambda"]["calls"] == 3
    cloud.advance(61)
    event = call(cloud, api, "/", headers={"x-name": "ann"}).json
    assert event["requestContext"]["authorizer"]["lambda"]["calls"] == 4


def test_a_function_decides_by_policy(
    cloud: CloudUnderTest, client: Any, functions: Functions
) -> None:
    api = http_api(client)
    policy = functions.make(POLICY, "names")
    by_function(client, api, policy, functions.make(), AuthorizerPayloadFormatVersion="1.0")
    statuses = {
        name: call(cloud, api, "/", headers={"x-name": name}).status
        for name in ("ann", "eve", "none", "broken")
    }
    assert statuses == {"ann": 200, "eve": 403, "none": 401, "broken": 500}
    event = call(cloud, api, "/", headers={"x-name": "ann"}).json
    assert event["requestContext"]["authorizer"]["lambda"] == {"principalId": "ann", "n": 1}


def test_a_signed_call_is_authorized(
    cloud: CloudUnderTest, client: Any, functions: Functions
) -> None:
    api = http_api(client)
    integration = integrate(client, api, functions.make())
    add_routes(client, api, integration, "GET /pets", AuthorizationType="AWS_IAM")
    serve(client, api)
    iam = cloud.client("iam")
    iam.create_user(UserName="ann")
    key = iam.create_access_key(UserName="ann")["AccessKey"]
    url = f"{cloud.endpoint}/_aws/execute-api/{api}/pets"

    def ask(service: str = "execute-api") -> Any:
        request = AWSRequest("GET", url)
        credentials = Credentials(key["AccessKeyId"], key["SecretAccessKey"])
        SigV4Auth(credentials, service, "us-east-1").add_auth(request)
        return fetch(url, headers=dict(request.headers.items()))

    assert call(cloud, api, "/pets").json == {"message": "Forbidden"}
    assert ask().status == 403
    arn = f"arn:aws:execute-api:us-east-1:{cloud.account}:{api}/$default/GET/pets"
    statement = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": arn}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=document)
    assert ask("sqs").status == 403
    said = ask().json["requestContext"]["authorizer"]["iam"]
    assert said["userArn"] == f"arn:aws:iam::{cloud.account}:user/ann"
    assert said["accessKey"] == key["AccessKeyId"]


def test_what_authorizers_refuse_is_logged_as_theirs(
    cloud: CloudUnderTest, client: Any, backend: Backend, issuer: Issuer
) -> None:
    cloud.client("logs").create_log_group(logGroupName="access")
    api = http_api(client)
    guarded(client, api, backend)
    integration = add_proxy(client, api, backend.url + "/in")
    add_routes(client, api, integration, "GET /signed", AuthorizationType="AWS_IAM")
    line = "$context.authorizer.error $context.error.messageString $context.integration.error"
    line = f"{line} $context.requestId"
    group = f"arn:aws:logs:{cloud.region}:{cloud.account}:log-group:access"
    log = {"DestinationArn": group, "Format": line}
    client.update_stage(ApiId=api, StageName="$default", AccessLogSettings=log)
    call(cloud, api, "/", headers=bearer("abc"))
    call(cloud, api, "/signed")
    cloud.settle()
    events = cloud.client("logs").filter_log_events(logGroupName="access")["events"]
    assert [one["message"].rpartition(" ")[0] for one in events] == [
        'invalid_token: token contains an invalid number of segments "Unauthorized" -',
        "The request for the IAM Authorizer doesn't match the format that API Gateway expects. "
        '"Forbidden" -',
    ]
