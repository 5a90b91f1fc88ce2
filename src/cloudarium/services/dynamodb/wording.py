"""How DynamoDB words what its model does not allow.

Its operations answer in three ways: those of items, moved to a new validation framework in 2026
(Scan in its autumn), name some members differently and do not quote their values; the two batches
have sentences of their own; the others answer as AWS's framework does, with the values of an
enumeration in the order of a Java set. So do all of a request that nests too deep for the newer
framework, or of an update without a key. Source: the service's answers as its users' captures of
them have it.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from cloudarium.core.errors import AwsError
from cloudarium.core.violations import Violation, detected

from . import backup_errors, batch_names, errors, layers, schemas, tables, tagging, update_errors

_CODE = "ValidationException"
_MOST = 10  # violations that one answer lists
_ITEM_OPERATIONS = frozenset(("DeleteItem", "GetItem", "PutItem", "Query", "Scan", "UpdateItem"))
_ENUMERATIONS = {
    "Select": "SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES",
    "ScalarAttributeType": "B, N, S",
    "ReturnValue": "ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW",
    "ConditionalOperator": "OR, AND",
    "ComparisonOperator": (
        "IN, NULL, BETWEEN, LT, NOT_CONTAINS, EQ, GT, NOT_NULL, NE, LE, BEGINS_WITH, GE, CONTAINS"
    ),
    "AttributeAction": "ADD, DELETE, PUT",
    "ProjectionType": "ALL, INCLUDE, KEYS_ONLY",
    "StreamViewType": "OLD_IMAGE, KEYS_ONLY, NEW_AND_OLD_IMAGES, NEW_IMAGE",
    "ContributorInsightsMode": "THROTTLED_KEYS, ACCESSED_AND_THROTTLED_KEYS",
}
# "UPDATE_NEW" is how the service has it.
_RETURN_VALUES = (
    "Failed to satisfy constraint: Member must satisfy enum value set: "
    "[ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]"
)
_COLLECTION_METRICS = "ReturnItemCollectionMetrics can only be SIZE or NONE"
_CONDITIONAL_OPERATOR = (
    "Failed to satisfy constraint: Member must satisfy enum value set: [ALL, OR]"
)

_NUMBERS = {"limit": "Limit", "segment": "Segment", "totalSegments": "TotalSegments"}

_Refusal = Callable[[Mapping[str, Any], list[Violation]], AwsError]


def refusal(operation: str, params: Mapping[str, Any], violations: list[Violation]) -> AwsError:
    """The error for an input of `operation` that is not as the model wants it."""
    if operation == "UpdateItem" and "Key" not in params:
        return _listed(params, sorted(violations, key=_place_in_update))
    _check_table_name(operation, params)
    if operation in _ITEM_OPERATIONS and layers.is_deep(params):
        return _listed(params, violations)
    return _REFUSALS.get(operation, _listed)(params, violations)


def _check_table_name(operation: str, params: Mapping[str, Any]) -> None:
    """Raises what is wrong with a table's name, which is looked at before all else."""
    name = params.get("TableName")
    if name is None or name.startswith("arn:"):
        return
    if operation == "CreateTable":
        schemas.check_name(name)
    elif name:
        tables.check_name(name)
    elif operation in _ITEM_OPERATIONS:
        raise errors.TableNameEmpty()
    else:
        raise errors.NoTableName()


def _listed(params: Mapping[str, Any], violations: list[Violation]) -> AwsError:
    return detected(_CODE, [_worded(each) for each in violations[:_MOST]])


def _worded(violation: Violation) -> str:
    shape = violation.shape
    if shape in _ENUMERATIONS and "enum value set" in violation.constraint:
        constraint = f"Member must satisfy enum value set: [{_ENUMERATIONS[shape]}]"
        return str(replace(violation, constraint=constraint))
    return str(violation)


def _new(params: Mapping[str, Any], violations: list[Violation]) -> AwsError:
    """The words of the newer framework, of item operations."""
    return detected(_CODE, [_worded_anew(each) for each in violations[:_MOST]])


def _worded_anew(violation: Violation) -> str:
    path = violation.path
    if path in _NUMBERS:
        return f"Value at '{_NUMBERS[path]}' failed to satisfy constraint: {violation.constraint}"
    if path == "conditionalOperator":
        return _CONDITIONAL_OPERATOR
    if path == "returnValues":
        return _RETURN_VALUES
    if path == "returnItemCollectionMetrics":
        return _COLLECTION_METRICS
    return _worded(violation)


_ORDER = ("returnConsumedCapacity", "returnValues", "returnItemCollectionMetrics")


def _of_write(params: Mapping[str, Any], violations: list[Violation]) -> AwsError:
    last = len(_ORDER)
    found = sorted(
        violations, key=lambda each: _ORDER.index(each.path) if each.path in _ORDER else last
    )
    return _new(params, found)


def _of_update(params: Mapping[str, Any], violations: list[Violation]) -> AwsError:
    """An update's `ReturnValues` is looked at by itself."""
    returned = [each for each in violations if each.path == "returnValues"]
    return _new(params, returned or violations)


_UPDATE_ORDER = (
    "returnConsumedCapacity",
    "conditionalOperator",
    "tableName",
    "returnValues",
    "key",
)


