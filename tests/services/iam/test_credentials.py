"""Access keys, SSH public keys and service-specific credentials."""

from __future__ import annotations

import hashlib
from base64 import b64decode
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.services.iam.support import SignIn, allow, fails

from cloudarium.pytest_plugin import CloudUnderTest


def _rsa(bits: int = 2048) -> rsa.RSAPublicKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits).public_key()


@pytest.fixture(scope="module")
def public_key() -> str:
    """An RSA public key as OpenSSH writes it."""
    return _rsa().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


@pytest.fixture
def ann(iam: Any) -> None:
    """A user called ann."""
    iam.create_user(UserName="ann")


@pytest.mark.usefixtures("ann")
def test_an_access_keys_life(cloud: CloudUnderTest, iam: Any) -> None:
    made = iam.create_access_key(UserName="ann")["AccessKey"]
    assert made["AccessKeyId"].startswith("AKIA") and len(made["AccessKeyId"]) == 20
    assert len(made["SecretAccessKey"]) == 40 and made["Status"] == "Active"
    listed = iam.list_access_keys(UserName="ann")["AccessKeyMetadata"]
    assert [key["AccessKeyId"] for key in listed] == [made["AccessKeyId"]]
    assert "SecretAccessKey" not in listed[0]
    credentials = (made["AccessKeyId"], made["SecretAccessKey"])
    sts = cloud.client("sts", credentials=credentials)
    identity = sts.get_caller_identity()
    assert identity["Arn"] == "arn:aws:iam::000000000000:user/ann"
    iam.update_access_key(UserName="ann", AccessKeyId=credentials[0], Status="Inactive")
    with fails("InvalidClientTokenId", status=403):
        sts.get_caller_identity()
    iam.update_access_key(UserName="ann", AccessKeyId=credentials[0], Status="Active")
    sts.get_caller_identity()
    iam.delete_access_key(UserName="ann", AccessKeyId=credentials[0])
    with fails("InvalidClientTokenId"):
        sts.get_caller_identity()
    with fails("NoSuchEntity", f"The Access Key with id {credentials[0]} cannot be found."):
        iam.delete_access_key(UserName="ann", AccessKeyId=credentials[0])


@pytest.mark.usefixtures("ann")
def test_a_wrong_secret_is_refused(cloud: CloudUnderTest, iam: Any) -> None:
    key = iam.create_access_key(UserName="ann")["AccessKey"]["AccessKeyId"]
    with fails("SignatureDoesNotMatch", status=403):
        cloud.client("sts", credentials=(key, "wrong")).get_caller_identity()


@pytest.mark.usefixtures("ann")
def test_two_access_keys_at_most(iam: Any) -> None:
    for _ in range(2):
        iam.create_access_key(UserName="ann")
    with fails("LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2", 409):
        iam.create_access_key(UserName="ann")


def test_last_use_of_an_access_key(cloud: CloudUnderTest, iam: Any, sign_in: SignIn) -> None:
    key = sign_in("ann", allow("iam:*"))
    unused = iam.get_access_key_last_used(AccessKeyId=key[0])
    assert unused["UserName"] == "ann"
    assert unused["AccessKeyLastUsed"] == {"ServiceName": "N/A", "Region": "N/A"}
    cloud.advance(100)
    cloud.client("iam", credentials=key).list_users()
    used = iam.get_access_key_last_used(AccessKeyId=key[0])["AccessKeyLastUsed"]
    assert used["ServiceName"] == "iam" and used["Region"] == "us-east-1"
    assert used["LastUsedDate"].timestamp() == cloud.now
    with fails("NoSuchEntity"):
        iam.get_access_key_last_used(AccessKeyId="AKIAAAAAAAAAAAAAAAAA")


@pytest.mark.usefixtures("ann")
def test_an_ssh_keys_life(iam: Any, public_key: str) -> None:
    made = iam.upload_ssh_public_key(UserName="ann", SSHPublicKeyBody=f"{public_key} ann@home")
    key = made["SSHPublicKey"]
    key_id = key["SSHPublicKeyId"]
    assert key_id.startswith("APKA") and len(key_id) == 21 and key["Status"] == "Active"
    digest = hashlib.md5(b64decode(public_key.split()[1]), usedforsecurity=False).hexdigest()
    assert key["Fingerprint"].replace(":", "") == digest
    got = iam.get_ssh_public_key(UserName="ann", SSHPublicKeyId=key_id, Encoding="SSH")
    assert got["SSHPublicKey"]["SSHPublicKeyBody"] == f"{public_key} ann@home"
    pem = iam.get_ssh_public_key(UserName="ann", SSHPublicKeyId=key_id, Encoding="PEM")
    body = pem["SSHPublicKey"]["SSHPublicKeyBody"]
    assert body.startswith("-----BEGIN PUBLIC KEY-----")
    with fails("DuplicateSSHPublicKey", status=400):
        iam.upload_ssh_public_key(UserName="ann", SSHPublicKeyBody=body)
    iam.update_ssh_public_key(UserName="ann", SSHPublicKeyId=key_id, Status="Inactive")
    listed = iam.list_ssh_public_keys(UserName="ann")["SSHPublicKeys"]
    assert [(each["SSHPublicKeyId"], each["Status"]) for each in listed] == [(key_id, "Inactive")]
    with fails("DeleteConflict"):
        iam.delete_user(UserName="ann")
    iam.delete_ssh_public_key(UserName="ann", SSHPublicKeyId=key_id)
    with fails("NoSuchEntity", f"The Public Key with id {key_id} cannot be found."):
        iam.get_ssh_public_key(UserName="ann", SSHPublicKeyId=key_id, Encoding="SSH")


