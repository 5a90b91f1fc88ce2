"""Java's regular expressions of the models, as validation reads them."""

from __future__ import annotations

import pytest

from cloudarium.core.errors import AwsError
from cloudarium.wire.model import Models
from cloudarium.wire.validation import compile_validator


def test_characters_beyond_the_basic_plane_are_in_their_ranges() -> None:
    operation = Models().load("application-autoscaling").operation("DescribeScalableTargets")
    assert operation is not None
    validate = compile_validator(operation.input, "ValidationException")
    request = {"ServiceNamespace": "dynamodb", "ResourceIds": ["table/😀-ü\n"]}
    validate(request)
    with pytest.raises(AwsError, match="regular expression pattern"):
        validate({**request, "ResourceIds": ["table/\x00"]})