def _place_in_update(violation: Violation) -> int:
    path = violation.path
    return _UPDATE_ORDER.index(path) if path in _UPDATE_ORDER else len(_UPDATE_ORDER)


def _of_query(params: Mapping[str, Any], violations: list[Violation]) -> AwsError:
    """A query's or scan's `ConditionalOperator` is looked at by itself."""
    if any(each.path == "conditionalOperator" for each in violations):
        return AwsError(_CODE, _CONDITIONAL_OPERATOR, 400)
    return _new(params, violations)


def _of_create_table(params: Mapping[str, Any], violations: list[Violation]) -> AwsError:
    if "TableName" not in params:
        return errors.TableNameMissing()
    if all(each.path.startswith("tags.") for each in violations):
        return _of_tags(params, violations)
    return _of_update_table(params, violations)


def _of_tags(params: Mapping[str, Any], violations: list[Violation]) -> AwsError:
    return tagging.wrong(params) or _listed(params, violations)


def _of_backup(params: Mapping[str, Any], violations: list[Violation]) -> AwsError:
    """A backup's ARN is one or not, whatever its length."""
    if all(each.path == "backupArn" for each in violations):
        return backup_errors.BadBackupArn()
    return _listed(params, violations)


def _if_empty(
    member: str, error: Callable[[], AwsError], otherwise: _Refusal = _listed
) -> _Refusal:
    """A member that is an empty text is refused by itself."""

    def refusal(params: Mapping[str, Any], violations: list[Violation]) -> AwsError:
        return error() if params.get(member) == "" else otherwise(params, violations)

    return refusal


def _of_update_table(params: Mapping[str, Any], violations: list[Violation]) -> AwsError:
    """A table class is looked at after all else, and in words of its own."""
    others = [each for each in violations if each.path != "tableClass"]
    return _listed(params, others) if others else update_errors.BadTableClass()


def _of_batch_write(params: Mapping[str, Any], violations: list[Violation]) -> AwsError:
    if not params.get("RequestItems"):
        return errors.RequestItemsMissing(operation="BatchWriteItem")
    return _listed(params, violations)


def _of_batch_get(params: Mapping[str, Any], violations: list[Violation]) -> AwsError:
    requested = params.get("RequestItems")
    if requested is None:
        return errors.RequestItemsMissing(operation="BatchGetItem")
    misnamed = batch_names.misnamed_reads(requested)
    found = [] if misnamed is None else [misnamed]
    for each in violations[:_MOST]:
        name, _, member = each.path.removeprefix("requestItems.").rpartition(".member.")
        if each.path == "requestItems" and not requested:
            place = "Value at 'RequestItems'"
            found.append(f"{place} failed to satisfy constraint: {each.constraint}")
        elif member == "keys":
            place = f"Value at 'RequestItems.{name}.member.Keys'"
            found.append(f"{place} failed to satisfy constraint: {each.constraint}")
        else:
            found.append(_worded(each))
    return detected(_CODE, found)


def _of_transaction(params: Mapping[str, Any], violations: list[Violation]) -> AwsError:
    """A transaction's token is looked at first, and not quoted."""
    token = [each for each in violations if each.path == "clientRequestToken"]
    if not token:
        return _listed(params, violations)
    place = "Value at 'ClientRequestToken'"
    return detected(_CODE, [f"{place} failed to satisfy constraint: {token[0].constraint}"])


def _of_search(params: Mapping[str, Any], violations: list[Violation]) -> AwsError:
    """A search's index and vector are not quoted."""
    return detected(_CODE, [_worded_of_search(each) for each in violations[:_MOST]])


def _worded_of_search(violation: Violation) -> str:
    if violation.path not in ("indexName", "searchVector"):
        return _worded(violation)
    member = violation.path[0].upper() + violation.path[1:]
    return f"Value at '{member}' failed to satisfy constraint: {violation.constraint}"


_no_table = partial(errors.TableNameLength, member="TableName")
_of_insights = _if_empty("IndexName", partial(errors.TableNameLength, member="IndexName"))
_of_global_table = _if_empty("GlobalTableName", _no_table)

_REFUSALS: Mapping[str, _Refusal] = {
    "BatchGetItem": _of_batch_get,
    "BatchWriteItem": _of_batch_write,
    "CreateTable": _of_create_table,
    "DeleteBackup": _of_backup,
    "DeleteItem": _of_write,
    "DescribeBackup": _of_backup,
    "DescribeContributorInsights": _of_insights,
    "DescribeGlobalTable": _of_global_table,
    "DescribeGlobalTableSettings": _of_global_table,
    "ExportTableToPointInTime": _if_empty("TableArn", backup_errors.TableArnEmpty),
    "GetItem": _new,
    "PutItem": _of_write,
    "Query": _of_query,
    "RestoreTableFromBackup": _if_empty("TargetTableName", _no_table, _of_backup),
    "Scan": _of_query,
    "SearchVectors": _of_search,
    "TagResource": _of_tags,
    "TransactWriteItems": _of_transaction,
    "UntagResource": _of_tags,
    "UpdateContributorInsights": _of_insights,
    "UpdateItem": _of_update,
    "UpdateTable": _of_update_table,
}
