"""When schedules fire."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.services.scheduler.stage import OFF, Stage, refusal

TIME = {"Input": "<aws.scheduler.scheduled-time>"}


def moment(stage: Stage, **later: float) -> datetime:
    """The cloud's time, and what comes after it."""
    return datetime.fromtimestamp(stage.cloud.now, UTC) + timedelta(**later)


def written(at: datetime) -> str:
    """A moment as messages have it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_rate_fires_at_once_and_then_regularly(stage: Stage) -> None:
    began = moment(stage)
    stage.create("rate(10 minutes)", stage.make_queue("jobs"), Target=TIME)
    stage.cloud.settle()
    assert stage.bodies("jobs") == [written(began)]
    stage.cloud.advance(1799)
    assert stage.bodies("jobs") == [written(began + timedelta(minutes=m)) for m in (10, 20)]


def test_a_day_that_is_skipped_fires_every_time_in_order(stage: Stage) -> None:
    queue = stage.make_queue("jobs.fifo", FifoQueue="true", ContentBasedDeduplication="true")
    began, grouped = moment(stage), {"SqsParameters": {"MessageGroupId": "g"}}
    stage.create("rate(1 hour)", queue, Target={**TIME, **grouped})
    stage.cloud.advance(86_400)
    assert stage.bodies("jobs.fifo") == [written(began + timedelta(hours=h)) for h in range(25)]


def test_a_cron_follows_its_time_zone(stage: Stage) -> None:
    queue, place = stage.make_queue("jobs"), "Europe/Berlin"
    stage.create("cron(30 7 * * ? *)", queue, ScheduleExpressionTimezone=place, Target=TIME)
    fired = []
    for _ in range(60):
        stage.cloud.advance(3 * 86_400)
        fired += [datetime.fromisoformat(each) for each in stage.bodies("jobs")]
    there = [each.astimezone(ZoneInfo(place)) for each in fired]
    assert [each.date() - there[0].date() for each in there] == list(
        map(timedelta, range(len(there)))
    )
    assert len(there) in (180, 181)  # summer's mornings come earlier
    assert {each.strftime("%H:%M") for each in there} == {"07:30"}
    assert {each.hour for each in fired} == {5, 6}


def test_a_schedule_fires_once_and_stays(stage: Stage) -> None:
    at = moment(stage, hours=5)
    wall = at.astimezone(ZoneInfo("America/New_York")).strftime("%Y-%m-%dT%H:%M:%S")
    place = {"ScheduleExpressionTimezone": "America/New_York"}
    stage.create(f"at({wall})", stage.make_queue("jobs"), Target=TIME, **place)
    stage.cloud.advance(5 * 3600 - 1)
    assert stage.bodies("jobs") == []
    stage.cloud.advance(86_400)
    assert stage.bodies("jobs") == [written(at)]
    assert stage.client.get_schedule(Name="nightly")["State"] == "ENABLED"


def test_a_schedule_goes_away_after_its_last_time(stage: Stage) -> None:
    queue, delete = stage.make_queue("jobs"), {"ActionAfterCompletion": "DELETE"}
    end = moment(stage, minutes=25)
    stage.create("rate(10 minutes)", queue, EndDate=end, Target=TIME, **delete)
    stage.cloud.advance(600)
    assert len(stage.client.list_schedules()["Schedules"]) == 1
    stage.cloud.advance(600)
    assert stage.client.list_schedules()["Schedules"] == []
    stage.cloud.advance(3600)
    assert len(stage.bodies("jobs")) == 3
    wall = moment(stage, hours=1).strftime("%Y-%m-%dT%H:%M:%S")
    stage.create(f"at({wall})", queue, **delete)
    stage.cloud.advance(3600)
    assert refusal(stage.client.get_schedule, Name="nightly")[0] == "ResourceNotFoundException"


def test_a_start_is_the_first_time_of_a_rate(stage: Stage) -> None:
    start = moment(stage, minutes=90)
    stage.create("rate(1 day)", stage.make_queue("jobs"), StartDate=start, Target=TIME)
    stage.cloud.advance(5399)
    assert stage.bodies("jobs") == []
    stage.cloud.advance(86_401)
    assert stage.bodies("jobs") == [written(start), written(start + timedelta(days=1))]


def test_a_flexible_window_delays_within_it(stage: Stage) -> None:
    window = {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 15}
    queue, start = stage.make_queue("jobs"), moment(stage, hours=1)
    stage.create("rate(1 hour)", queue, FlexibleTimeWindow=window, StartDate=start, Target=TIME)
    stage.cloud.advance(24 * 3600 + 900)
    messages = stage.messages("jobs")
    due = [datetime.fromisoformat(each["Body"]) for each in messages]
    assert due == [start + timedelta(hours=h) for h in range(24)]
    sent = [int(each["Attributes"]["SentTimestamp"]) / 1000 for each in messages]
    delays = [at - plan.timestamp() for at, plan in zip(sent, due, strict=True)]
    assert all(0 <= delay < 900 for delay in delays)
    assert len(set(delays)) > 5


def test_a_disabled_schedule_is_quiet_until_it_is_enabled(stage: Stage) -> None:
    queue = stage.make_queue("jobs")
    stage.create("rate(1 hour)", queue, State="DISABLED")
    stage.cloud.advance(7200)
    assert stage.bodies("jobs") == []
    settings = {
        "ScheduleExpression": "rate(1 hour)",
        "FlexibleTimeWindow": OFF,
        "Target": {"Arn": queue, "RoleArn": stage.role},
    }
    stage.client.update_schedule(Name="nightly", State="ENABLED", **settings)
    stage.cloud.advance(3600)
    assert len(stage.bodies("jobs")) == 1
    stage.client.update_schedule(Name="nightly", State="DISABLED", **settings)
    stage.cloud.advance(7200)
    assert stage.bodies("jobs") == []


def test_a_schedule_outlives_the_process_and_makes_up_for_one_time(stage: Stage) -> None:
    cloud = stage.cloud
    stage.create("cron(0/10 * * * ? *)", stage.make_queue("jobs"), Target=TIME)
    cloud.restart()
    cloud.advance(600)
    fresh = Stage.__new__(Stage)
    fresh.sqs, fresh.cloud = cloud.client("sqs"), cloud
    assert len(fresh.bodies("jobs")) == 1
    cloud.run(cloud.kernel.scheduler.stop())
    cloud.clock.advance(3600)
    cloud.restart()
    cloud.settle()
    fresh.sqs = cloud.client("sqs")
    assert len(fresh.bodies("jobs")) == 1
    cloud.advance(600)
    assert len(fresh.bodies("jobs")) == 1


def test_a_moment_of_the_past_or_beyond_all_time_never_comes(stage: Stage) -> None:
    queue, far = stage.make_queue("jobs"), {"ScheduleExpressionTimezone": "America/New_York"}
    stage.create("at(2020-01-01T00:00:00)", queue)
    stage.create("at(9999-12-31T23:59:59)", queue, Name="last", **far)
    for number, expression in enumerate(("cron(0 8 * * ? *)", "rate(1 day)")):
        params = {
            "Name": f"late{number}",
            "ScheduleExpression": expression,
            "StartDate": 1e18,
            "FlexibleTimeWindow": OFF,
            "Target": {"Arn": queue, "RoleArn": stage.role},
        }
        stage.cloud.call("scheduler", "CreateSchedule", params)
    stage.cloud.advance(86_400)
    assert stage.bodies("jobs") == []
