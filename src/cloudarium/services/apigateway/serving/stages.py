"""The stages served lately, compiled: read once, forgotten when their API changes."""

from __future__ import annotations

import json
import sqlite3

from cloudarium.core.runtime import ServiceRuntime
from cloudarium.services.apigateway.serving import canary
from cloudarium.services.apigateway.serving.compiled import Compiled
from cloudarium.services.apigateway.serving.exchange import ServedStage

_KEPT = 256


class ServedStages:
    """Stages by API and name."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        self._runtime = runtime
        self._kept: dict[tuple[str, str], ServedStage] = {}

    def get(self, api_id: str, name: str) -> ServedStage | None:
        """Return the stage, if there is one; call outside a transaction."""
        key = (api_id, name)
        stage = self._kept.get(key)
        if stage is None and (stage := self._read(api_id, name)) is not None:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            self._kept[key] = stage
        return stage

    def forget(self, api_id: str) -> None:
        """Read an API's stages anew; call after the commit that changed them."""
        for key in [key for key in self._kept if key[0] == api_id]:
            del self._kept[key]

    def _read(self, api_id: str, name: str) -> ServedStage | None:
        with self._runtime.store.transaction() as db:
            row = db.execute(
                "SELECT account, region, name, deployment_id, document FROM stages "
                "JOIN rest_apis ON rest_apis.id = stages.api_id WHERE api_id = ? AND name = ?",
                (api_id, name),
            ).fetchone()
            if row is None:
                return None
            stage = ServedStage(
                api_id,
                row["account"],
                row["region"],
                row["name"],
                row["deployment_id"],
                json.loads(row["document"]),
                _deployment(db, api_id, row["deployment_id"]),
            )
            return canary.added(stage, lambda other: _deployment(db, api_id, other))


def _deployment(db: sqlite3.Connection, api_id: str, deployment_id: str) -> Compiled:
    (snapshot,) = db.execute(
        "SELECT snapshot FROM deployments WHERE api_id = ? AND id = ?", (api_id, deployment_id)
    ).fetchone()
    return Compiled(json.loads(snapshot))
