from authentication import passwords
from fakes import CHEAP


def test_a_password_matches_its_own_hash_only() -> None:
    stored = passwords.hashed("correct horse", CHEAP)
    assert passwords.matches("correct horse", stored)
    assert not passwords.matches("correct horsf", stored)


def test_the_parameters_are_stored_with_the_hash() -> None:
    assert passwords.hashed("correct horse", CHEAP).startswith("scrypt$2$1$1$")
    assert passwords.decoy().startswith("scrypt$16384$8$5$")


def test_equal_passwords_have_different_hashes() -> None:
    assert passwords.hashed("correct horse", CHEAP) != passwords.hashed("correct horse", CHEAP)


def test_nothing_matches_the_decoy() -> None:
    assert not passwords.matches("", passwords.decoy(CHEAP))


def test_the_recommended_cost_works_in_a_function_of_this_size() -> None:
    assert passwords.matches("correct horse", passwords.hashed("correct horse"))
