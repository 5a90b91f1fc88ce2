"""`cloudarium watch`: a function runs the files of a folder, as they are at each invocation."""

from __future__ import annotations

import argparse
import time
import urllib.request
from pathlib import Path
from typing import Any, NoReturn

from botocore.exceptions import ClientError

from cloudarium.cli import logs, place
from cloudarium.cli.settings import SettingsError

_PAUSE = 0.5


def run(options: argparse.Namespace) -> int:
    """Serve the folder and show the function's log until interrupted; then its own code again."""
    cloud = place.required(options.dir)
    lambda_ = place.client(cloud, "lambda")
    folder = Path(options.folder).resolve()
    try:
        function = lambda_.get_function(FunctionName=options.function)
        with urllib.request.urlopen(function["Code"]["Location"]) as response:
            package = response.read()
        began = int(place.control(cloud, "time")["now"] * 1000)
        _serve(lambda_, options.function, folder)
    except ClientError as error:
        raise SettingsError(error.response["Error"]["Message"]) from None
    print(f"{options.function} runs {folder} as it is; Ctrl-C ends that.", flush=True)
    try:
        _follow(cloud, function["Configuration"]["LoggingConfig"]["LogGroup"], began)
    finally:
        if package.startswith(b"PK"):  # not a folder that it ran before
            lambda_.update_function_code(FunctionName=options.function, ZipFile=package)
            print(f"{options.function} runs its own code again.", flush=True)


def _serve(lambda_: Any, function: str, folder: Path) -> None:
    lambda_.update_function_code(FunctionName=function, S3Bucket="hot-reload", S3Key=str(folder))
    lambda_.get_waiter("function_updated_v2").wait(FunctionName=function)


def _follow(cloud: place.Running, group: str, start: int) -> NoReturn:
    """Print the group's lines since `start` (epoch milliseconds) as they come, for ever."""
    client = place.client(cloud, "logs")
    seen: set[str] = set()
    while True:
        if group in logs.groups(client):
            start = logs.show(client, group, start, "", seen)
        time.sleep(_PAUSE)
