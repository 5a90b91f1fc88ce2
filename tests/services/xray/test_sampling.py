"""Sampling rules, targets and statistics."""

from __future__ import annotations

from typing import Any

from .support import Traces, refused

_INVALID = "InvalidRequestException"
_ARN = "arn:aws:xray:us-east-1:000000000000:sampling-rule"


def _rule(name: str = "cart", **fields: Any) -> dict[str, Any]:
    anything = ("ResourceARN", "ServiceName", "ServiceType", "Host", "HTTPMethod")
    return {
        "RuleName": name,
        **dict.fromkeys(anything, "*"),
        "URLPath": "/cart/*",
        "Priority": 100,
        "FixedRate": 0.5,
        "ReservoirSize": 3,
        "Version": 1,
        **fields,
    }


def test_the_default_rule_takes_one_a_second_and_five_percent(traces: Traces) -> None:
    (record,) = traces.client.get_sampling_rules()["SamplingRuleRecords"]
    anything = ("ResourceARN", "ServiceName", "ServiceType", "Host", "HTTPMethod", "URLPath")
    assert record["SamplingRule"] == {
        "RuleName": "Default",
        "RuleARN": f"{_ARN}/Default",
        **dict.fromkeys(anything, "*"),
        "Priority": 10_000,
        "FixedRate": 0.05,
        "ReservoirSize": 1,
        "Version": 1,
        "Attributes": {},
    }
    assert record["CreatedAt"].timestamp() == 0


def test_a_rule_is_made_changed_and_deleted(traces: Traces) -> None:
    client, now = traces.client, traces.cloud.now
    record = client.create_sampling_rule(SamplingRule=_rule())["SamplingRuleRecord"]
    assert record["SamplingRule"] == {**_rule(), "RuleARN": f"{_ARN}/cart", "Attributes": {}}
    assert record["CreatedAt"].timestamp() == record["ModifiedAt"].timestamp() == now
    traces.cloud.advance(5)
    update = {"RuleARN": f"{_ARN}/cart", "FixedRate": 1.0, "Priority": 9}
    record = client.update_sampling_rule(SamplingRuleUpdate=update)["SamplingRuleRecord"]
    assert (record["SamplingRule"]["FixedRate"], record["SamplingRule"]["Priority"]) == (1.0, 9)
    assert record["SamplingRule"]["URLPath"] == "/cart/*"
    assert record["ModifiedAt"].timestamp() == now + 5
    names = [
        each["SamplingRule"]["RuleName"]
        for each in client.get_sampling_rules()["SamplingRuleRecords"]
    ]
    assert names == ["Default", "cart"]
    gone = client.delete_sampling_rule(RuleName="cart")["SamplingRuleRecord"]
    assert gone["SamplingRule"] == record["SamplingRule"]
    assert refused(client.delete_sampling_rule, RuleName="cart")[0] == _INVALID


def test_the_default_rule_changes_its_rate_and_reservoir_only(traces: Traces) -> None:
    client = traces.client
    update = {"RuleName": "Default", "FixedRate": 0.0, "ReservoirSize": 0}
    client.update_sampling_rule(SamplingRuleUpdate=update)
    (record,) = client.get_sampling_rules()["SamplingRuleRecords"]
    assert (record["SamplingRule"]["FixedRate"], record["SamplingRule"]["ReservoirSize"]) == (0, 0)
    wrong = {"RuleName": "Default", "Priority": 3}
    assert refused(client.update_sampling_rule, SamplingRuleUpdate=wrong)[0] == _INVALID
    assert refused(client.delete_sampling_rule, RuleName="Default")[0] == _INVALID


def test_wrong_rules_are_refused(traces: Traces) -> None:
    client = traces.client
    unnamed = {name: value for name, value in _rule().items() if name != "RuleName"}
    for wrong, words in (
        (unnamed, "Request must contain either sampling rule name or sampling rule ARN"),
        (_rule(Version=2), "Sampling rule version must be 1"),
        (_rule("Default"), "Sampling rule already exists"),
        (_rule(Priority=10_000), "less than or equal to 9999"),
        (
            _rule(RuleARN=f"{_ARN}/cart"),
            "Request cannot contain both sampling rule name and sampling rule ARN",
        ),
    ):
        code, message = refused(client.create_sampling_rule, SamplingRule=wrong)
        assert (code, words in message) == (_INVALID, True)
    client.create_sampling_rule(SamplingRule=_rule())
    assert refused(client.create_sampling_rule, SamplingRule=_rule())[0] == _INVALID
    for change in ({"Priority": 0}, {"FixedRate": 1.5}, {"ReservoirSize": -1}):
        update = {"RuleName": "cart", **change}
        assert refused(client.update_sampling_rule, SamplingRuleUpdate=update)[0] == _INVALID
    both = {"RuleName": "cart", "RuleARN": f"{_ARN}/cart"}
    assert refused(client.delete_sampling_rule, **both)[0] == _INVALID
    for number in range(24):
        client.create_sampling_rule(SamplingRule=_rule(f"r{number}"))
    code, _ = refused(client.create_sampling_rule, SamplingRule=_rule("x"))
    assert code == "RuleLimitExceededException"


def _document(client: str, rule: str = "cart", **counts: int) -> dict[str, Any]:
    figures = {"RequestCount": 10, "SampledCount": 4, "BorrowCount": 1, **counts}
    return {"RuleName": rule, "ClientID": client * 24, "Timestamp": 0, **figures}


def test_clients_share_a_rules_reservoir(traces: Traces) -> None:
    client, now = traces.client, traces.cloud.now
    client.create_sampling_rule(SamplingRule=_rule())
    answer = client.get_sampling_targets(
        SamplingStatisticsDocuments=[_document("a"), _document("a", rule="gone")]
    )
    (target,) = answer["SamplingTargetDocuments"]
    assert target.pop("ReservoirQuotaTTL").timestamp() == now + 300
    assert target == {"RuleName": "cart", "FixedRate": 0.5, "ReservoirQuota": 3, "Interval": 10}
    assert answer["LastRuleModification"].timestamp() == now
    assert [each["RuleName"] for each in answer["UnprocessedStatistics"]] == ["gone"]
    quotas = [
        client.get_sampling_targets(SamplingStatisticsDocuments=[_document(each)])
        for each in ("b", "a")
    ]
    shares = [each["SamplingTargetDocuments"][0]["ReservoirQuota"] for each in quotas]
    assert shares == [1, 2]
    (summary,) = client.get_sampling_statistic_summaries()["SamplingStatisticSummaries"]
    assert summary.pop("Timestamp").timestamp() == now // 60 * 60
    assert summary == {
        "RuleName": "cart",
        "RequestCount": 30,
        "SampledCount": 12,
        "BorrowCount": 3,
    }
    traces.cloud.advance(3600)
    assert client.get_sampling_statistic_summaries()["SamplingStatisticSummaries"] == []
