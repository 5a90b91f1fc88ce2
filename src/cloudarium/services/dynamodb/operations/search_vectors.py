"""SearchVectors."""

from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.core.errors import AwsError

from .. import errors, limits, tables, values, vectors
from .. import vector_errors as wrong
from ..expressions import parser, paths
from ..expressions.expressions import expressions_of
from ..expressions.syntax import Comparison, Condition, Function, Logical, PathRef, ValueRef
from ..metrics import metered
from ..tables import Table, VectorIndex
from ..values import Item
from ..vector_math import Vector
from ..vectors import Hit


@metered("SearchVectors")
def search_vectors(ctx: Context, request: Request) -> Response:
    """Finds the items whose vectors are most like a given one, the most similar first."""
    most = request["TopK"]
    if most > limits.VECTOR_RESULTS:
        raise wrong.TopKOutOfRange(given=most)
    asked = expressions_of(request, "ProjectionExpression", "SearchConditionExpression")
    table = tables.usable(ctx, request["TableName"])
    index = table.vectors.get(request["IndexName"])
    if index is None or index.status == "DELETING":
        raise errors.NoSuchIndex(name=request["IndexName"])
    if index.status == "CREATING":
        raise wrong.NotFilled(name=index.name)
    wanted = _wanted(table, index, request)
    vector = _vector(index, request)
    hits, read = vectors.search(ctx, index, vector, wanted, most)
    answer: Response = {"SearchResults": [_result(hit, index, asked.projection) for hit in hits]}
    if request.get("ReturnConsumedCapacity", "NONE") != "NONE":
        answer["ConsumedCapacity"] = {"VectorSearchRequestBytes": float(max(read, limits.KB))}
    return answer


def _result(hit: Hit, index: VectorIndex, projection: paths.Tree | None) -> dict[str, Any]:
    item = hit.item
    if projection is not None:
        item = paths.pick(item, projection)
    else:
        item.pop(index.attribute)
    return {"Item": item, "Score": hit.score}


def _vector(index: VectorIndex, request: Request) -> Vector:
    for element in request["SearchVector"]:
        values.admit(element)
    found = vectors.vector_of(request["SearchVector"])
    if found is None:
        raise wrong.SearchValues()
    if len(found) != index.dimensions:
        raise wrong.SearchDimensions(given=len(found), wanted=index.dimensions)
    return found


def _wanted(table: Table, index: VectorIndex, request: Request) -> Item:
    """The attributes' values that the condition asks for."""
    text = request.get("SearchConditionExpression")
    wanted = {} if text is None else _equalities(parser.condition(text), request)
    for name, value in wanted.items():
        if name not in index.schema:
            raise wrong.OutsideSchema(name=name)
        given, expected = values.type_of(value), table.types[name]
        if given != expected:
            raise wrong.ConditionType(name=name, given=given, wanted=expected)
        if value == {"S": ""} and name == index.hash:
            raise errors.EmptyKeyString(name=name)
    if index.hash is not None and index.hash not in wanted:
        raise wrong.ConditionMissing()
    return wanted


def _equalities(tree: Condition, request: Request) -> Item:
    if isinstance(tree, Logical) and tree.operator == "AND":
        found: Item = {}
        for part in tree.conditions:
            found |= _equalities(part, request)
        return found
    if isinstance(tree, Logical | Function) or tree.operator in ("BETWEEN", "IN"):
        raise wrong.Operator()
    return dict([_equality(tree, request)])


def _equality(tree: Comparison, request: Request) -> tuple[str, dict[str, Any]]:
    left, right = tree.operands[0], tree.operands[-1]
    if isinstance(left, ValueRef):
        left, right = right, left
    if tree.operator != "=" or not isinstance(left, PathRef) or not isinstance(right, ValueRef):
        raise wrong.Comparator()
    if len(left.elements) > 1:
        raise _nested(left)
    name = str(left.elements[0])
    name = request.get("ExpressionAttributeNames", {}).get(name, name)
    return name, request["ExpressionAttributeValues"][right.name]


def _nested(path: PathRef) -> AwsError:
    return wrong.OutsideSchema(name=".".join(map(str, path.elements)))
