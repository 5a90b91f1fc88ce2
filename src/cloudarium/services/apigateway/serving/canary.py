"""Canaries: a share of a stage's requests that another deployment serves.

Source: Developer Guide, "Set up an API Gateway canary release deployment".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from cloudarium.core.ids import Ids
from cloudarium.services.apigateway.serving.compiled import Compiled
from cloudarium.services.apigateway.serving.exchange import ServedStage

_PARTS = 1 << 32


def added(stage: ServedStage, deployment: Callable[[str], Compiled]) -> ServedStage:
    """Return the stage with its canary, if it has one; `deployment` returns those by id."""
    settings = stage.document.get("canarySettings") or {}
    deployment_id = settings.get("deploymentId")
    if not deployment_id:
        return stage
    variables = stage.document.get("variables") or {}
    overrides = settings.get("stageVariableOverrides") or {}
    canary = replace(
        stage,
        deployment_id=deployment_id,
        document={**stage.document, "variables": {**variables, **overrides}},
        api=deployment(deployment_id),
        is_canary=True,
        shares_cache=bool(settings.get("useStageCache")),
    )
    return replace(stage, canary=canary)


def is_drawn(stage: ServedStage, ids: Ids) -> bool:
    """Tell whether a request is one of those that the stage's canary serves, by its share."""
    share = stage.document["canarySettings"].get("percentTraffic", 0.0) / 100
    return bool(int(ids.hex(8), 16) < share * _PARTS)
