"""An API's resources and their methods: the rows, and the tree they form."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.services.apigateway import apis, errors

Document = dict[str, Any]

_PATH_PART = re.compile(r"[a-zA-Z0-9._\-:$]+|\{[a-zA-Z0-9._\-$:]+\+?\}")


@dataclass
class Resource:
    """One resource. `methods` has the reference's Method by HTTP method, integration included."""

    api_id: str
    id: str
    parent_id: str | None
    path_part: str
    path: str = ""
    methods: dict[str, Document] = field(default_factory=dict)

    @property
    def is_greedy(self) -> bool:
        """Whether the resource takes the rest of the path."""
        return self.path_part.endswith("+}")

    @property
    def is_variable(self) -> bool:
        """Whether the path part is a parameter."""
        return self.path_part.startswith("{")


def load(ctx: Context, api_id: str) -> dict[str, Resource]:
    """Return all resources of an API by id, in the order of their paths."""
    rows = ctx.db.execute("SELECT * FROM resources WHERE api_id = ?", (api_id,)).fetchall()
    found = {
        row["id"]: Resource(
            api_id,
            row["id"],
            row["parent_id"],
            row["path_part"],
            methods=json.loads(row["methods"]),
        )
        for row in rows
    }
    for resource in found.values():
        resource.path = _path(found, resource)
    return dict(sorted(found.items(), key=lambda item: item[1].path))


def _path(resources: dict[str, Resource], resource: Resource) -> str:
    parts: list[str] = []
    at: Resource | None = resource
    while at is not None and at.parent_id is not None:
        parts.append(at.path_part)
        at = resources.get(at.parent_id)
    return "/" + "/".join(reversed(parts))


def find(ctx: Context, api_id: str, resource_id: str) -> Resource:
    """Return the resource, or raise ResourceNotFound (also when there is no such API)."""
    resources = load(ctx, api_id) if apis.get(ctx, api_id) else {}
    if resource_id not in resources:
        raise errors.ResourceNotFound()
    return resources[resource_id]


def method(resource: Resource, http_method: str) -> Document:
    """Return the resource's method, or raise MethodNotFound."""
    if http_method not in resource.methods:
        raise errors.MethodNotFound()
    return resource.methods[http_method]


def add(ctx: Context, api_id: str, parent_id: str, path_part: str) -> Resource:
    """Store a new resource below `parent_id` and return it."""
    resources = load(ctx, api_id)
    if parent_id not in resources:
        raise errors.ResourceNotFound()
    resource = Resource(api_id, apis.new_id(ctx), parent_id, path_part)
    check_place(resources, resource)
    resources[resource.id] = resource
    resource.path = _path(resources, resource)
    ctx.db.execute(
        "INSERT INTO resources VALUES (?, ?, ?, ?, '{}')",
        (api_id, resource.id, parent_id, path_part),
    )
    return resource


def check_place(resources: dict[str, Resource], resource: Resource) -> None:
    """Raise unless `resource` may stand where it says among `resources`."""
    if not _PATH_PART.fullmatch(resource.path_part):
        raise errors.PathPartInvalid()
    if resource.parent_id not in resources:
        raise errors.ResourceNotFound()
    parent = resources[resource.parent_id]
    if parent.is_greedy:
        raise errors.GreedyParent(path_part=parent.path_part)
    for other in resources.values():
        if other.parent_id != resource.parent_id or other.id == resource.id:
            continue
        if other.path_part == resource.path_part:
            raise errors.ResourceExists(path_part=resource.path_part)
        if other.is_variable and resource.is_variable:
            raise errors.VariableSibling(path_part=other.path_part)


def move(ctx: Context, resource: Resource, parent_id: str | None, path_part: str) -> Resource:
    """Give a resource another parent or path part, and return it as it then is."""
    resources = load(ctx, resource.api_id)
    moved = Resource(resource.api_id, resource.id, parent_id, path_part, methods=resource.methods)
    check_place(resources, moved)
    if any(one.id == parent_id for one in below(resources, resource.id)):
        raise errors.ResourcesCyclical()
    ctx.db.execute(
        "UPDATE resources SET parent_id = ?, path_part = ? WHERE api_id = ? AND id = ?",
        (parent_id, path_part, resource.api_id, resource.id),
    )
    return load(ctx, resource.api_id)[resource.id]


def below(resources: dict[str, Resource], resource_id: str) -> list[Resource]:
    """Return a resource and all that stand below it."""
    found = [resources[resource_id]]
    for one in found:
        found.extend(child for child in resources.values() if child.parent_id == one.id)
    return found


def save_methods(ctx: Context, resource: Resource) -> None:
    """Store the resource's methods as they now are."""
    ctx.db.execute(
        "UPDATE resources SET methods = ? WHERE api_id = ? AND id = ?",
        (json.dumps(resource.methods), resource.api_id, resource.id),
    )


def delete(ctx: Context, resource: Resource) -> None:
    """Delete a resource and all below it."""
    for one in below(load(ctx, resource.api_id), resource.id):
        ctx.db.execute("DELETE FROM resources WHERE api_id = ? AND id = ?", (one.api_id, one.id))


def put_all(
    ctx: Context, api: apis.Api, methods_by_path: dict[str, dict[str, Document]], *, only: bool
) -> None:
    """Add methods to the API's resources, making those that are not there.

    With `only`, the API then has these resources and no others; known paths keep their ids.
    """
    known = load(ctx, api.id)
    ids = {one.path: one.id for one in known.values()}
    if only:
        ctx.db.execute("DELETE FROM resources WHERE api_id = ?", (api.id,))
        known = {api.root_id: Resource(api.id, api.root_id, None, "", "/")}
    by_path = {one.path: one for one in known.values()}
    for path, methods in sorted(methods_by_path.items()):
        resource = _ensure(ctx, known, by_path, path, ids)
        resource.methods.update(methods)
        for integration in (one.get("methodIntegration") for one in methods.values()):
            if integration is not None and not integration["cacheNamespace"]:
                integration["cacheNamespace"] = resource.id
    ctx.db.executemany(
        "INSERT OR REPLACE INTO resources VALUES (?, ?, ?, ?, ?)",
        [
            (api.id, one.id, one.parent_id, one.path_part, json.dumps(one.methods))
            for one in known.values()
        ],
    )


def _ensure(
    ctx: Context,
    known: dict[str, Resource],
    by_path: dict[str, Resource],
    path: str,
    ids: dict[str, str],
) -> Resource:
    """Return the resource at `path`, made with those above it if need be; nothing is stored."""
    at, walked = by_path["/"], ""
    for part in [one for one in path.split("/") if one]:
        walked += f"/{part}"
        if walked not in by_path:
            made = Resource(at.api_id, ids.get(walked) or apis.new_id(ctx), at.id, part, walked)
            try:
                check_place(known, made)
            except AwsError as error:
                problem = f"Unable to create resource at path '{walked}': {error.message}"
                raise errors.ImportInvalid(problems=problem) from error
            known[made.id] = by_path[walked] = made
        at = by_path[walked]
    return at


def answer(resource: Resource, *, with_methods: bool = False) -> Document:
    """Return the reference's Resource; `with_methods` embeds the methods themselves."""
    shown: Document = {"id": resource.id, "path": resource.path}
    if resource.parent_id is not None:
        shown["parentId"] = resource.parent_id
        shown["pathPart"] = resource.path_part
    if resource.methods:
        shown["resourceMethods"] = {
            name: document if with_methods else {} for name, document in resource.methods.items()
        }
    return shown
