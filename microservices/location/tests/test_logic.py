import pytest
from fakes import NOW, World
from location.errors import Forbidden, NotFound, Unauthenticated, Unavailable
from location.logic import Location
from location.validation import Position

LONDON = Position(51.5, -0.12, "London")


def test_a_user_is_where_the_last_move_went(world: World) -> None:
    world.locations.move("ada", Position(0, 0), "t-ada", "c")
    moved = world.locations.move("ada", LONDON, "t-ada", "c")
    assert moved == Location("ada", LONDON, NOW)
    assert world.locations.find("ada") == moved


def test_an_unknown_location_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        world.locations.find("ada")


def test_nobody_moves_another_user(world: World) -> None:
    with pytest.raises(Forbidden):
        world.locations.move("ada", LONDON, "t-bob", "c")
    assert not world.store.locations


@pytest.mark.parametrize("token", ["", "expired", "x" * 513])
def test_a_move_needs_an_active_token(world: World, token: str) -> None:
    with pytest.raises(Unauthenticated):
        world.locations.move("ada", LONDON, token, "c")
    assert not world.store.locations


def test_nothing_moves_while_tokens_cannot_be_checked(world: World) -> None:
    world.authentication.refusing = Unavailable("AuthenticationUnavailable", "later", 2)
    with pytest.raises(Unavailable):
        world.locations.move("ada", LONDON, "t-ada", "c")
    assert not world.store.locations
