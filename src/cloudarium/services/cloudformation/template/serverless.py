"""The AWS::Serverless-2016-10-31 transform, done by AWS's own translator.

The translator is large, so it is imported on first use only. It would ask the Serverless
Application Repository over the network for applications of that kind; those are refused before.
"""

from __future__ import annotations

import copy
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cloudarium.services.cloudformation.errors import invalid
from cloudarium.services.cloudformation.template.model import SERVERLESS

_PREFIX = f"Transform {SERVERLESS} failed with: "


@dataclass(frozen=True)
class _Session:
    """What the translator asks of a boto session: the region it works for."""

    region_name: str


def translated(
    document: Mapping[str, Any], values: Mapping[str, str], region: str
) -> dict[str, Any]:
    """Return `document` with its SAM resources expanded; `values` are the parameters' values.

    Takes some hundred milliseconds on first use: call it off the event loop.
    """
    from samtranslator.metrics.metrics import DummyMetricsPublisher, Metrics
    from samtranslator.model.exceptions import InvalidDocumentException
    from samtranslator.parser.parser import Parser
    from samtranslator.translator.translator import Translator
    from samtranslator.utils.py27hash_fix import (
        to_py27_compatible_template,
        undo_mark_unicode_str_in_template,
    )

    _refuse_repository_applications(document)
    # It warns of its own feature toggles at every use, which is of no interest to anybody here.
    logging.getLogger("samtranslator").setLevel(logging.ERROR)
    source, parameters = copy.deepcopy(dict(document)), dict(values)
    metrics = Metrics("ServerlessTransform", DummyMetricsPublisher())
    try:
        to_py27_compatible_template(source, parameters)
        translator = Translator(None, Parser(), boto_session=_Session(region), metrics=metrics)
        result = translator.translate(source, parameter_values=parameters)
    except InvalidDocumentException as error:
        causes = " ".join(cause.message for cause in error.causes)
        raise invalid(f"{_PREFIX}{error.message} {causes}") from None
    finally:
        metrics.publish()
    plain: dict[str, Any] = json.loads(json.dumps(undo_mark_unicode_str_in_template(result)))
    return plain


def _refuse_repository_applications(document: Mapping[str, Any]) -> None:
    for name, resource in document.get("Resources", {}).items():
        if not isinstance(resource, dict) or resource.get("Type") != "AWS::Serverless::Application":
            continue
        if not isinstance(resource.get("Properties", {}).get("Location"), str):
            raise invalid(
                f"{_PREFIX}Resource with id [{name}] is invalid. Applications of the Serverless "
                "Application Repository are not supported; Location must be a template URL."
            )
