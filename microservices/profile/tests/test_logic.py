import pytest
from fakes import NOW, World
from profiles.errors import Forbidden, NotFound, Unauthenticated, Unavailable
from profiles.logic import Location, Profile
from profiles.validation import Introduction

ADA = Introduction("Ada Lovelace", "Poetical science.")


def test_a_profile_is_what_its_user_last_wrote(world: World) -> None:
    world.profiles.write("ada", Introduction("Ada"), "t-ada", "c")
    written = world.profiles.write("ada", ADA, "t-ada", "c")
    assert written == Profile("ada", ADA, NOW)
    assert world.profiles.find("ada", "c") == (written, None)


def test_a_profile_comes_with_the_location_if_there_is_one(world: World) -> None:
    world.profiles.write("ada", ADA, "t-ada", "c")
    world.locations.known["ada"] = Location(51.5, -0.12, "London")
    assert world.profiles.find("ada", "c")[1] == Location(51.5, -0.12, "London")


def test_a_location_makes_no_profile(world: World) -> None:
    world.locations.known["ada"] = Location(51.5, -0.12)
    with pytest.raises(NotFound):
        world.profiles.find("ada", "c")


def test_nobody_writes_another_users_profile(world: World) -> None:
    with pytest.raises(Forbidden):
        world.profiles.write("ada", ADA, "t-bob", "c")
    assert not world.store.profiles


@pytest.mark.parametrize("token", ["", "expired", "x" * 513])
def test_writing_needs_an_active_token(world: World, token: str) -> None:
    with pytest.raises(Unauthenticated):
        world.profiles.write("ada", ADA, token, "c")
    assert not world.store.profiles


def test_nothing_is_written_while_tokens_cannot_be_checked(world: World) -> None:
    world.authentication.refusing = Unavailable("AuthenticationUnavailable", "later", 2)
    with pytest.raises(Unavailable):
        world.profiles.write("ada", ADA, "t-ada", "c")
    assert not world.store.profiles
