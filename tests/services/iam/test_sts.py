"""Temporary credentials, and who one is."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.services.iam.support import SignIn, allow, fails, policy, trust

from cloudarium.pytest_plugin import CloudUnderTest

ACCOUNT = "000000000000"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/job"


def _key(answer: dict[str, Any]) -> tuple[str, str, str]:
    given = answer["Credentials"]
    return given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"]


def refused() -> Any:
    """Expect a denial, whatever code the service's protocol gives it."""
    return pytest.raises(ClientError, match="is not authorized to perform: sqs:")


@pytest.fixture
def role(iam: Any) -> str:
    """A role the account may assume, which may do all of IAM."""
    iam.create_role(
        RoleName="job", AssumeRolePolicyDocument=trust({"AWS": ACCOUNT}), MaxSessionDuration=7200
    )
    document = policy(allow("iam:*"), allow("sts:AssumeRole"))
    iam.put_role_policy(RoleName="job", PolicyName="own", PolicyDocument=document)
    return ROLE


def test_root_tells_who_it_is(sts: Any) -> None:
    found = sts.get_caller_identity()
    assert found["Arn"] == f"arn:aws:iam::{ACCOUNT}:root" and found["UserId"] == ACCOUNT


def test_a_role_is_assumed(cloud: CloudUnderTest, iam: Any, sts: Any, role: str) -> None:
    answer = sts.assume_role(RoleArn=role, RoleSessionName="run")
    assert answer["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/job/run"
    assert answer["Credentials"]["Expiration"].timestamp() == cloud.now + 3600
    assert answer["Credentials"]["AccessKeyId"].startswith("ASIA")
    assert "PackedPolicySize" not in answer
    key = _key(answer)
    mine = cloud.client("sts", credentials=key).get_caller_identity()
    role_id = iam.get_role(RoleName="job")["Role"]["RoleId"]
    assert mine["UserId"] == f"{role_id}:run" == answer["AssumedRoleUser"]["AssumedRoleId"]
    cloud.client("iam", credentials=key).list_users()
    used = iam.get_role(RoleName="job")["Role"]["RoleLastUsed"]
    assert used["Region"] == "us-east-1" and used["LastUsedDate"].timestamp() == cloud.now


def test_temporary_credentials_expire(cloud: CloudUnderTest, sts: Any, role: str) -> None:
    answer = sts.assume_role(RoleArn=role, RoleSessionName="run", DurationSeconds=900)
    client = cloud.client("sts", credentials=_key(answer))
    cloud.advance(899)
    client.get_caller_identity()
    cloud.advance(1)
    with fails("ExpiredToken", "The security token included in the request is expired"):
        client.get_caller_identity()


def test_temporary_credentials_outlive_a_restart(
    cloud: CloudUnderTest, sts: Any, role: str
) -> None:
    key = _key(sts.assume_role(RoleArn=role, RoleSessionName="run"))
    cloud.restart()
    cloud.client("iam", credentials=key).list_users()


def test_a_token_cannot_be_forged(cloud: CloudUnderTest, sts: Any, role: str) -> None:
    key, secret, token = _key(sts.assume_role(RoleArn=role, RoleSessionName="run"))
    other = _key(sts.assume_role(RoleArn=role, RoleSessionName="other"))
    for forged in (
        (key, secret, "A" + token[1:]),
        (key, secret, "nonsense"),
        (key, secret, other[2]),
        (key, secret),
    ):
        with fails("InvalidClientTokenId"):
            cloud.client("sts", credentials=forged).get_caller_identity()


def test_sessions_end_with_their_role(cloud: CloudUnderTest, iam: Any, sts: Any, role: str) -> None:
    mine = cloud.client(
        "iam", credentials=_key(sts.assume_role(RoleArn=role, RoleSessionName="run"))
    )
    mine.list_users()
    iam.delete_role_policy(RoleName="job", PolicyName="own")
    iam.delete_role(RoleName="job")
    iam.create_role(RoleName="job", AssumeRolePolicyDocument=trust({"AWS": ACCOUNT}))
    iam.put_role_policy(RoleName="job", PolicyName="own", PolicyDocument=policy(allow()))
    with fails("AccessDenied"):
        mine.list_users()


def test_who_may_assume_a_role(cloud: CloudUnderTest, iam: Any, role: str, sign_in: SignIn) -> None:
    mine = cloud.client("sts", credentials=sign_in("ann"))
    head = f"User: arn:aws:iam::{ACCOUNT}:user/ann is not authorized to perform: "
    head += f"sts:AssumeRole on resource: {role}"
    why = "because no identity-based policy allows the sts:AssumeRole action"
    with fails("AccessDenied", f"{head} {why}", 403):
        mine.assume_role(RoleArn=role, RoleSessionName="run")
    document = policy(allow("sts:AssumeRole", role))
    iam.put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=document)
    mine.assume_role(RoleArn=role, RoleSessionName="run")
    iam.update_assume_role_policy(RoleName="job", PolicyDocument=trust())
    why = "because no role trust policy allows the sts:AssumeRole action"
    with fails("AccessDenied", f"{head} {why}"):
        mine.assume_role(RoleArn=role, RoleSessionName="run")
    iam.delete_user_policy(UserName="ann", PolicyName="p")
    named = trust({"AWS": f"arn:aws:iam::{ACCOUNT}:user/ann"})
    iam.update_assume_role_policy(RoleName="job", PolicyDocument=named)
    mine.assume_role(RoleArn=role, RoleSessionName="run")
    with fails("AccessDenied", f"{head}2"):
        mine.assume_role(RoleArn=f"{role}2", RoleSessionName="run")


