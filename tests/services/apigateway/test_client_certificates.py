"""Client certificates, access associations: what an account has besides APIs."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from tests.services.mutual_tls import endpoint

from cloudarium.pytest_plugin import CloudUnderTest

from .support import add_mock, call, deploy, new_api, refused


def test_a_certificate_lives(cloud: CloudUnderTest, client: Any) -> None:
    made = client.generate_client_certificate(description="d", tags={"a": "b"})
    certificate = x509.load_pem_x509_certificate(made["pemEncodedCertificate"].encode())
    assert certificate.subject.rfc4514_string() == "CN=ApiGateway,L=Seattle,C=US"
    assert (made["expirationDate"] - made["createdDate"]).days == 365
    place = {"clientCertificateId": made["clientCertificateId"]}
    patch = [{"op": "replace", "path": "/description", "value": "e"}]
    assert client.update_client_certificate(**place, patchOperations=patch)["description"] == "e"
    arn = f"arn:aws:apigateway:{cloud.region}::/clientcertificates/{made['clientCertificateId']}"
    client.tag_resource(resourceArn=arn, tags={"c": "d"})
    read = client.get_client_certificate(**place)
    assert (read["tags"], "key" in read) == ({"a": "b", "c": "d"}, False)
    assert len(client.get_client_certificates()["items"]) == 1
    client.delete_client_certificate(**place)
    gone = refused(lambda: client.get_client_certificate(**place))
    assert gone == ("NotFoundException", 404, "Invalid Client Certificate identifier specified")


def test_a_stage_has_a_certificate(client: Any) -> None:
    name = client.generate_client_certificate()["clientCertificateId"]
    api, root = new_api(client)
    add_mock(client, api, root)
    deploy(client, api)
    stage = {"restApiId": api, "stageName": "prod"}

    def patched(value: str) -> Any:
        patch = {"op": "replace", "path": "/clientCertificateId", "value": value}
        return client.update_stage(**stage, patchOperations=[patch])

    assert patched(name)["clientCertificateId"] == name
    assert refused(lambda: patched("none"))[0] == "BadRequestException"
    error = refused(lambda: client.delete_client_certificate(clientCertificateId=name))
    assert error[0] == "BadRequestException"
    assert "clientCertificateId" not in patched("")
    client.delete_client_certificate(clientCertificateId=name)


def test_access_associations_are_kept(client: Any) -> None:
    client.create_domain_name(domainName="api.example.com")
    params = {
        "domainNameArn": "arn:aws:apigateway:us-east-1:000000000000:/domainnames/api.example.com",
        "accessAssociationSourceType": "VPCE",
        "accessAssociationSource": "vpce-1",
    }
    made = client.create_domain_name_access_association(**params, tags={"a": "b"})
    name = {"domainNameAccessAssociationArn": made["domainNameAccessAssociationArn"]}
    again = refused(lambda: client.create_domain_name_access_association(**params))
    assert again[0] == "ConflictException"
    (read,) = client.get_domain_name_access_associations()["items"]
    assert (read["accessAssociationSource"], read["tags"]) == ("vpce-1", {"a": "b"})
    other = client.get_domain_name_access_associations(resourceOwner="OTHER_ACCOUNTS")
    assert other["items"] == []
    client.delete_domain_name_access_association(**name)
    made = client.create_domain_name_access_association(**params)
    client.reject_domain_name_access_association(
        domainNameAccessAssociationArn=made["domainNameAccessAssociationArn"],
        domainNameArn=params["domainNameArn"],
    )
    gone = refused(lambda: client.delete_domain_name_access_association(**name))
    assert gone[0] == "NotFoundException"
    elsewhere = {**params, "domainNameArn": "nonsense"}
    error = refused(lambda: client.create_domain_name_access_association(**elsewhere))
    assert error[0] == "BadRequestException"


def test_a_model_has_a_sample(client: Any) -> None:
    api, _ = new_api(client)
    url = f"https://apigateway.amazonaws.com/restapis/{api}/models/"
    pet = {"type": "object", "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}}
    pets = {
        "type": "object",
        "properties": {"pets": {"type": "array", "items": {"$ref": f"{url}Pet"}}},
    }
    for name, schema in (("Pet", pet), ("Pets", pets)):
        text = json.dumps(schema)
        client.create_model(restApiId=api, name=name, contentType="application/json", schema=text)
    empty = client.get_model_template(restApiId=api, modelName="Empty")["value"]
    assert empty == "#set($inputRoot = $input.path('$'))\n{ }"
    sample = client.get_model_template(restApiId=api, modelName="Pet")["value"]
    assert '"id" : 42,\n  "name" : "foo"' in sample
    listed = client.get_model_template(restApiId=api, modelName="Pets")["value"]
    assert "#foreach($elem in $inputRoot.pets)" in listed
    assert refused(lambda: client.get_model_template(restApiId=api, modelName="No"))[1] == 404


def test_an_endpoint_is_shown_the_certificate(
    cloud: CloudUnderTest, client: Any, tmp_path: Path
) -> None:
    cloud.advance(max(0.0, datetime.now(UTC).timestamp() - cloud.now))
    made = client.generate_client_certificate()
    api, root = new_api(client)
    place = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
    client.put_method(**place, authorizationType="NONE")
    with endpoint(tmp_path / "server.pem", made["pemEncodedCertificate"]) as uri:
        proxied = {"type": "HTTP_PROXY", "integrationHttpMethod": "GET", "uri": uri}
        client.put_integration(**place, **proxied, tlsConfig={"insecureSkipVerification": True})
        deploy(client, api)
        assert call(cloud, api, "/prod").status == 504
        name = made["clientCertificateId"]
        patch = {"op": "replace", "path": "/clientCertificateId", "value": name}
        client.update_stage(restApiId=api, stageName="prod", patchOperations=[patch])
        assert call(cloud, api, "/prod").body == b"ApiGateway"