@pytest.mark.usefixtures("ann")
def test_bad_ssh_keys(iam: Any) -> None:
    with fails("UnrecognizedPublicKeyEncoding"):
        iam.upload_ssh_public_key(UserName="ann", SSHPublicKeyBody="hello")
    with fails("InvalidPublicKey"):
        iam.upload_ssh_public_key(UserName="ann", SSHPublicKeyBody="ssh-rsa AAAA")
    with fails("UnrecognizedPublicKeyEncoding"):
        iam.upload_ssh_public_key(UserName="ann", SSHPublicKeyBody="ssh-rsa AAAA\nssh-rsa AAAA")
    elliptic = ec.generate_private_key(ec.SECP256R1()).public_key()
    body = elliptic.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    with fails("InvalidPublicKey"):
        iam.upload_ssh_public_key(UserName="ann", SSHPublicKeyBody=body)
    assert iam.list_ssh_public_keys(UserName="ann")["SSHPublicKeys"] == []


def _identity(cloud: CloudUnderTest) -> Any:
    return cloud.kernel.identity


@pytest.mark.usefixtures("ann")
def test_git_learns_whose_ssh_key_it_is(cloud: CloudUnderTest, iam: Any, public_key: str) -> None:
    made = iam.upload_ssh_public_key(UserName="ann", SSHPublicKeyBody=public_key)
    key_id = made["SSHPublicKey"]["SSHPublicKeyId"]

    async def found() -> Any:
        return _identity(cloud).ssh_key(key_id)

    text, principal = cloud.run(found())
    assert text == public_key and principal.arn.endswith(":user/ann")
    iam.update_ssh_public_key(UserName="ann", SSHPublicKeyId=key_id, Status="Inactive")
    assert cloud.run(found()) is None


@pytest.mark.usefixtures("ann")
def test_service_specific_credentials(cloud: CloudUnderTest, iam: Any) -> None:
    service = "codecommit.amazonaws.com"
    made = iam.create_service_specific_credential(UserName="ann", ServiceName=service)
    credential = made["ServiceSpecificCredential"]
    identifier, name = credential["ServiceSpecificCredentialId"], credential["ServiceUserName"]
    assert identifier.startswith("ACCA") and name == "ann-at-000000000000"

    async def accepted(password: str) -> bool:
        return _identity(cloud).git_credential(name, password) is not None

    assert cloud.run(accepted(credential["ServicePassword"]))
    assert not cloud.run(accepted("wrong"))
    second = iam.create_service_specific_credential(UserName="ann", ServiceName=service)
    other = second["ServiceSpecificCredential"]["ServiceUserName"]
    assert other == "ann+1-at-000000000000"
    with fails("LimitExceeded"):
        iam.create_service_specific_credential(UserName="ann", ServiceName=service)
    listed = iam.list_service_specific_credentials(UserName="ann", ServiceName=service)
    assert {each["ServiceUserName"] for each in listed["ServiceSpecificCredentials"]} == {
        name,
        other,
    }
    assert all("ServicePassword" not in each for each in listed["ServiceSpecificCredentials"])
    reset = iam.reset_service_specific_credential(
        UserName="ann", ServiceSpecificCredentialId=identifier
    )["ServiceSpecificCredential"]
    assert not cloud.run(accepted(credential["ServicePassword"]))
    assert cloud.run(accepted(reset["ServicePassword"]))
    iam.update_service_specific_credential(
        UserName="ann", ServiceSpecificCredentialId=identifier, Status="Inactive"
    )
    assert not cloud.run(accepted(reset["ServicePassword"]))
    iam.delete_service_specific_credential(UserName="ann", ServiceSpecificCredentialId=identifier)
    with fails("NoSuchEntity"):
        iam.delete_service_specific_credential(
            UserName="ann", ServiceSpecificCredentialId=identifier
        )
    with fails("NotSupportedService", "No such service moon.amazonaws.com is supported", 404):
        iam.create_service_specific_credential(UserName="ann", ServiceName="moon.amazonaws.com")
