"""The `cloudarium` command, as a user types it."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from cloudarium.cli import place
from tests.life.server import COMMAND, Server, run, until

OWN_KEY = {
    "CLOUDARIUM_ROOT_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "CLOUDARIUM_ROOT_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
}


def said(server: Server, *words: str, text: str = "") -> str:
    """Run the command, which must succeed; return what it printed."""
    done = server.command(*words, text=text)
    assert done.returncode == 0, done.stderr
    return done.stdout


def aws(server: Server, *words: str) -> Any:
    """Run `cloudarium aws`, which must succeed; return its JSON, or its text."""
    text = said(server, "aws", *words)
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


# The cloud itself


def test_the_cloud_may_have_as_many_files_open_as_the_system_lets_it() -> None:
    script = (
        "import resource as r\n"
        "from cloudarium.cli.up import raise_open_files\n"
        "hard = r.getrlimit(r.RLIMIT_NOFILE)[1]\n"
        "r.setrlimit(r.RLIMIT_NOFILE, (256, hard))\n"
        "raise_open_files()\n"
        "print(*r.getrlimit(r.RLIMIT_NOFILE))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    soft, hard = map(int, done.stdout.split())
    assert soft == (65_536 if hard < 0 else min(hard, 65_536))


def test_up_says_where_it_is_and_that_it_is_ready(shared: Server) -> None:
    about, posture, ready = shared.greeting
    assert f"{shared.endpoint}, git over SSH at port {shared.cloud.ports['ssh']}" in about
    assert str(shared.folder) in about
    assert "authenticated and authorized" in posture
    assert "test/test" in posture
    assert ready == "Ready."


def test_health_is_where_tools_look_for_it(shared: Server) -> None:
    for path in ("_cloudarium/health", "_localstack/health"):
        with urllib.request.urlopen(f"{shared.endpoint}/{path}") as answer:
            health = json.load(answer)
        assert health["services"]["lambda"] == "available"


def test_a_second_cloud_over_the_same_folder_is_refused(shared: Server) -> None:
    done = run(COMMAND, "up", "--dir", shared.folder, "--port", "0")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"cloudarium: a cloud runs over {shared.folder} already\n"


def test_a_port_that_is_taken_is_told(shared: Server, tmp_path: Path) -> None:
    port = str(shared.cloud.ports["http"])
    done = run(COMMAND, "up", "--dir", tmp_path, "--port", port, "--ssh-port", "0")
    assert done.returncode == 2
    assert "cannot listen: " in done.stderr
    assert "in use" in done.stderr


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (("up", "--port", "65536"), 2, "argument --port: 65536 is not a port: 0 to 65535"),
        (("up", "--dir", "/dev/null/x"), 2, "cannot keep state in /dev/null/x: Not a directory"),
    ],
)
def test_what_cannot_start_says_why(
    tmp_path: Path, words: tuple[str, ...], status: int, told: str
) -> None:
    done = run(COMMAND, *words, cwd=tmp_path)
    assert done.returncode == status
    assert told in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (("invoke", "nobody"), 1, "ResourceNotFoundException"),
        (("invoke", "nobody", "--event", "none.json"), 2, "cannot read none.json: No such file"),
        (("alarms", "nobody"), 2, "there is no alarm nobody"),
        (("time", "advance", "99999d"), 2, "at most ten years"),
    ],
)
def test_what_is_not_there_is_told_in_a_line(
    shared: Server, words: tuple[str, ...], status: int, told: str
) -> None:
    done = shared.command(*words)
    assert done.returncode == status
    assert told in done.stderr
    assert done.stderr.count("\n") == 1


def test_an_ephemeral_cloud_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    server = Server(tmp_path / "cloud", "--ephemeral", environment={"TMPDIR": str(folder)}).start()
    assert "nothing is kept" in server.greeting[0]
    assert len(list(folder.glob("cloudarium-*"))) == 1
    assert server.stop() == 0
    assert list(folder.iterdir()) == []
    assert not (tmp_path / "cloud").exists()


def test_status_down_and_up_again(server: Server) -> None:
    queue = server.client("sqs").create_queue(QueueName="kept")["QueueUrl"]
    running = said(server, "status")
    assert f"Running at {server.endpoint} (process {server.pid})" in running
    assert "cloudformation, cloudwatch, codebuild" in running
    assert said(server, "down") == "Stopped.\n"
    assert server.stop() == 0
    stopped = server.command("status")
    assert (stopped.returncode, stopped.stdout) == (3, f"No cloud runs over {server.folder}.\n")
    assert said(server, "down") == "No cloud runs here.\n"
    refused = server.command("aws", "sqs", "list-queues")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "no cloud runs over" in refused.stderr
    server.start()
    assert server.client("sqs").list_queues()["QueueUrls"] == [queue]


def test_reset_removes_the_state_of_a_stopped_cloud_only(server: Server) -> None:
    refused = server.command("reset", "--yes")
    assert refused.returncode == 2
    assert "runs over" in refused.stderr
    server.stop()
    assert server.command("reset", text="n\n").returncode == 1
    assert server.folder.exists()
    assert said(server, "reset", "--yes") == f"Removed {server.folder}.\n"
    assert not server.folder.exists()
    assert said(server, "reset", "--yes") == "There is nothing to remove.\n"


def test_reset_leaves_a_folder_that_is_not_its_own_alone(tmp_path: Path) -> None:
    (tmp_path / "precious").touch()
    done = run(COMMAND, "reset", "--yes", "--dir", tmp_path)
    assert (done.returncode, done.stderr) == (2, f"cloudarium: {tmp_path} is not a state folder\n")
    assert (tmp_path / "precious").exists()


def test_a_variable_that_looks_like_ours_but_is_not_is_refused() -> None:
    done = run(COMMAND, "status", environment={"CLOUDARIUM_PROT": "4567"})
    assert done.returncode == 2
    assert "unknown environment variable CLOUDARIUM_PROT" in done.stderr
    assert "CLOUDARIUM_PORT" in done.stderr


# Who may come in


def test_the_well_known_key_is_for_loopback_only(tmp_path: Path) -> None:
    done = run(COMMAND, "up", "--dir", tmp_path / "cloud", "--port", "0", "--host", "0.0.0.0")
    assert (done.returncode, done.stdout) == (2, "")
    assert "will not listen on 0.0.0.0 with the well-known root key" in done.stderr
    assert not (tmp_path / "cloud").exists()


def test_half_a_key_is_refused(tmp_path: Path) -> None:
    half = {"CLOUDARIUM_ROOT_ACCESS_KEY_ID": OWN_KEY["CLOUDARIUM_ROOT_ACCESS_KEY_ID"]}
    done = run(COMMAND, "up", "--dir", tmp_path, "--port", "0", environment=half)
    assert done.returncode == 2
    assert "set both CLOUDARIUM_ROOT_ACCESS_KEY_ID and" in done.stderr


def test_ones_own_key_replaces_the_well_known_one(tmp_path: Path) -> None:
    server = Server(tmp_path / "cloud", "--host", "127.0.0.1", environment=OWN_KEY).start()
    try:
        assert "the key you set" in server.greeting[1]
        allowed = server.command("aws", "sts", "get-caller-identity", environment=OWN_KEY)
        assert json.loads(allowed.stdout)["Arn"] == "arn:aws:iam::000000000000:root"
        refused = server.command("aws", "sts", "get-caller-identity")
        assert refused.returncode != 0
        assert "InvalidClientTokenId" in refused.stderr
    finally:
        server.stop()


# The shell, the AWS CLI


def test_env_is_what_a_shell_evaluates(shared: Server) -> None:
    script = f'eval "$({COMMAND} env --dir {shared.folder})" && exec "$@"'
    python = "import boto3; print(boto3.client('sts').get_caller_identity()['Account'])"
    words = ("sh", "-c", script, "sh", COMMAND.with_name("python"), "-c", python)
    assert run(*words).stdout == "000000000000\n"


def test_the_aws_cli_copies_files(shared: Server, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Ada")
    aws(shared, "s3", "mb", "s3://letters")
    aws(shared, "s3", "cp", str(tmp_path / "letter.txt"), "s3://letters/ada/1.txt")
    assert "ada/1.txt" in aws(shared, "s3", "ls", "--recursive", "s3://letters")
    assert aws(shared, "s3", "cp", "s3://letters/ada/1.txt", "-") == "Dear Ada"
    aws(shared, "s3", "sync", "s3://letters", str(tmp_path / "copy"))
    assert (tmp_path / "copy" / "ada" / "1.txt").read_text() == "Dear Ada"


def test_the_aws_cli_sends_and_receives(shared: Server) -> None:
    url = aws(shared, "sqs", "create-queue", "--queue-name", "jobs")["QueueUrl"]
    assert f":{shared.cloud.ports['http']}/" in url
    aws(shared, "sqs", "send-message", "--queue-url", url, "--message-body", "work")
    received = aws(shared, "sqs", "receive-message", "--queue-url", url)
    assert [message["Body"] for message in received["Messages"]] == ["work"]


def test_the_aws_cli_puts_and_gets_items(shared: Server) -> None:
    words = "--table-name people --billing-mode PAY_PER_REQUEST"
    key = "--key-schema AttributeName=id,KeyType=HASH"
    attributes = "--attribute-definitions AttributeName=id,AttributeType=S"
    aws(shared, "dynamodb", "create-table", *f"{words} {key} {attributes}".split())
    aws(shared, "dynamodb", "wait", "table-exists", "--table-name", "people")
    item = {"id": {"S": "ada"}, "born": {"N": "1815"}}
    aws(shared, "dynamodb", "put-item", "--table-name", "people", "--item", json.dumps(item))
    found = aws(
        shared, "dynamodb", "get-item", "--table-name", "people", "--key", '{"id": {"S": "ada"}}'
    )
    assert found == {"Item": item}


def test_an_error_is_the_clis_own(shared: Server) -> None:
    done = shared.command("aws", "s3api", "head-bucket", "--bucket", "nobody-has-this")
    assert done.returncode in (254, 255)
    assert "(404)" in done.stderr


TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: hello
      Runtime: python3.13
      Handler: index.handle
      InlineCode: |
        def handle(event, context):
            print("asked for", event["path"])
            return {"statusCode": 200, "body": "Hello"}
      Events:
        Get: {Type: Api, Properties: {Path: /hello, Method: get}}
Outputs:
  Url:
    Value: !Sub ${ServerlessRestApi}
"""


