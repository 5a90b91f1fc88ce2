"""What `cloudarium invoke --debug` asks of the cloud."""

from __future__ import annotations

import base64
import json
import sys
import urllib.error
import urllib.request

from cloudarium.cli import place
from cloudarium.cli.place import Running
from cloudarium.cli.settings import SettingsError

_PATH = "/_cloudarium/lambda/debug"


def run(cloud: Running, function: str, event: bytes, port: int) -> int:
    """Invoke under a debugger at a port of this machine; 1 if the function failed."""
    print(
        f"Attach a debugger to 127.0.0.1:{port} (Python: debugpy; Node.js: chrome://inspect or"
        f" `node inspect 127.0.0.1:{port}`). The timeout is stopped.",
        file=sys.stderr,
        flush=True,
    )
    asked = {"function": function, "event": event.decode(), "port": port}
    request = _signed(cloud, json.dumps(asked).encode())
    try:
        with urllib.request.urlopen(request) as response:
            answer = json.load(response)
    except urllib.error.HTTPError as error:
        raise SettingsError(json.load(error).get("message", str(error))) from None
    except OSError as error:
        raise SettingsError(f"the cloud does not answer: {error}") from None
    print(base64.b64decode(answer["log"]).decode(errors="replace"), file=sys.stderr)
    print(answer["payload"])
    return 1 if answer["error"] else 0


def _signed(cloud: Running, body: bytes) -> urllib.request.Request:
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    settings = place.environment(cloud)
    keys = Credentials(settings["AWS_ACCESS_KEY_ID"], settings["AWS_SECRET_ACCESS_KEY"])
    url = f"{cloud.endpoint}{_PATH}"
    headers = {"content-type": "application/json"}
    request = AWSRequest("POST", url, headers, body)
    SigV4Auth(keys, "lambda", settings["AWS_DEFAULT_REGION"]).add_auth(request)
    return urllib.request.Request(url, body, dict(request.headers), method="POST")
