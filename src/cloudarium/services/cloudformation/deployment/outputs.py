"""What a finished stack says: its outputs, its exports, what it imports."""

from __future__ import annotations

from typing import Any

from cloudarium.services.cloudformation import exports, stacks
from cloudarium.services.cloudformation.deployment.run import Run
from cloudarium.services.cloudformation.errors import format_error
from cloudarium.services.cloudformation.template.evaluate import Evaluator
from cloudarium.services.cloudformation.template.parameters import text


def evaluated(evaluator: Evaluator) -> list[dict[str, Any]]:
    """Return DescribeStacks' `Outputs` of a template whose resources exist."""
    found = []
    for output in evaluator.template.outputs.values():
        if not evaluator.active(output.condition):
            continue
        value = evaluator.evaluate(output.value)
        if not isinstance(value, str | int | float):
            raise format_error(
                f"Output {output.name} is malformed. The Value field of every Outputs member must "
                "evaluate to a String."
            )
        shown = {"OutputKey": output.name, "OutputValue": text(value)}
        if output.description:
            shown["Description"] = output.description
        if output.export_name is not None:
            shown["ExportName"] = text(evaluator.evaluate(output.export_name))
        found.append(shown)
    return found


def publish(run: Run) -> None:
    """Write the outputs, exports and imports of a stack whose resources are all there.

    Raises when an export may not be made, changed or withdrawn.
    """
    found = evaluated(run.evaluator)
    wanted = {o["ExportName"]: o["OutputValue"] for o in found if "ExportName" in o}
    exports.replace(run.ctx, run.stack, wanted)
    exports.replace_imports(run.ctx, run.stack_id, _imports(run.evaluator))
    stacks.set_outputs(run.ctx, run.stack_id, found)


def _imports(evaluator: Evaluator) -> list[str]:
    """Return the names a template imports, by evaluating all of it once more."""
    names: dict[str, None] = {}
    answer = evaluator.export

    def noted(name: str) -> str:
        names[name] = None
        return answer(name)

    evaluator.export = noted
    for logical_id in evaluator.graph():
        evaluator.evaluate(dict(evaluator.template.resources[logical_id].properties))
    evaluated(evaluator)
    evaluator.export = answer
    return list(names)
