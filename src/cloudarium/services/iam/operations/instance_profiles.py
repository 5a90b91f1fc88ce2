"""Instance profiles."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.iam import entities, instance_profiles, pages, tags, views


def create_instance_profile(ctx: Context, request: Request) -> Response:
    """Make an instance profile without a role."""
    name, path = request["InstanceProfileName"], request.get("Path") or "/"
    profile = instance_profiles.create(ctx, name, path)
    tags.put(ctx, profile.id, request.get("Tags"))
    return {"InstanceProfile": views.instance_profile(ctx, profile)}


def get_instance_profile(ctx: Context, request: Request) -> Response:
    """Tell about an instance profile."""
    profile = instance_profiles.find(ctx, request["InstanceProfileName"])
    return {"InstanceProfile": views.instance_profile(ctx, profile)}


def list_instance_profiles(ctx: Context, request: Request) -> Response:
    """List the account's instance profiles below a path."""
    return _listed(ctx, request, instance_profiles.listed(ctx, request.get("PathPrefix") or "/"))


def list_instance_profiles_for_role(ctx: Context, request: Request) -> Response:
    """List the instance profiles that hold a role."""
    role = entities.find(ctx, "role", request["RoleName"])
    return _listed(ctx, request, instance_profiles.of_role(ctx, role))


def _listed(
    ctx: Context, request: Request, profiles: list[instance_profiles.InstanceProfile]
) -> Response:
    shown, rest = pages.page(request, profiles, lambda profile: profile.name)
    return {"InstanceProfiles": [views.listed_profile(ctx, each) for each in shown], **rest}


def add_role_to_instance_profile(ctx: Context, request: Request) -> None:
    """Put a role into an instance profile, which holds one at most."""
    profile = instance_profiles.find(ctx, request["InstanceProfileName"])
    role = entities.find(ctx, "role", request["RoleName"])
    instance_profiles.add_role(ctx, profile, role)


def remove_role_from_instance_profile(ctx: Context, request: Request) -> None:
    """Take a role out of an instance profile."""
    profile = instance_profiles.find(ctx, request["InstanceProfileName"])
    role = entities.find(ctx, "role", request["RoleName"])
    instance_profiles.remove_role(ctx, profile, role)


def delete_instance_profile(ctx: Context, request: Request) -> None:
    """Delete an instance profile that has no role."""
    instance_profiles.remove(ctx, instance_profiles.find(ctx, request["InstanceProfileName"]))


def tag_instance_profile(ctx: Context, request: Request) -> None:
    """Add tags to an instance profile."""
    profile = instance_profiles.find(ctx, request["InstanceProfileName"])
    tags.put(ctx, profile.id, request["Tags"])


def untag_instance_profile(ctx: Context, request: Request) -> None:
    """Remove tags from an instance profile."""
    profile = instance_profiles.find(ctx, request["InstanceProfileName"])
    tags.remove(ctx, profile.id, request["TagKeys"])


def list_instance_profile_tags(ctx: Context, request: Request) -> Response:
    """List an instance profile's tags."""
    profile = instance_profiles.find(ctx, request["InstanceProfileName"])
    shown, rest = pages.page(request, tags.shown(ctx, profile.id), lambda tag: tag["Key"])
    return {"Tags": shown, **rest}
