"""The stages served lately, compiled: read once, forgotten when their API changes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from cloudarium.core.runtime import ServiceRuntime
from cloudarium.services.apigatewayv2.serving.compiled import Compiled

Document = dict[str, Any]

_KEPT = 256


@dataclass(frozen=True)
class ServedStage:
    """A stage and the deployment it serves. `document` is the reference's Stage."""

    account: str
    region: str
    api_id: str
    name: str
    deployment_id: str
    document: Document
    api: Compiled


class Served:
    """What the data plane knows of the database."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        self._runtime = runtime
        self._names: set[str] | None = None
        self._stages: dict[tuple[str, str], ServedStage | None] = {}

    def knows(self, name: str) -> bool:
        """Tell whether an API has this id."""
        if self._names is None:
            self._names = self._read_names()
        return name in self._names

    def stage(self, api_id: str, name: str) -> ServedStage | None:
        """Return a stage that serves a deployment, if there is one of this name."""
        key = (api_id, name)
        if key not in self._stages:
            if len(self._stages) >= _KEPT:
                self._stages.clear()
            self._stages[key] = self._read_stage(api_id, name)
        return self._stages[key]

    def forget(self, name: str) -> None:
        """Read an API anew; call after the commit that changed it."""
        self._names = None
        for key in [key for key in self._stages if key[0] == name]:
            del self._stages[key]

    def _read_names(self) -> set[str]:
        if not self._runtime.database.exists():
            return set()
        with self._runtime.store.transaction() as db:
            rows = db.execute("SELECT id FROM apis").fetchall()
        return {row["id"] for row in rows}

    def _read_stage(self, api_id: str, name: str) -> ServedStage | None:
        with self._runtime.store.transaction() as db:
            row = db.execute(
                "SELECT account, region, stages.deployment_id, stages.document, snapshot "
                "FROM stages JOIN apis ON apis.id = stages.api_id "
                "JOIN deployments ON deployments.api_id = stages.api_id "
                "AND deployments.id = stages.deployment_id "
                "WHERE stages.api_id = ? AND stages.name = ?",
                (api_id, name),
            ).fetchone()
        if row is None:
            return None
        return ServedStage(
            row["account"],
            row["region"],
            api_id,
            name,
            row["deployment_id"],
            json.loads(row["document"]),
            Compiled(json.loads(row["snapshot"])),
        )
