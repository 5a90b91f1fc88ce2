"""Whether a pipeline's declaration is one CodePipeline takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cloudarium.services.codepipeline import action_types, errors, limits
from cloudarium.services.codepipeline.action_types import ActionType

Declaration = dict[str, Any]
# Declared by the model, but not built here: refused, so that nothing is silently left out.
_UNSUPPORTED_STAGE = ("onFailure", "onSuccess", "beforeEntry")
_UNSUPPORTED_ACTION = ("commands", "outputVariables", "environmentVariables")


def check(declaration: Declaration, region: str) -> None:
    """Raise the first error of `declaration`."""
    _check_pipeline(declaration, region)
    _check_stages(declaration["stages"])
    for action in actions(declaration):
        _check_action(action, region)
    _check_artifacts(declaration)


def actions(declaration: Declaration) -> Iterator[dict[str, Any]]:
    """Yield all actions in the order they are declared."""
    for stage in declaration["stages"]:
        yield from stage["actions"]


def normalized(declaration: Declaration, version: int) -> Declaration:
    """Return the declaration as GetPipeline answers it: defaults filled in, empty lists there."""
    return {
        **declaration,
        "version": version,
        "executionMode": declaration.get("executionMode", "SUPERSEDED"),
        "pipelineType": declaration.get("pipelineType", "V1"),
        "stages": [
            {**stage, "actions": [_normalized_action(action) for action in stage["actions"]]}
            for stage in declaration["stages"]
        ],
    }


def _normalized_action(action: dict[str, Any]) -> dict[str, Any]:
    return {
        "runOrder": 1,
        "configuration": {},
        "outputArtifacts": [],
        "inputArtifacts": [],
        **action,
    }


def _check_pipeline(declaration: Declaration, region: str) -> None:
    stores = declaration.get("artifactStores")
    if ("artifactStore" in declaration) == bool(stores):
        raise errors.NoArtifactStore()
    _check_regions(declaration, region)
    mode = declaration.get("executionMode", "SUPERSEDED")
    is_v2 = declaration.get("pipelineType", "V1") == "V2"
    if declaration.get("triggers"):
        raise errors.NotSupported(what="A trigger of a source connection")
    if not is_v2 and declaration.get("variables"):
        raise errors.VariablesNeedV2()
    if not is_v2 and mode != "SUPERSEDED":
        raise errors.ModeNeedsV2()
    names = [variable["name"] for variable in declaration.get("variables", [])]
    for position, name in enumerate(names):
        if names.index(name) != position:
            raise errors.DuplicateVariable(name=name)


def _check_regions(declaration: Declaration, region: str) -> None:
    needed = [region, *(action.get("region", region) for action in actions(declaration))]
    if "artifactStore" in declaration and len(set(needed)) > 1:
        raise errors.ManyRegions()
    stores = declaration.get("artifactStores")
    for each in needed:
        if stores and each not in stores:
            raise errors.ArtifactStoreElsewhere(region=each)


def _check_stages(stages: list[dict[str, Any]]) -> None:
    if len(stages) < limits.FEWEST_STAGES:
        raise errors.TooFewStages(count=len(stages))
    if len(stages) > limits.MOST_STAGES:
        raise errors.TooManyStages(limit=limits.MOST_STAGES)
    if all(map(_is_of_sources, stages)):
        raise errors.OnlySources()
    names = [stage["name"] for stage in stages]
    for position, stage in enumerate(stages):
        if names.index(stage["name"]) != position:
            raise errors.DuplicateStage(name=stage["name"])
        _check_stage(stage, is_first=position == 0)


def _is_of_sources(stage: dict[str, Any]) -> bool:
    categories = {action["actionTypeId"]["category"] for action in stage["actions"]}
    return categories == {"Source"}


def _check_stage(stage: dict[str, Any], *, is_first: bool) -> None:
    if not stage["actions"]:
        raise errors.EmptyStage(name=stage["name"])
    for key in _UNSUPPORTED_STAGE:
        if key in stage:
            raise errors.NotSupported(what=f"{key} of stage '{stage['name']}'")
    names = [action["name"] for action in stage["actions"]]
    for position, action in enumerate(stage["actions"]):
        is_source = action["actionTypeId"]["category"] == "Source"
        if is_first and not is_source:
            raise errors.SourceStageFirst()
        if is_source and not is_first:
            raise errors.SourceOnlyFirst()
        if names.index(action["name"]) != position:
            raise errors.DuplicateAction(action=action["name"], stage=stage["name"])


def _check_action(action: dict[str, Any], region: str) -> None:
    name, type_id = action["name"], action["actionTypeId"]
    found = action_types.find(type_id)
    if found is None:
        place = region.upper().replace("-", "_")
        raise errors.UnknownActionType(action=name, region=place, **type_id)
    for key in _UNSUPPORTED_ACTION:
        if key in action:
            raise errors.NotSupported(what=f"{key} of action '{name}'")
    _check_configuration(name, action.get("configuration", {}), found)
    _check_count(action, "input", found.inputs)
    _check_count(action, "output", found.outputs)


def _check_configuration(name: str, given: dict[str, str], type_: ActionType) -> None:
    for key in sorted(type_.required):
        if key not in given:
            raise errors.MissingConfiguration(action=name, key=key)
    for key, value in given.items():
        if key not in type_.required | type_.optional:
            raise errors.UnknownConfiguration(action=name, key=key)
        if key in type_.values and value not in type_.values[key]:
            raise errors.InvalidConfiguration(action=name, key=key, value=value)
    if type_.provider == "CloudFormation":
        _check_cloudformation(name, given)
    if given.get("Extract") == "false" and "ObjectKey" not in given:
        raise errors.MissingConfiguration(action=name, key="ObjectKey")


def _check_cloudformation(name: str, given: dict[str, str]) -> None:
    """Each mode needs keys of its own ("AWS CloudFormation deploy action reference")."""
    mode = given["ActionMode"]
    needed: list[str] = []
    if mode.startswith("CHANGE_SET"):
        needed.append("ChangeSetName")
    if mode != "CHANGE_SET_EXECUTE":
        needed.append("RoleArn")
    if mode in ("CHANGE_SET_REPLACE", "CREATE_UPDATE", "REPLACE_ON_FAILURE"):
        needed.append("TemplatePath")
    for key in needed:
        if key not in given:
            raise errors.MissingConfiguration(action=name, key=key)


def _check_count(action: dict[str, Any], direction: str, bounds: tuple[int, int]) -> None:
    fewest, most = bounds
    count = len(action.get(f"{direction}Artifacts", []))
    fields: dict[str, Any] = {"action": action["name"], "count": count, "direction": direction}
    if count < fewest:
        raise errors.TooFewArtifacts(limit=fewest, **fields)
    if count > most:
        raise errors.TooManyArtifacts(limit=most, **fields)


def _check_artifacts(declaration: Declaration) -> None:
    """Every input is the output of an earlier action; outputs and namespaces are unique."""
    known: set[str] = set()
    namespaces: set[str] = set()
    for stage in declaration["stages"]:
        for action in sorted(stage["actions"], key=lambda action: action.get("runOrder", 1)):
            for artifact in action.get("inputArtifacts", []):
                if artifact["name"] not in known:
                    raise errors.UndeclaredInput(artifact=artifact["name"], action=action["name"])
            for artifact in action.get("outputArtifacts", []):
                if artifact["name"] in known:
                    raise errors.DuplicateOutput(artifact=artifact["name"])
                known.add(artifact["name"])
            namespace = action.get("namespace")
            if namespace in namespaces:
                raise errors.DuplicateNamespace(namespace=namespace)
            if namespace:
                namespaces.add(namespace)