@pytest.fixture(scope="module")
def deployed(shared: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a function behind an API, deployed by the AWS CLI and asked once."""
    template = tmp_path_factory.mktemp("templates") / "template.yaml"
    template.write_text(textwrap.dedent(TEMPLATE))
    words = f"deploy --stack-name hello --template-file {template}"
    capabilities = "--capabilities CAPABILITY_IAM CAPABILITY_AUTO_EXPAND"
    done = aws(shared, "cloudformation", *f"{words} {capabilities}".split())
    assert "Successfully created/updated stack - hello" in done
    stacks = aws(shared, "cloudformation", "describe-stacks", "--stack-name", "hello")
    api = stacks["Stacks"][0]["Outputs"][0]["OutputValue"]
    url = f"{shared.endpoint}/_aws/execute-api/{api}/Prod/hello"
    with urllib.request.urlopen(url) as answer:
        assert answer.read() == b"Hello"
    return url


def test_an_api_answers_at_its_own_host_too(shared: Server, deployed: str) -> None:
    api = deployed.split("/")[-3]
    request = urllib.request.Request(f"{shared.endpoint}/Prod/hello")
    port = shared.cloud.ports["http"]
    request.add_header("host", f"{api}.execute-api.localhost:{port}")
    with urllib.request.urlopen(request) as answer:
        assert answer.read() == b"Hello"


def test_logs_are_tailed(shared: Server, deployed: str) -> None:
    def tailed() -> str | None:
        # The group is there with its first lines, which come a second late.
        text = shared.command("logs", "hello").stdout
        return text if "REPORT RequestId" in text else None

    assert "asked for /hello" in until(tailed, "the log")
    group = "/aws/lambda/hello"
    found = aws(shared, "logs", "filter-log-events", "--log-group-name", group)["events"]
    assert "asked for /hello\n" in [event["message"] for event in found]
    assert "asked for /hello" in said(shared, "logs", "hello", "--filter", '"asked for"')
    assert "REPORT" not in said(shared, "logs", "hello", "--filter", '"asked for"')
    assert "/aws/lambda/hello" in said(shared, "logs").splitlines()
    missing = shared.command("logs", "nobody")
    assert missing.returncode == 2
    assert "there is no log group of nobody; there are: /aws/lambda/hello" in missing.stderr


def test_metrics_are_shown(shared: Server, deployed: str) -> None:
    def shown() -> str | None:
        text = said(shared, "metrics", "AWS/Lambda", "Invocations")
        return text if "FunctionName=hello" in text else None

    assert " average 1 maximum 1 of " in until(shown, "the metric")
    assert "AWS/ApiGateway Count (ApiName=hello" in said(shared, "metrics")


def test_traces_are_shown(server: Server) -> None:
    now = int(place.control(server.cloud, "time")["now"])
    trace = f"1-{now:08x}-{'a' * 24}"
    times: dict[str, Any] = {"start_time": now - 1, "end_time": now}
    call = {"id": f"{2:016x}", "name": "pay", "namespace": "remote", **times}
    cause = {"exceptions": [{"type": "Broken", "message": "no bank\nat all"}]}
    shop = {"trace_id": trace, "id": f"{1:016x}", "name": "shop", "subsegments": [call], **times}
    pay = {"trace_id": trace, "id": f"{3:016x}", "name": "pay", "parent_id": call["id"], **times}
    pay |= {"origin": "AWS::EC2::Instance", "fault": True, "cause": cause}
    documents = [json.dumps(each) for each in (shop, pay)]
    answer = server.client("xray").put_trace_segments(TraceSegmentDocuments=documents)
    assert answer["UnprocessedTraceSegments"] == []
    listed = said(server, "traces", "--filter", 'service("pay") { fault }')
    assert listed.split()[1:] == [trace, "1000", "ms", "ok", "shop"]
    assert said(server, "traces", "--filter", "fault") == ""
    title, *tree = said(server, "traces", trace).splitlines()
    assert title.startswith(trace)
    assert tree == [
        "└─ shop  1000 ms  at 0 ms",
        "   └─ pay  (remote)  1000 ms  at 0 ms",
        "      └─ pay  (AWS::EC2::Instance)  1000 ms  at 0 ms  FAULT  Broken: no bank",
    ]
    missing = server.command("traces", "1-0-0")
    assert (missing.returncode, missing.stdout) == (2, "")
    assert "there is no trace 1-0-0" in missing.stderr
    assert server.command("traces", "--filter", "nonsense").returncode == 2


# Alarms, time


def test_time_moves_and_alarms_follow(server: Server) -> None:
    cloudwatch = server.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName="crowd",
        Namespace="life",
        MetricName="visitors",
        Statistic="Maximum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=10,
        ComparisonOperator="GreaterThanThreshold",
        TreatMissingData="notBreaching",
    )
    point = {"MetricName": "visitors", "Value": 11.0}
    cloudwatch.put_metric_data(Namespace="life", MetricData=[point])
    said(server, "time", "advance", "90s")
    assert said(server, "alarms").startswith("ALARM             crowd  Threshold Crossed")
    said(server, "time", "advance", "10m")
    assert said(server, "alarms").startswith("OK                crowd  ")
    history = said(server, "alarms", "crowd")
    assert "Alarm updated from ALARM to OK" in history
    refused = server.command("time", "advance", "soon")
    assert (refused.returncode, "soon is not an amount of time" in refused.stderr) == (2, True)


def test_the_clock_stays_ahead_over_a_restart(server: Server) -> None:
    assert "(+0 s)" in said(server, "time")
    assert "(+7200 s)" in said(server, "time", "advance", "2h")
    for end in (server.stop, server.kill):
        end()
        server.start()
        assert "(+7200 s)" in said(server, "time")
    assert "The clock is 7200 s ahead" in said(server, "status")
    frozen = said(server, "time", "freeze")
    assert "frozen" in frozen
    server.kill()
    server.start()
    assert said(server, "time").partition(" (")[0] == frozen.partition(" (")[0]
    assert "frozen" not in said(server, "time", "resume")
