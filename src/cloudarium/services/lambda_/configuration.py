"""A function's configuration: checked, completed with Lambda's defaults, as the API shows it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from cloudarium.core.context import Request
from cloudarium.functions import interpreters
from cloudarium.services.lambda_ import configuration_errors, errors, limits

Configuration = dict[str, Any]

# "Reserved environment variables" in the developer guide's page on environment variables.
_RESERVED = """
    _HANDLER _X_AMZN_TRACE_ID AWS_DEFAULT_REGION AWS_REGION AWS_EXECUTION_ENV
    AWS_LAMBDA_FUNCTION_NAME AWS_LAMBDA_FUNCTION_MEMORY_SIZE AWS_LAMBDA_FUNCTION_VERSION
    AWS_LAMBDA_INITIALIZATION_TYPE AWS_LAMBDA_LOG_GROUP_NAME AWS_LAMBDA_LOG_STREAM_NAME
    AWS_ACCESS_KEY AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
    AWS_LAMBDA_RUNTIME_API LAMBDA_TASK_ROOT LAMBDA_RUNTIME_DIR
"""
RESERVED_VARIABLES = frozenset(_RESERVED.split())
_RUNTIMES = ("python3.", "nodejs", "java", "provided")
# "Deprecated runtimes" in the developer guide's page on runtimes, those of the other languages too.
_DEPRECATED_NAMES = """
    nodejs nodejs4.3 nodejs4.3-edge nodejs6.10 nodejs8.10 nodejs10.x nodejs12.x nodejs14.x
    nodejs16.x python2.7 python3.6 python3.7 python3.8 java8 go1.x provided ruby2.5 ruby2.7
    dotnetcore1.0 dotnetcore2.0 dotnetcore2.1 dotnetcore3.1 dotnet6
