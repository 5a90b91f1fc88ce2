"""Cognito user pool authorizers: tokens checked against the keys of the pool's issuer."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from cloudarium.pytest_plugin import CloudUnderTest

from .functions import Functions
from .support import add_mock, call, deploy, imported, new_api

_POOL = "us-east-1_pets"
_ARN = f"arn:aws:cognito-idp:us-east-1:000000000000:userpool/{_POOL}"
_ISSUER = f"https://cognito-idp.us-east-1.amazonaws.com/{_POOL}"
_UNAUTHORIZED = (401, {"message": "Unauthorized"})


class Pool:
    """A user pool's issuer on this machine: it has one key, and signs tokens with it."""

    def __init__(self, cloud: CloudUnderTest) -> None:
        self.cloud = cloud
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        self.keys = json.dumps({"keys": [{**public, "kid": "k1", "alg": "RS256"}]}).encode()
        pool = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                is_known = self.path == f"/{_POOL}/.well-known/jwks.json"
                self.send_response(200 if is_known else 404)
                self.end_headers()
                self.wfile.write(pool.keys if is_known else b"")

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_port}/{_POOL}"

    def token(self, key: Any = None, kid: str = "k1", **claims: Any) -> str:
        """Return an identity token."""
        now = int(self.cloud.now)
        payload = {
            "iss": _ISSUER,
            "sub": "ann",
            "aud": "client",
            "token_use": "id",
            "iat": now,
            "exp": now + 60,
            "email_verified": True,
            "cognito:groups": ["a", "b"],
            **claims,
        }
        return jwt.encode(payload, key or self.key, "RS256", {"kid": kid})


@pytest.fixture
def pool(cloud: CloudUnderTest) -> Iterator[Pool]:
    """An issuer that stands for the pool `us-east-1_pets`."""
    made = Pool(cloud)
    (cloud.folder / "issuers.json").write_text(json.dumps({_ISSUER: made.base}))
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


class Guarded:
    """An API whose `GET /` the pool guards."""

    def __init__(self, pool: Pool, client: Any, *scopes: str, **authorizer: Any) -> None:
        self.cloud = pool.cloud
        self.api, root = new_api(client)
        self.id = client.create_authorizer(
            restApiId=self.api,
            name="users",
            type="COGNITO_USER_POOLS",
            providerARNs=[_ARN],
            identitySource="method.request.header.Authorization",
            **authorizer,
        )["id"]
        body = '{"sub": "$context.authorizer.claims.sub", "verified": '
        body += '"$context.authorizer.claims.email_verified", "groups": '
        body += "\"$context.authorizer.claims['cognito:groups']\"}"
        method = {"authorizationType": "COGNITO_USER_POOLS", "authorizerId": self.id}
        add_mock(client, self.api, root, body=body, authorizationScopes=list(scopes), **method)
        deploy(client, self.api)

    def get(self, token: str | None) -> tuple[int, Any]:
        """Call the API."""
        headers = {} if token is None else {"Authorization": token}
        answer = call(self.cloud, self.api, "/prod", headers=headers)
        return answer.status, answer.json


def test_a_token_of_the_pool_is_let_in(pool: Pool, client: Any) -> None:
    guarded = Guarded(pool, client)
    seen = (200, {"sub": "ann", "verified": "true", "groups": "a,b"})
    assert guarded.get(pool.token()) == seen
    assert guarded.get(f"Bearer {pool.token()}") == seen
    assert guarded.get(pool.token(iss=pool.base)) == seen


def test_other_tokens_are_not(pool: Pool, client: Any) -> None:
    guarded = Guarded(pool, client, identityValidationExpression="client|other")
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    unsigned = jwt.encode({"iss": _ISSUER, "exp": pool.cloud.now + 60}, "", "none")
    shared = jwt.encode({"iss": _ISSUER}, "x" * 32, "HS256", {"kid": "k1"})
    for token in (
        None,
        "nonsense",
        unsigned,
        shared,
        pool.token(stranger),
        pool.token(kid="k2"),
        pool.token(iss="http://127.0.0.1:1/us-east-1_pets"),
        pool.token(aud="stranger"),
        pool.token(token_use="access"),
        pool.token()[:-4] + "AAAA",
    ):
        assert guarded.get(token) == _UNAUTHORIZED
    token = pool.token()
    pool.cloud.advance(60)
    assert guarded.get(token) == (401, {"message": "The incoming token has expired"})


def test_scopes_ask_for_an_access_token(pool: Pool, client: Any) -> None:
    guarded = Guarded(pool, client, "pets/read", "pets/write")
    access = {"token_use": "access"}
    assert guarded.get(pool.token(**access, scope="email pets/read"))[0] == 200
    assert guarded.get(pool.token(**access, scope="email")) == _UNAUTHORIZED
    assert guarded.get(pool.token(scope="pets/read")) == _UNAUTHORIZED


def test_a_pool_without_keys_decides_nothing(pool: Pool, client: Any) -> None:
    pool.keys = b"{}"
    assert Guarded(pool, client).get(pool.token()) == (500, {"message": None})


def test_a_function_sees_the_claims(pool: Pool, client: Any, functions: Functions) -> None:
    source = "import json\ndef handler(event, context):\n"
    source += '    return {"body": json.dumps(event["requestContext"]["authorizer"])}\n'
    arn = functions.make(source)
    uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{arn}/invocations"
    scheme = {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "x-amazon-apigateway-authtype": "cognito_user_pools",
        "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": [_ARN]},
    }
    integration = {"type": "aws_proxy", "httpMethod": "POST", "uri": uri}
    operation = {
        "security": [{"users": ["pets"]}],
        "x-amazon-apigateway-integration": integration,
    }
    document = {
        "openapi": "3.0.1",
        "info": {"title": "guarded"},
        "paths": {"/": {"get": operation}},
        "components": {"securitySchemes": {"users": scheme}},
    }
    api = imported(client, document)
    functions.allow(api)
    deploy(client, api)
    (authorizer,) = client.get_authorizers(restApiId=api)["items"]
    assert (authorizer["type"], authorizer["authType"]) == (
        "COGNITO_USER_POOLS",
        "cognito_user_pools",
    )
    token = pool.token(token_use="access", scope="pets", iat=0)
    told = call(pool.cloud, api, "/prod", headers={"Authorization": token}).json["claims"]
    assert told["iat"] == "Thu Jan 01 00:00:00 UTC 1970"
    assert (told["sub"], told["scope"]) == ("ann", "pets")
    wanted = {"exportType": "oas30", "parameters": {"extensions": "authorizers"}}
    exported = client.get_export(restApiId=api, stageName="prod", **wanted)["body"].read()
    assert json.loads(exported)["paths"]["/"]["get"]["security"] == [{"users": ["pets"]}]
