"""Vector indexes as requests state them and as tables describe them."""

from typing import Any

from cloudarium.core.context import Context

from . import errors, limits, projections, storage
from . import vector_errors as wrong
from .tables import Table, VectorIndex


def add_all(ctx: Context, table: Table, given: list[dict[str, Any]] | None) -> None:
    """Adds the indexes a request describes, if any, to a table. ValidationException."""
    if given == []:
        raise errors.IndexListEmpty(kind="Vector")
    for each in given or ():
        add(ctx, table, each)


def add(ctx: Context, table: Table, given: dict[str, Any]) -> VectorIndex:
    """Adds the index a request describes to a table. ValidationException if it is wrong."""
    if table.is_provisioned:
        raise wrong.OnlyOnDemand()
    index = _index(given)
    if index.name in table.indexes or index.name in table.vectors:
        raise errors.DuplicateIndex(name=index.name)
    if index.dimensions > limits.VECTOR_DIMENSIONS:
        raise wrong.TooManyDimensions()
    if any(name not in table.types for name in index.schema):
        raise wrong.SchemaUndefined()
    if index.attribute in table.types:
        raise wrong.AttributeDefined(name=index.attribute)
    for other in table.vectors.values():
        if other.attribute == index.attribute and other.dimensions != index.dimensions:
            raise wrong.DimensionsDiffer(name=index.attribute)
    if len(table.vectors) >= limits.VECTOR_INDEXES:
        raise wrong.TooMany()
    index.space = storage.new_space(ctx)
    table.vectors[index.name] = index
    return index


def _index(given: dict[str, Any]) -> VectorIndex:
    kind, non_key = projections.read(given["Projection"])
    if len(non_key) >= limits.VECTOR_PROJECTED:
        raise wrong.TooManyProjected(count=len(non_key) + 1)
    return VectorIndex(
        name=given["IndexName"],
        space=0,
        attribute=given["VectorAttribute"]["AttributeName"],
        dimensions=given["Dimensions"],
        function=given["DistanceFunction"],
        projection=kind,
        non_key=non_key,
        schema=_schema(given.get("SearchSchema") or []),
    )


def _schema(given: list[dict[str, str]]) -> dict[str, str]:
    schema = {each["AttributeName"]: each["SearchSchemaElementType"] for each in given}
    if len(schema) != len(given):
        raise wrong.SchemaDuplicate()
    for kind, most in (("HASH", 1), ("INLINE_FILTER", limits.VECTOR_FILTERS)):
        count = list(schema.values()).count(kind)
        if count > most:
            raise wrong.SchemaTooMany(kind=kind, count=count, most=most)
    return schema


def definition(index: VectorIndex) -> dict[str, Any]:
    """An index as a request describes it."""
    projection: dict[str, Any] = {"ProjectionType": index.projection}
    if index.non_key:
        projection["NonKeyAttributes"] = index.non_key
    shown: dict[str, Any] = {
        "IndexName": index.name,
        "VectorAttribute": {"AttributeName": index.attribute},
        "Dimensions": index.dimensions,
        "DistanceFunction": index.function,
        "Projection": projection,
    }
    if index.schema:
        shown["SearchSchema"] = [
            {"AttributeName": name, "SearchSchemaElementType": kind}
            for name, kind in index.schema.items()
        ]
    return shown


def description(ctx: Context, table: Table, index: VectorIndex) -> dict[str, Any]:
    """A `VectorIndexDescription`; its counts are exact, not some hours old as on AWS."""
    entries, size = storage.totals(ctx, index.space)
    shown = definition(index) | {
        "IndexStatus": "CREATING" if table.status == "CREATING" else index.status,
        "IndexSizeBytes": size,
        "ItemCount": entries,
        "IndexArn": f"{table.arn}/index/{index.name}",
    }
    if index.backfilling:
        shown["Backfilling"] = not index.allocating
    return shown