def test_a_bad_role_arn(sts: Any) -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:user/job"
    with fails("ValidationError", f"{arn} is invalid", 400):
        sts.assume_role(RoleArn=arn, RoleSessionName="run")


def test_across_accounts_with_an_external_id(cloud: CloudUnderTest, iam: Any) -> None:
    condition = {"StringEquals": {"sts:ExternalId": "secret"}}
    document = trust({"AWS": "111122223333"}, Condition=condition)
    iam.create_role(RoleName="job", AssumeRolePolicyDocument=document)
    theirs = cloud.client("sts", credentials=("111122223333", "test"))
    with fails("AccessDenied"):
        theirs.assume_role(RoleArn=ROLE, RoleSessionName="run")
    with fails("AccessDenied"):
        theirs.assume_role(RoleArn=ROLE, RoleSessionName="run", ExternalId="guess")
    answer = theirs.assume_role(RoleArn=ROLE, RoleSessionName="run", ExternalId="secret")
    client = cloud.client("sts", credentials=_key(answer))
    assert client.get_caller_identity()["Account"] == ACCOUNT
    other = cloud.client("sts", credentials=("444455556666", "test"))
    with fails("AccessDenied"):
        other.assume_role(RoleArn=ROLE, RoleSessionName="run", ExternalId="secret")


def test_session_policies_limit(cloud: CloudUnderTest, sts: Any, role: str) -> None:
    answer = sts.assume_role(
        RoleArn=role, RoleSessionName="run", Policy=policy(allow("iam:ListUsers"))
    )
    assert answer["PackedPolicySize"] > 0
    mine = cloud.client("iam", credentials=_key(answer))
    mine.list_users()
    why = "because no session policy allows the iam:ListRoles action"
    message = f"User: arn:aws:sts::{ACCOUNT}:assumed-role/job/run is not authorized to perform: "
    message += f"iam:ListRoles on resource: arn:aws:iam::{ACCOUNT}:role/ {why}"
    with fails("AccessDenied", message):
        mine.list_roles()
    arns = [{"arn": "arn:aws:iam::aws:policy/IAMReadOnlyAccess"}]
    answer = sts.assume_role(RoleArn=role, RoleSessionName="run", PolicyArns=arns)
    read_only = cloud.client("iam", credentials=_key(answer))
    read_only.list_roles()
    with fails("AccessDenied"):
        read_only.create_user(UserName="x")


