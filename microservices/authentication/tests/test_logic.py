import pytest
from authentication import passwords
from authentication.errors import Conflict, TooManyRequests, Unauthenticated
from authentication.validation import Credentials
from fakes import World

ADA = Credentials("ada", "difference engine")
WRONG = Credentials("ada", "analytical engine")
NOBODY = Credentials("nobody", "difference engine")


def test_a_name_can_be_registered_once_and_stays_the_first_ones(world: World) -> None:
    world.accounts.register(ADA)
    with pytest.raises(Conflict):
        world.accounts.register(WRONG)
    world.accounts.log_in(ADA)


def test_a_token_tells_whose_it_is(world: World) -> None:
    world.accounts.register(ADA)
    token, session = world.accounts.log_in(ADA)
    assert world.accounts.introspect(token) == session
    assert session.user == "ada"
    assert session.expires == world.clock() + 3600


def test_neither_the_password_nor_the_token_is_stored(world: World) -> None:
    world.accounts.register(ADA)
    token, _ = world.accounts.log_in(ADA)
    assert ADA.password not in repr(world.store)
    assert token not in repr(world.store)


def test_a_token_expires_by_time_though_its_item_is_still_there(world: World) -> None:
    world.accounts.register(ADA)
    token, _ = world.accounts.log_in(ADA)
    world.clock.now += 3599
    assert world.accounts.introspect(token)
    world.clock.now += 1
    assert world.accounts.introspect(token) is None
    assert world.store.sessions


def test_a_token_ends_with_the_log_out_which_can_be_repeated(world: World) -> None:
    world.accounts.register(ADA)
    token, _ = world.accounts.log_in(ADA)
    world.accounts.log_out(token)
    world.accounts.log_out(token)
    assert world.accounts.introspect(token) is None


def test_an_unknown_user_and_a_wrong_password_look_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    costs = []
    real = passwords._scrypt

    def counting(password: str, cost: passwords.Cost, salt: bytes) -> bytes:
        costs.append(cost)
        return real(password, cost, salt)

    world.accounts.register(ADA)
    monkeypatch.setattr(passwords, "_scrypt", counting)
    with pytest.raises(Unauthenticated) as wrong:
        world.accounts.log_in(WRONG)
    with pytest.raises(Unauthenticated) as unknown:
        world.accounts.log_in(NOBODY)
    assert (wrong.value.code, wrong.value.message) == (unknown.value.code, unknown.value.message)
    assert len(costs) == 2
    assert costs[0] == costs[1]


@pytest.mark.parametrize("guess", [WRONG, NOBODY])
def test_guessing_is_limited_known_user_or_not(world: World, guess: Credentials) -> None:
    world.accounts.register(ADA)
    for _ in range(3):
        with pytest.raises(Unauthenticated):
            world.accounts.log_in(guess)
    with pytest.raises(TooManyRequests) as refused:
        world.accounts.log_in(guess)
    assert refused.value.retry_after == 300 - world.clock() % 300
    world.clock.now += refused.value.retry_after
    with pytest.raises(Unauthenticated):
        world.accounts.log_in(guess)


def test_a_successful_login_starts_the_count_again(world: World) -> None:
    world.accounts.register(ADA)
    for _ in range(2):
        for _ in range(2):
            with pytest.raises(Unauthenticated):
                world.accounts.log_in(WRONG)
        world.accounts.log_in(ADA)