"""
_DEPRECATED = frozenset(_DEPRECATED_NAMES.split())
_UNSUPPORTED = (
    "TenancyConfig",
    "CapacityProviderConfig",
    "DurableConfig",
    "RuntimeConfig",
    "AcceleratorConfig",
    "PublishTo",
)
_COPIED = ("Runtime", "Role", "Handler", "Description", "Timeout", "MemorySize")
# "Supported features and limitations" in "Improving startup performance with Lambda SnapStart".
_NO_SNAPSHOTS = ("nodejs", "provided", "python3.9", "python3.10", "python3.11")


def created(request: Request) -> Configuration:
    """The configuration that a CreateFunction request asks for; raises InvalidParameterValue.

    `Layers` are those of `layers.versions.chosen`, here and in `updated`.
    """
    if request.get("PackageType") == "Image":
        raise errors.invalid(errors.NOT_SUPPORTED.format(name="PackageType=Image"))
    if not request.get("Runtime") or not request.get("Handler"):
        raise errors.invalid(configuration_errors.NO_RUNTIME)
    configuration: Configuration = {
        "Description": "",
        "Timeout": 3,
        "MemorySize": 128,
        "TracingConfig": {"Mode": "PassThrough"},
        "PackageType": "Zip",
        "Architectures": request.get("Architectures") or ["x86_64"],
        "EphemeralStorage": {"Size": 512},
        "SnapStart": {"ApplyOn": "None", "OptimizationStatus": "Off"},
        "LoggingConfig": {
            "LogFormat": "Text",
            "LogGroup": f"/aws/lambda/{request['FunctionName']}",
        },
    }
    return updated(configuration, request)


def updated(current: Configuration, request: Request) -> Configuration:
    """The configuration after UpdateFunctionConfiguration; raises InvalidParameterValue."""
    _refuse_unsupported(request)
    changed = dict(current)
    changed.update({name: request[name] for name in _COPIED if name in request})
    for name in ("Layers", "FileSystemConfigs", "KMSKeyArn"):
        if name in request:
            _set(changed, name, request[name] or None)
    if "VpcConfig" in request:
        changed["VpcConfig"] = _vpc(current.get("VpcConfig") or {}, request["VpcConfig"])
    if "Environment" in request:
        _set(changed, "Environment", _environment(request["Environment"].get("Variables")))
    if "DeadLetterConfig" in request:
        _set(changed, "DeadLetterConfig", _dead_letter(request["DeadLetterConfig"]))
    if "TracingConfig" in request:
        changed["TracingConfig"] = {"Mode": request["TracingConfig"].get("Mode", "PassThrough")}
    if "EphemeralStorage" in request:
        changed["EphemeralStorage"] = request["EphemeralStorage"]
    if "SnapStart" in request:
        changed["SnapStart"] = _snap_start(changed["Runtime"], request["SnapStart"])
    if "LoggingConfig" in request:
        changed["LoggingConfig"] = _logging(current["LoggingConfig"], request["LoggingConfig"])
    _check_figures(changed)
    _check_file_systems(changed)
    return changed


def _set(configuration: Configuration, name: str, value: object) -> None:
    configuration.pop(name, None)
    if value is not None:
        configuration[name] = value


def _refuse_unsupported(request: Request) -> None:
    if request.get("ImageConfig"):
        raise errors.invalid(configuration_errors.IMAGE_SETTINGS)
    for name in _UNSUPPORTED:
        if request.get(name):
            raise errors.invalid(errors.NOT_SUPPORTED.format(name=name))


def _check_figures(configuration: Configuration) -> None:
    runtime = configuration["Runtime"]
    if runtime in _DEPRECATED:
        raise errors.invalid(configuration_errors.RUNTIME_DEPRECATED.format(runtime=runtime))
    if not runtime.startswith(_RUNTIMES):
        raise errors.invalid(configuration_errors.RUNTIME_NOT_RUN.format(runtime=runtime))
    if runtime.startswith("java") and not interpreters.javas():
        raise errors.invalid(configuration_errors.NO_JVM.format(runtime=runtime))
    if configuration["Timeout"] > limits.TIMEOUT_SECONDS:
        raise configuration_errors.timeout_too_long(
            configuration["Timeout"], limits.TIMEOUT_SECONDS
        )
    if configuration["MemorySize"] > limits.MEMORY_MEGABYTES:
        raise errors.invalid(configuration_errors.MEMORY_RANGE)


def _check_file_systems(configuration: Configuration) -> None:
    is_in_network = bool((configuration.get("VpcConfig") or {}).get("SubnetIds"))
    for system in configuration.get("FileSystemConfigs") or ():
        if not is_in_network:
            raise errors.invalid(configuration_errors.NO_NETWORK.format(arn=system["Arn"]))


def _environment(variables: dict[str, str] | None) -> Configuration | None:
    if variables is None:
        return None
    reserved = sorted(RESERVED_VARIABLES & variables.keys())
    if reserved:
        names = ", ".join(reserved)
        raise errors.invalid(configuration_errors.RESERVED_VARIABLES.format(names=names))
    size = len(json.dumps(variables, separators=(",", ":"), ensure_ascii=False).encode())
    if size > limits.ENVIRONMENT_BYTES:
        raise errors.invalid(configuration_errors.ENVIRONMENT_TOO_LARGE.format(size=size))
    return {"Variables": variables}


def _vpc(current: Configuration, wanted: Mapping[str, Any]) -> Configuration:
    """The VpcConfig to be shown. There are no networks here: their id is made of the subnets'."""
    vpc: Configuration = {"SubnetIds": [], "SecurityGroupIds": [], "Ipv6AllowedForDualStack": False}
    vpc |= current | {name: value for name, value in wanted.items() if value is not None}
    if bool(vpc["SubnetIds"]) != bool(vpc["SecurityGroupIds"]):
        raise errors.invalid(configuration_errors.HALF_A_NETWORK)
    subnets = ",".join(sorted(vpc["SubnetIds"]))
    vpc["VpcId"] = f"vpc-{hashlib.sha256(subnets.encode()).hexdigest()[:17]}" if subnets else ""
    return vpc


def _snap_start(runtime: str, wanted: Mapping[str, str]) -> Configuration:
    apply_on = wanted.get("ApplyOn", "None")
    if apply_on != "None" and runtime.startswith(_NO_SNAPSHOTS):
        raise errors.invalid(configuration_errors.NO_SNAPSHOTS.format(runtime=runtime))
    return {"ApplyOn": apply_on, "OptimizationStatus": "Off"}


def published(latest: Configuration) -> Configuration:
    """The configuration that a version gets when $LATEST is published."""
    snap_start = latest["SnapStart"]
    status = "On" if snap_start["ApplyOn"] == "PublishedVersions" else "Off"
    return {**latest, "SnapStart": {**snap_start, "OptimizationStatus": status}}


def _dead_letter(config: Mapping[str, str]) -> Configuration | None:
    arn = config.get("TargetArn")
    return {"TargetArn": arn} if arn else None


def _logging(current: Configuration, wanted: Mapping[str, str]) -> Configuration:
    config = {
        "LogFormat": wanted.get("LogFormat") or current["LogFormat"],
        "LogGroup": wanted.get("LogGroup") or current["LogGroup"],
    }
    if (wanted.get("LogGroup") or "").lower().startswith("aws/"):
        raise errors.invalid(configuration_errors.LOG_GROUP_OF_AWS)
    for level in ("ApplicationLogLevel", "SystemLogLevel"):
        if config["LogFormat"] == "JSON":
            config[level] = wanted.get(level) or current.get(level) or "INFO"
        elif wanted.get(level):
            raise errors.invalid(configuration_errors.LOG_LEVEL_OF_TEXT)
    return config