def test_bad_session_policies(sts: Any, role: str) -> None:
    with fails("MalformedPolicyDocument"):
        sts.assume_role(RoleArn=role, RoleSessionName="run", Policy="{}")
    with fails("ValidationError"):
        long = policy(allow("sqs:*", "arn:aws:sqs:::" + "q" * 2048))
        sts.assume_role(RoleArn=role, RoleSessionName="run", Policy=long)
    arn = f"arn:aws:iam::{ACCOUNT}:policy/missing"
    with fails("ValidationError", f"Policy {arn} does not exist or is not attachable."):
        missing = [{"arn": arn}]
        sts.assume_role(RoleArn=role, RoleSessionName="run", PolicyArns=missing)


def test_session_tags(cloud: CloudUnderTest, iam: Any, sts: Any) -> None:
    tagging = trust({"AWS": ACCOUNT}, action=["sts:AssumeRole", "sts:TagSession"])
    iam.create_role(
        RoleName="job", AssumeRolePolicyDocument=tagging, Tags=[{"Key": "a", "Value": "role"}]
    )
    right = allow(
        "iam:ListUsers",
        Condition={"StringEquals": {"aws:PrincipalTag/a": "role", "aws:PrincipalTag/b": "me"}},
    )
    iam.put_role_policy(RoleName="job", PolicyName="p", PolicyDocument=policy(right))
    plain = sts.assume_role(RoleArn=ROLE, RoleSessionName="run")
    with fails("AccessDenied"):
        cloud.client("iam", credentials=_key(plain)).list_users()
    tags = [{"Key": "b", "Value": "me"}]
    tagged = sts.assume_role(RoleArn=ROLE, RoleSessionName="run", Tags=tags)
    cloud.client("iam", credentials=_key(tagged)).list_users()
    big = [{"Key": f"key{number}", "Value": "v" * 250} for number in range(20)]
    twice = [{"Key": key, "Value": ""} for key in ("a", "A")]
    with fails("InvalidParameterValue"):
        sts.assume_role(RoleArn=ROLE, RoleSessionName="run", Tags=twice)
    with fails("PackedPolicyTooLarge"):
        sts.assume_role(RoleArn=ROLE, RoleSessionName="run", Tags=big)
    with fails("ValidationError", "TransitiveTagKeys is not supported by Cloudarium."):
        sts.assume_role(RoleArn=ROLE, RoleSessionName="run", Tags=tags, TransitiveTagKeys=["b"])
    iam.update_assume_role_policy(RoleName="job", PolicyDocument=trust({"AWS": ACCOUNT}))
    with fails("AccessDenied"):
        sts.assume_role(RoleArn=ROLE, RoleSessionName="run", Tags=tags)


def test_durations(cloud: CloudUnderTest, sts: Any, role: str) -> None:
    answer = sts.assume_role(RoleArn=role, RoleSessionName="run", DurationSeconds=7200)
    with fails(
        "ValidationError",
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    ):
        sts.assume_role(RoleArn=role, RoleSessionName="run", DurationSeconds=7201)
    unchecked = cloud.client("sts", parameter_validation=False)
    with fails("ValidationError"):
        unchecked.assume_role(RoleArn=role, RoleSessionName="run", DurationSeconds=899)
    chained = cloud.client("sts", credentials=_key(answer))
    with fails(
        "ValidationError",
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by "
        "role chaining",
    ):
        chained.assume_role(RoleArn=role, RoleSessionName="run", DurationSeconds=3601)
    chained.assume_role(RoleArn=role, RoleSessionName="again")


