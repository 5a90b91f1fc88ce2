"""Traced stages: whether a request is traced, and the segment API Gateway sends of it.

Source: Developer Guide, "Understanding AWS X-Ray traces for Amazon API Gateway APIs".
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import orjson

from cloudarium.core import tracing
from cloudarium.core.arn import Arn
from cloudarium.core.context import Context
from cloudarium.core.tracing import TraceHeader
from cloudarium.gateway.http_client import Outgoing
from cloudarium.services.apigateway.serving.exchange import Exchange
from cloudarium.services.apigateway.serving.sampling import SamplingRules

Document = dict[str, Any]

_ORIGIN = "AWS::ApiGateway::Stage"


async def begin(ctx: Context, exchange: Exchange) -> StageTrace:
    """The trace of a request to a traced stage, as it was decided upstream or by a rule."""
    header = tracing.read(exchange.trace_id) or TraceHeader(tracing.new_trace_id(ctx.ids, ctx.now))
    rule = None
    if not header.sampled:
        rule = await ctx.state(SamplingRules).sampled(ctx, _matched(exchange))
        header = TraceHeader(header.root, header.parent, "1" if rule else "0")
    return StageTrace(ctx, exchange, header, rule)


def shown(exchange: Exchange) -> str:
    """The tracing header of the response."""
    trace = exchange.trace
    return exchange.trace_id if trace is None else trace.shown


def _stage_arn(exchange: Exchange) -> str:
    stage = exchange.stage
    return f"arn:aws:apigateway:{stage.region}::/restapis/{stage.api_id}/stages/{stage.name}"


def _service_name(exchange: Exchange) -> str:
    return f"{exchange.api.name}/{exchange.stage.name}"


def _matched(exchange: Exchange) -> dict[str, str]:
    return {
        "ResourceARN": _stage_arn(exchange),
        "ServiceName": _service_name(exchange),
        "ServiceType": _ORIGIN,
        "Host": exchange.domain,
        "HTTPMethod": exchange.http_method,
        "URLPath": exchange.shown_path,
    }


class Call:
    """A call of an integration in a traced request. `header` goes with it."""

    def __init__(self, trace: StageTrace, document: Document) -> None:
        self._trace = trace
        self._document = document
        decision = trace.decision
        self.header = str(decision.below(document["id"]) if trace.is_sampled else decision)

    def answered(self, status: int, length: int = 0) -> None:
        """It was answered."""
        document = self._document
        document["end_time"] = self._trace.now()
        document["http"]["response"] = {"status": status, "content_length": length}
        document.update(_flags(status))
        document.pop("in_progress", None)


def _flags(status: int) -> Document:
    if status >= 500:
        return {"fault": True}
    if status < 400:
        return {}
    return {"error": True, "throttle": True} if status == 429 else {"error": True}


class StageTrace:
    """What is decided on a request to a traced stage; a segment if it is traced."""

    def __init__(
        self, ctx: Context, exchange: Exchange, decision: TraceHeader, rule: str | None
    ) -> None:
        self.decision = decision
        self._ctx = ctx
        self._exchange = exchange
        self._rule = rule
        self._id = tracing.new_id(ctx.ids)
        self._began, self._wall = ctx.now, ctx.clock.wall()
        self._calls: list[Document] = []

    @property
    def is_sampled(self) -> bool:
        """Whether the request is traced."""
        return self.decision.sampled == "1"

    @property
    def shown(self) -> str:
        """The header of the response."""
        return f"Root={self.decision.root};Sampled={self.decision.sampled}"

    def now(self) -> float:
        """The cloud's time, with the time that passed since the request came."""
        return round(self._began + max(self._ctx.clock.wall() - self._wall, 0.0), 6)

    def calls_function(self, function: Arn) -> Call:
        """A function is about to be invoked."""
        name = function.resource.removeprefix("function:").partition(":")[0]
        url = f"https://lambda.{function.region}.amazonaws.com/2015-03-31/functions/{function}"
        details = {
            "function_name": name,
            "region": function.region,
            "operation": "Invoke",
            "resource_names": [name],
        }
        return self._call("Lambda", f"{url}/invocations", "POST", namespace="aws", aws=details)

    def calls_endpoint(self, request: Outgoing) -> tuple[Outgoing, Call]:
        """An HTTP endpoint is about to be asked; the request with the header that goes with it."""
        host = urlsplit(request.url).hostname or request.url
        call = self._call(host, request.url, request.method, namespace="remote")
        headers = [
            (name, call.header if name.lower() == tracing.HEADER.lower() else value)
            for name, value in request.headers
        ]
        return replace(request, headers=headers), call

    def _call(self, name: str, url: str, http_method: str, **fields: Any) -> Call:
        document = {
            "id": tracing.new_id(self._ctx.ids),
            "name": name,
            "start_time": self.now(),
            "in_progress": True,
            "http": {"request": {"url": url, "method": http_method}},
            **fields,
        }
        self._calls.append(document)
        return Call(self, document)

    def ended(self, status: int) -> None:
        """The request is answered."""
        if self.is_sampled:
            self._ctx.telemetry.segment(orjson.dumps(self._segment(status)).decode())

    def _segment(self, status: int) -> Document:
        exchange, ended = self._exchange, self.now()
        for call in self._calls:  # those that were given up on
            if call.pop("in_progress", False):
                call |= {"end_time": ended, "fault": True}
        stage = exchange.stage
        segment: Document = {
            "id": self._id,
            "name": _service_name(exchange),
            "start_time": round(self._began, 6),
            "trace_id": self.decision.root,
            "end_time": ended,
            "http": {
                "request": self._request(),
                "response": {"status": status, "content_length": 0},
            },
            "aws": self._resource(),
            "annotations": {"aws:api_id": stage.api_id, "aws:api_stage": stage.name},
            "metadata": {
                "default": {
                    "extended_request_id": exchange.extended_id,
                    "request_id": exchange.request_id,
                }
            },
            "origin": _ORIGIN,
            "resource_arn": _stage_arn(exchange),
            **_flags(status),
        }
        if self.decision.parent:
            segment["parent_id"] = self.decision.parent
        if self._calls:
            segment["subsegments"] = self._calls
        return segment

    def _request(self) -> Document:
        exchange = self._exchange
        host = exchange.request.headers.get("host") or exchange.domain
        request = {
            "url": f"http://{host}{exchange.shown_path}",
            "method": exchange.http_method,
            "client_ip": exchange.request.client,
            "x_forwarded_for": True,
        }
        agent = exchange.request.headers.get("user-agent")
        return {**request, "user_agent": agent} if agent else request

    def _resource(self) -> Document:
        stage = self._exchange.stage
        resource: Document = {
            "api_gateway": {
                "account_id": stage.account,
                "rest_api_id": stage.api_id,
                "stage": stage.name,
                "request_id": self._exchange.request_id,
            }
        }
        if self._rule:
            resource["xray"] = {"sampling_rule_name": self._rule}
        return resource
