"""Canaries: a share of a stage's requests that another deployment serves.

Source: Developer Guide, "Set up an API Gateway canary release deployment".
"""

from __future__ import annotations

from dataclasses import replace

from cloudarium.core.ids import Ids
from cloudarium.services.apigateway.serving.exchange import ServedStage

_PARTS = 1 << 32


def drawn(stage: ServedStage, ids: Ids) -> ServedStage:
    """Return the stage as one request meets it: itself, or its canary by the canary's share."""
    canary = stage.document.get("canarySettings")
    if not canary or not canary.get("deploymentId"):
        return stage
    if int(ids.hex(8), 16) >= canary.get("percentTraffic", 0.0) / 100 * _PARTS:
        return stage
    variables = stage.document.get("variables") or {}
    overrides = canary.get("stageVariableOverrides") or {}
    return replace(
        stage,
        deployment_id=canary["deploymentId"],
        document={**stage.document, "variables": {**variables, **overrides}},
        is_canary=True,
        shares_cache=bool(canary.get("useStageCache")),
    )
