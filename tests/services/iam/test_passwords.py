"""Users' passwords, the account's policy for them, and what no user here has."""

from __future__ import annotations

from typing import Any

from tests.services.iam.support import fails


def test_a_login_profiles_life(iam: Any) -> None:
    iam.create_user(UserName="ann")
    with fails("NoSuchEntity", "Login Profile for User ann cannot be found."):
        iam.get_login_profile(UserName="ann")
    made = iam.create_login_profile(UserName="ann", Password="Correct1horse")["LoginProfile"]
    assert (made["UserName"], made["PasswordResetRequired"]) == ("ann", False)
    with fails("EntityAlreadyExists", "Login Profile for user ann already exists."):
        iam.create_login_profile(UserName="ann", Password="Correct1horse")
    iam.update_login_profile(UserName="ann", PasswordResetRequired=True)
    found = iam.get_login_profile(UserName="ann")["LoginProfile"]
    assert found == {**made, "PasswordResetRequired": True}
    with fails("DeleteConflict", "Cannot delete entity, must delete login profile first."):
        iam.delete_user(UserName="ann")
    iam.delete_login_profile(UserName="ann")
    iam.delete_user(UserName="ann")


def test_a_password_has_eight_characters_of_three_kinds(iam: Any) -> None:
    iam.create_user(UserName="ann")
    with fails("PasswordPolicyViolation", "Password should have a minimum length of 8"):
        iam.create_login_profile(UserName="ann", Password="short")
    message = (
        "Password should meet 1 more of the following requirements: Password should have at least"
        " one uppercase letter, Password should have at least one symbol"
    )
    with fails("PasswordPolicyViolation", message):
        iam.create_login_profile(UserName="ann", Password="correct1horse")


def test_the_accounts_policy_holds_instead(iam: Any) -> None:
    with fails(
        "NoSuchEntity", "The Password Policy with domain name 000000000000 cannot be found."
    ):
        iam.get_account_password_policy()
    iam.update_account_password_policy(RequireSymbols=True, MaxPasswordAge=60)
    assert iam.get_account_password_policy()["PasswordPolicy"] == {
        "MinimumPasswordLength": 6,
        "RequireSymbols": True,
        "RequireNumbers": False,
        "RequireUppercaseCharacters": False,
        "RequireLowercaseCharacters": False,
        "AllowUsersToChangePassword": False,
        "ExpirePasswords": True,
        "MaxPasswordAge": 60,
    }
    iam.create_user(UserName="ann")
    with fails("PasswordPolicyViolation", "Password should have at least one symbol"):
        iam.create_login_profile(UserName="ann", Password="Correct1horse")
    iam.create_login_profile(UserName="ann", Password="horse!")
    iam.delete_account_password_policy()
    with fails("NoSuchEntity"):
        iam.delete_account_password_policy()


def test_nobody_has_devices_certificates_and_providers(iam: Any) -> None:
    iam.create_user(UserName="ann")
    assert iam.list_mfa_devices(UserName="ann")["MFADevices"] == []
    assert iam.list_signing_certificates(UserName="ann")["Certificates"] == []
    with fails("NoSuchEntity"):
        iam.list_mfa_devices(UserName="bob")
    assert iam.list_virtual_mfa_devices()["VirtualMFADevices"] == []
    assert iam.list_server_certificates()["ServerCertificateMetadataList"] == []
    assert iam.list_open_id_connect_providers()["OpenIDConnectProviderList"] == []
    assert iam.list_saml_providers()["SAMLProviderList"] == []
    summary = iam.get_account_summary()["SummaryMap"]
    assert (summary["AccountMFAEnabled"], summary["MFADevices"]) == (0, 0)
