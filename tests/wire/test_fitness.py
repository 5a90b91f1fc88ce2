"""The quick test of an input and the search for what is wrong with it agree."""

from __future__ import annotations

import random
from typing import Any

import pytest

from cloudarium.wire.fitness import compile_test
from cloudarium.wire.model import Models
from cloudarium.wire.validation import compile_check
from tests.wire import generated

_SEED = 7
_EVERY = 25


def _without_something(chance: random.Random, params: dict[str, Any]) -> dict[str, Any]:
    if params and chance.random() < 0.3:
        del params[chance.choice(list(params))]
    return params


@pytest.mark.parametrize("name", generated.MODELS)
def test_what_does_not_fit_is_found_wrong_and_nothing_else(name: str) -> None:
    chance = random.Random(_SEED)
    generator = generated.Generator(chance)
    model = Models().load(name)
    for operation in generated.operations(name):
        ours = model.operation(operation.name)
        if ours is None or ours.input is None or operation.input_shape is None:
            continue
        fits, violations = compile_test(ours.input), compile_check(ours.input)
        for _ in range(_EVERY):
            params = _without_something(chance, generator.value(operation.input_shape))
            found = violations(params)
            assert (fits is None or fits(params)) == (not found), (operation.name, found)
