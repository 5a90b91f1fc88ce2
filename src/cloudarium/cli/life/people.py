"""Who takes part: a developer who may push, and a visitor who may not."""

from __future__ import annotations

import json
from urllib.parse import quote

from botocore.exceptions import ClientError

from cloudarium.cli.life.clients import Clients

_RIGHTS = {
    "developer": ["codecommit:GitPull", "codecommit:GitPush"],
    "visitor": ["codecommit:GitPull"],
}


def _ensure_user(clients: Clients, name: str) -> None:
    iam = clients("iam")
    try:
        iam.create_user(UserName=name)
    except ClientError as error:
        if error.response["Error"]["Code"] != "EntityAlreadyExists":
            raise
    statement = {"Effect": "Allow", "Action": _RIGHTS[name], "Resource": "*"}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    iam.put_user_policy(UserName=name, PolicyName="git", PolicyDocument=json.dumps(policy))


def developer(clients: Clients, public_key: str) -> str:
    """Return the id (`APKA…`) of the developer's SSH public key, uploaded on first use."""
    _ensure_user(clients, "developer")
    iam = clients("iam")
    for key in iam.list_ssh_public_keys(UserName="developer")["SSHPublicKeys"]:
        identifier: str = key["SSHPublicKeyId"]
        found = iam.get_ssh_public_key(
            UserName="developer", SSHPublicKeyId=identifier, Encoding="SSH"
        )["SSHPublicKey"]["SSHPublicKeyBody"]
        if found.split()[1] == public_key.split()[1]:
            return identifier
    uploaded = iam.upload_ssh_public_key(UserName="developer", SSHPublicKeyBody=public_key)
    made: str = uploaded["SSHPublicKey"]["SSHPublicKeyId"]
    return made


def visitor(clients: Clients) -> str:
    """Return `user:password` of fresh git credentials of the visitor, quoted for a URL."""
    _ensure_user(clients, "visitor")
    iam = clients("iam")
    service = "codecommit.amazonaws.com"
    known = iam.list_service_specific_credentials(UserName="visitor", ServiceName=service)
    for credential in known["ServiceSpecificCredentials"]:
        iam.delete_service_specific_credential(
            UserName="visitor",
            ServiceSpecificCredentialId=credential["ServiceSpecificCredentialId"],
        )
    made = iam.create_service_specific_credential(UserName="visitor", ServiceName=service)
    credential = made["ServiceSpecificCredential"]
    user, password = credential["ServiceUserName"], credential["ServicePassword"]
    return f"{quote(user, safe='')}:{quote(password, safe='')}"
