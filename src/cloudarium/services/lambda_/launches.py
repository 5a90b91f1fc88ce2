"""What a function's environment is started with: its variables, role credentials and log stream."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.core.identity import Access, Principal
from cloudarium.functions import environments
from cloudarium.functions.launch import Launch
from cloudarium.services.lambda_ import code, errors, limits, reports
from cloudarium.services.lambda_.functions import Version
from cloudarium.services.lambda_.json_log import JsonLog
from cloudarium.services.lambda_.layers import files
from cloudarium.services.lambda_.xray import invocation_traces
from cloudarium.services.lambda_.xray.daemons import Daemons

# Whose runtime sets the names of the first AWS SDK for Java besides.
_OLD_JAVAS = ("java8.al2", "java11")
_MARGIN_SECONDS = limits.TIMEOUT_SECONDS + 60  # credentials outlive any invocation


@dataclass(frozen=True)
class RoleCredentials:
    """Temporary credentials of an execution role; `expires_at` by the cloud's clock."""

    access_key_id: str
    secret: str
    token: str
    expires_at: float


class Credentials:
    """Execution roles' credentials, fetched as lambda.amazonaws.com and kept while they hold."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], RoleCredentials] = {}

    async def get(self, ctx: Context, version: Version) -> RoleCredentials:
        """Credentials of the version's role; raises AccessDeniedException."""
        role = version.configuration["Role"]
        key = (role, version.reference.function_arn)
        kept = self._kept.get(key)
        if kept and kept.expires_at - _MARGIN_SECONDS > ctx.now:
            return kept
        params = {
            "RoleArn": role,
            "RoleSessionName": version.reference.session_name,
            "DurationSeconds": limits.CREDENTIAL_SECONDS,
        }
        arn = version.reference.function_arn
        try:
            answer = await ctx.call("sts", "AssumeRole", params, source_arn=arn)
        except AwsError:
            raise errors.role_not_assumable() from None
        found = self._kept[key] = _credentials(answer["Credentials"])
        return found

    def forget(self, function_arn: str) -> None:
        """A function's role may have changed."""
        for key in [key for key in self._kept if key[1] == function_arn]:
            del self._kept[key]


def _credentials(answer: Mapping[str, Any]) -> RoleCredentials:
    expiration = answer["Expiration"]
    return RoleCredentials(
        answer["AccessKeyId"],
        answer["SecretAccessKey"],
        answer["SessionToken"],
        expiration.timestamp() if isinstance(expiration, datetime) else float(expiration),
    )


async def launch(
    ctx: Context, version: Version, key: str, credentials: RoleCredentials, provisioned: bool
) -> Launch:
    """Everything a new environment of `version` needs; a `provisioned` one stays."""
    kind = "provisioned-concurrency" if provisioned else "on-demand"
    configuration, reference = version.configuration, version.reference
    stream = _stream(ctx, version)
    role = await ctx.assume_role(configuration["Role"], reference.session_name)
    log = _log(ctx, version, stream, role)
    is_heard = invocation_traces.may_send(ctx, role)
    made = Launch(
        key=key,
        function=reference.function_arn,
        runtime=configuration["Runtime"],
        code=await code.unpacked(ctx, version.digest),
        layers=await files.merged(ctx, [each["Arn"] for each in configuration.get("Layers", ())]),
        environment=_variables(version, stream, credentials)
        | await ctx.state(Daemons).variables(ctx, is_heard=is_heard)
        | {
            "AWS_ENDPOINT_URL": await ctx.endpoint(),
            "AWS_LAMBDA_INITIALIZATION_TYPE": kind,
        }
        | configuration.get("Environment", {}).get("Variables", {}),
        memory_megabytes=configuration["MemorySize"],
        tmp_megabytes=configuration["EphemeralStorage"]["Size"],
        timeout_seconds=configuration["Timeout"],
        expires_at=credentials.expires_at - _MARGIN_SECONDS,
        log=log,
        runtime_version=version.runtime_version,
        stays=provisioned,
    )
    log.init_start(made)
    return made


def _stream(ctx: Context, version: Version) -> str:
    """The name of an environment's log stream; in a group that functions may share, with theirs.

    "Configuring CloudWatch log groups", developer guide.
    """
    day = datetime.fromtimestamp(ctx.now, UTC).strftime("%Y/%m/%d")
    name = version.reference.name
    if version.configuration["LoggingConfig"]["LogGroup"] == f"/aws/lambda/{name}":
        name = ""
    return f"{day}/{name}[{version.version}]{ctx.ids.hex(32)}"


def _log(ctx: Context, version: Version, stream: str, role: Principal) -> reports.Log:
    group = version.configuration["LoggingConfig"]["LogGroup"]
    arn = ctx.arn(f"log-group:{group}:log-stream:{stream}", "logs")
    allowed = all(
        ctx.allowed(Access(action, arn), role)
        for action in ("logs:CreateLogStream", "logs:PutLogEvents")
    )
    telemetry, config = ctx.telemetry if allowed else None, version.configuration["LoggingConfig"]
    if config["LogFormat"] == "JSON":
        return JsonLog(telemetry, (group, stream), config, ctx.runtime.kernel.clock)
    return reports.Log(telemetry, group, stream)


def _variables(version: Version, stream: str, credentials: RoleCredentials) -> dict[str, str]:
    configuration, reference = version.configuration, version.reference
    logging = configuration["LoggingConfig"]
    runtime = configuration["Runtime"]
    more = {}
    if logging["LogFormat"] == "JSON":
        more["AWS_LAMBDA_LOG_FORMAT"] = "JSON"
        more["AWS_LAMBDA_LOG_LEVEL"] = logging["ApplicationLogLevel"]
    if not runtime.startswith("provided"):
        more["AWS_EXECUTION_ENV"] = f"AWS_Lambda_{runtime}"
    if runtime in _OLD_JAVAS:
        more["AWS_ACCESS_KEY"] = credentials.access_key_id
        more["AWS_SECRET_KEY"] = credentials.secret
    return {
        **more,
        "AWS_REGION": reference.region,
        "AWS_DEFAULT_REGION": reference.region,
        "AWS_LAMBDA_FUNCTION_NAME": reference.name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(configuration["MemorySize"]),
        "AWS_LAMBDA_FUNCTION_VERSION": version.version,
        "AWS_LAMBDA_LOG_GROUP_NAME": logging["LogGroup"],
        "AWS_LAMBDA_LOG_STREAM_NAME": stream,
        "AWS_ACCESS_KEY_ID": credentials.access_key_id,
        "AWS_SECRET_ACCESS_KEY": credentials.secret,
        "AWS_SESSION_TOKEN": credentials.token,
        "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
        "_HANDLER": configuration["Handler"],
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
    }


def deadline_ms(timeout_seconds: int) -> int:
    """When an invocation that starts now times out, by the machine's clock, which functions see."""
    return environments.real_time_ms() + timeout_seconds * 1000