def test_session_tokens_of_users(cloud: CloudUnderTest, iam: Any, sign_in: SignIn) -> None:
    mine = cloud.client("sts", credentials=sign_in("ann", allow("sqs:ListQueues")))
    answer = mine.get_session_token(DurationSeconds=1000)
    assert answer["Credentials"]["Expiration"].timestamp() == cloud.now + 1000
    session = _key(answer)
    cloud.client("sqs", credentials=session).list_queues()
    with refused():
        cloud.client("sqs", credentials=session).create_queue(QueueName="q")
    with fails("InvalidClientTokenId"):
        cloud.client("iam", credentials=session).list_users()
    client = cloud.client("sts", credentials=session)
    assert client.get_caller_identity()["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/ann"
    with fails("AccessDenied", "Cannot call GetSessionToken with session credentials"):
        client.get_session_token()
    with fails("AccessDenied"):
        mine.get_session_token(SerialNumber=f"arn:aws:iam::{ACCOUNT}:mfa/x", TokenCode="123456")


def test_root_sessions_last_an_hour(cloud: CloudUnderTest, sts: Any) -> None:
    answer = sts.get_session_token(DurationSeconds=7200)
    assert answer["Credentials"]["Expiration"].timestamp() == cloud.now + 3600
    identity = cloud.client("sts", credentials=_key(answer)).get_caller_identity()
    assert identity["Arn"] == f"arn:aws:iam::{ACCOUNT}:root"


def test_federated_users(cloud: CloudUnderTest, iam: Any, sign_in: SignIn) -> None:
    right = (allow("sts:GetFederationToken"), allow("sqs:*"))
    mine = cloud.client("sts", credentials=sign_in("ann", *right))
    answer = mine.get_federation_token(Name="web", Policy=policy(allow("sqs:ListQueues")))
    assert answer["FederatedUser"] == {
        "FederatedUserId": f"{ACCOUNT}:web",
        "Arn": f"arn:aws:sts::{ACCOUNT}:federated-user/web",
    }
    web = cloud.client("sqs", credentials=_key(answer))
    web.list_queues()
    with refused():
        web.create_queue(QueueName="q")
    nothing = cloud.client("sqs", credentials=_key(mine.get_federation_token(Name="web")))
    with refused():
        nothing.list_queues()
    iam.delete_user_policy(UserName="ann", PolicyName="own")
    with refused():
        web.list_queues()
    with fails("AccessDenied"):
        mine.get_federation_token(Name="web")


def test_federated_users_of_one_name_have_what_their_own_issuer_has(
    cloud: CloudUnderTest, sign_in: SignIn
) -> None:
    issue, everything = allow("sts:GetFederationToken"), policy(allow())
    rich = cloud.client("sts", credentials=sign_in("ann", issue, allow("sqs:*")))
    poor = cloud.client("sts", credentials=sign_in("bob", issue))
    token = rich.get_federation_token(Name="web", Policy=everything)
    cloud.client("sqs", credentials=_key(token)).list_queues()
    token = poor.get_federation_token(Name="web", Policy=everything)
    with refused():
        cloud.client("sqs", credentials=_key(token)).list_queues()


def test_root_may_federate(cloud: CloudUnderTest, sts: Any) -> None:
    answer = sts.get_federation_token(Name="web", Policy=policy(allow("sqs:ListQueues")))
    web = cloud.client("sqs", credentials=_key(answer))
    web.list_queues()
    with refused():
        web.create_queue(QueueName="q")


def test_a_key_tells_its_account(cloud: CloudUnderTest, sign_in: SignIn, sts: Any) -> None:
    theirs = cloud.client("iam", credentials=("111122223333", "test"))
    theirs.create_user(UserName="eve")
    key = theirs.create_access_key(UserName="eve")["AccessKey"]["AccessKeyId"]
    assert sts.get_access_key_info(AccessKeyId=key)["Account"] == "111122223333"
    with fails("AccessDenied"):
        mine = cloud.client("sts", credentials=sign_in("ann"))
        mine.get_access_key_info(AccessKeyId=key)
