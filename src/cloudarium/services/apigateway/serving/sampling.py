"""Which requests to traced stages are traced: X-Ray's sampling rules.

https://docs.aws.amazon.com/xray/latest/devguide/xray-console-sampling.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.matching import wildcards
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.core.tracing import Reservoir

_FETCHED_EVERY_SECONDS = 10.0
_MATCHED = ("ResourceARN", "ServiceName", "ServiceType", "Host", "HTTPMethod", "URLPath")


class Rule:
    """A sampling rule, and how much of its reservoir is taken."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.name = str(document["RuleName"])
        self.priority = int(document["Priority"])
        self.rate = float(document["FixedRate"])
        self.size = int(document["ReservoirSize"])
        self.reservoir = Reservoir()
        self._has_attributes = bool(document.get("Attributes"))
        self._patterns = {name: wildcards(document[name], re.IGNORECASE) for name in _MATCHED}

    def fits(self, request: Mapping[str, str]) -> bool:
        """Whether it is the rule of a request, told by what rules match (`Host`, ...).

        One that asks for attributes never is: they are the instrumented applications' own.
        """
        return not self._has_attributes and all(
            pattern.fullmatch(request[name]) for name, pattern in self._patterns.items()
        )


@dataclass(frozen=True)
class _Rules:
    fetched_at: float
    rules: list[Rule]


class SamplingRules:
    """The rules of accounts and regions, fetched from X-Ray every ten seconds they are needed."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        self._kept: dict[tuple[str, str], _Rules] = {}

    async def sampled(self, ctx: Context, request: Mapping[str, str]) -> str | None:
        """The name of the rule by which a request is traced, None if it is not."""
        for rule in await self._rules(ctx):
            if rule.fits(request):
                taken = rule.reservoir.takes(rule.size, rule.rate, ctx.now, ctx.ids)
                return rule.name if taken else None
        return None

    async def _rules(self, ctx: Context) -> list[Rule]:
        place = (ctx.account, ctx.region)
        kept = self._kept.get(place)
        if kept is None or ctx.now >= kept.fetched_at + _FETCHED_EVERY_SECONDS:
            answer = await ctx.call("xray", "GetSamplingRules", {})
            found = [Rule(each["SamplingRule"]) for each in answer["SamplingRuleRecords"]]
            found.sort(key=lambda rule: (rule.priority, rule.name))
            if kept is not None:
                _keep_reservoirs(kept.rules, found)
            kept = self._kept[place] = _Rules(ctx.now, found)
        return kept.rules


def _keep_reservoirs(before: list[Rule], after: list[Rule]) -> None:
    reservoirs = {rule.name: rule.reservoir for rule in before}
    for rule in after:
        rule.reservoir = reservoirs.get(rule.name, rule.reservoir)
