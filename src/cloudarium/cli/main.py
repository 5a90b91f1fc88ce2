"""The `cloudarium` command: its arguments; what they do is in the modules beside this one."""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

from cloudarium import __version__
from cloudarium.cli.settings import SettingsError, check_environment, setting

_PORT = 4566
_DEBUG_PORT = 5678
_LAST_PORT = 65_535


def main(arguments: list[str] | None = None) -> None:
    """Run the command and exit with its status."""
    words = sys.argv[1:] if arguments is None else arguments
    if words[:1] == ["aws"]:
        # Everything after `aws`, but for a --dir first, is the AWS CLI's own.
        ours = 3 if words[1:2] == ["--dir"] else 1
        words = [*words[:ours], "--", *words[ours:]]
    try:
        check_environment()
        options = _parser().parse_args(words)
        module = importlib.import_module(f"cloudarium.cli.{options.module}")
        status = module.run(options)
    except SettingsError as error:
        print(f"cloudarium: {error}", file=sys.stderr)
        status = 2
    except (KeyboardInterrupt, BrokenPipeError):
        status = 130
    except _refusals() as error:
        print(f"cloudarium: {error}", file=sys.stderr)
        status = 1
    sys.exit(status)


def _refusals() -> tuple[type[Exception], ...]:
    """What the AWS SDK raises: loaded only where something was raised."""
    from botocore.exceptions import BotoCoreError, ClientError

    return (ClientError, BotoCoreError)


def _port(text: str) -> int:
    """Return a port's number. Raises ArgumentTypeError."""
    if not text.isdecimal() or int(text) > _LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text} is not a port: 0 to {_LAST_PORT}")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cloudarium", description="The whole life of a serverless microservice, under glass."
    )
    parser.add_argument("--version", action="version", version=f"cloudarium {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_cloud(commands)
    _add_life(commands)
    _add_day_two(commands)
    return parser


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    module: str,
    text: str,
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=text, description=text)
    command.set_defaults(module=module)
    command.add_argument(
        "--dir",
        type=Path,
        default=Path(setting("CLOUDARIUM_DIR", ".cloudarium")),
        help="the state folder (default: .cloudarium)",
    )
    return command


def _add_cloud(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    up = _command(commands, "up", "up", "Run the cloud in the foreground.")
    _add_ports(up)
    up.add_argument("--host", default="127.0.0.1", help="address to listen on (loopback)")
    up.add_argument("--ephemeral", action="store_true", help="keep nothing after the end")
    _command(commands, "down", "down", "Stop the cloud that runs over the state folder.")
    _command(commands, "status", "status", "Tell whether the cloud runs, and where.")
    reset = _command(commands, "reset", "reset", "Remove the state of a stopped cloud.")
    reset.add_argument("--yes", action="store_true", help="do not ask")
    _command(commands, "env", "env", 'Print settings for AWS tools: eval "$(cloudarium env)".')
    aws = _command(commands, "aws", "aws", "Run the AWS CLI against this cloud.")
    aws.add_argument("words", nargs=argparse.REMAINDER)


def _add_ports(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--port",
        type=_port,
        default=setting("CLOUDARIUM_PORT", str(_PORT)),
        help="port of everything HTTP (default: 4566); 0 for any free one",
    )
    command.add_argument(
        "--ssh-port", type=_port, help="port of git over SSH (default: the HTTP port less 44)"
    )
    command.add_argument(
        "--smtp-port", type=_port, help="port of mail in (default: the HTTP port less 41)"
    )


def _add_life(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    life = _command(commands, "life", "life", "Live the life of the reference system.")
    _add_ports(life)
    life.add_argument("--once", action="store_true", help="stop the cloud at the end")
    life.add_argument("--json", action="store_true", help="print one JSON report on stdout")
    life.add_argument("--service", help="only this service and those it needs")
    life.add_argument("--source", type=Path, help="the folder of the services' sources")


def _add_day_two(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    logs = _command(commands, "logs", "logs", "Show the log of a function, build or group.")
    logs.add_argument("name", nargs="?", help="a function's name or a log group's")
    logs.add_argument("--follow", "-f", action="store_true", help="go on as new lines come")
    logs.add_argument("--since", default="1h", help="how far back: 30s, 10m, 2h, 1d")
    logs.add_argument("--filter", default="", help="a CloudWatch Logs filter pattern")
    invoke = _command(commands, "invoke", "invoke", "Invoke a function and show its log.")
    invoke.add_argument("function", help="a function's name or ARN")
    invoke.add_argument("--event", help="a file with the event's JSON; - is standard input")
    invoke.add_argument("--debug", action="store_true", help="wait for a debugger; no timeout")
    invoke.add_argument("--debug-port", type=_port, default=_DEBUG_PORT, help="where (5678)")
    watch = _command(commands, "watch", "watch", "Let a function run a folder's files as they are.")
    watch.add_argument("function", help="a function's name or ARN")
    watch.add_argument("folder", nargs="?", default=".", help="the folder (default: this one)")
    metrics = _command(commands, "metrics", "metrics", "Show metrics.")
    metrics.add_argument("namespace", nargs="?", help="such as AWS/Lambda")
    metrics.add_argument("name", nargs="?", help="such as Invocations")
    metrics.add_argument("--since", default="1h", help="how far back: 30s, 10m, 2h, 1d")
    traces = _command(commands, "traces", "traces", "Show traced requests, or one as a tree.")
    traces.add_argument("id", nargs="?", help="a trace's id")
    traces.add_argument("--since", default="1h", help="how far back: 30s, 10m, 2h, 1d")
    traces.add_argument("--filter", default="", help="an X-Ray filter expression")
    alarms = _command(commands, "alarms", "alarms", "Show alarms and their states.")
    alarms.add_argument("name", nargs="?", help="show the history of one alarm")
    time = _command(commands, "time", "time", "Show the cloud's clock, or move it.")
    time.add_argument("action", nargs="?", choices=["advance", "freeze", "resume"])
    time.add_argument("amount", nargs="?", help="for advance: 30s, 5m, 2h, 1d")
