"""A function's program: how its runtime is started, and what it finds in its environment."""

from __future__ import annotations

from collections.abc import Mapping

from cloudarium.functions.launch import Launch
from cloudarium.functions.processes import Mount, Process, ProcessSpec
from cloudarium.functions.runtimes import LAYERS, RUNTIME_FOLDER, TASK_ROOT, Launcher
from cloudarium.functions.sandbox import Sandbox


def program(
    launch: Launch,
    found: Launcher,
    api: str,
    sandbox: Sandbox,
    more: list[Mount],
    after: Process | None,
) -> ProcessSpec:
    """What a function's process is started with.

    api: the Runtime API's address. more: what else it sees. after: whose /tmp it has.
    """
    mounts = [Mount(str(launch.code), TASK_ROOT), *found.mounts, *more]
    if launch.layers:
        mounts.append(Mount(str(launch.layers), LAYERS))
    places = {mount.target: sandbox.view(mount) for mount in mounts}
    variables = dict(launch.environment) | {
        "AWS_LAMBDA_RUNTIME_API": api,
        "LAMBDA_TASK_ROOT": places[TASK_ROOT],
        "LAMBDA_RUNTIME_DIR": places.get(RUNTIME_FOLDER, RUNTIME_FOLDER),
    }
    if found.is_ours:  # as AWS's, which a shell starts
        variables = {"PWD": places[TASK_ROOT], "SHLVL": "0", **variables}
    for name, folders in found.search_paths.items():
        variables.setdefault(name, ":".join(_placed(folder, places) for folder in folders))
    return ProcessSpec(
        argv=found.argv and tuple(_placed(word, places) for word in found.argv),
        environment=variables,
        folder=places[TASK_ROOT],
        mounts=tuple(mounts),
        memory_megabytes=launch.memory_megabytes + found.allowance_megabytes,
        tmp_megabytes=launch.tmp_megabytes,
        python=found.python,
        keeps_tmp=True,
        nests=False,
        after=after,
    )


def _placed(word: str, places: Mapping[str, str]) -> str:
    for target, view in places.items():
        if word == target or word.startswith(f"{target}/"):
            return view + word[len(target) :]
    return word
