"""What a build's phases do: its role, its source, its commands, its artifacts."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path
from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.identity import Access, Principal
from cloudarium.services.codebuild import buildspec, environment, files, limits, sources
from cloudarium.services.codebuild.builds import Build
from cloudarium.services.codebuild.buildspec import Artifact, Buildspec, Phase
from cloudarium.services.codebuild.container import Container
from cloudarium.services.codebuild.errors import PhaseFailed
from cloudarium.services.codebuild.progress import Progress


class Job:
    """One attempt at a build."""

    def __init__(
        self, ctx: Context, build: Build, progress: Progress, container: Container
    ) -> None:
        self._ctx = ctx
        self._build = build
        self._progress = progress
        self._container = container
        self._spec: Buildspec | None = None
        self._role: Principal | None = None

    @property
    def role(self) -> Principal:
        """The session of the service role the build runs as."""
        if self._role is None:
            raise PhaseFailed("CLIENT_ERROR", "the build has no role yet")
        return self._role

    @property
    def spec(self) -> Buildspec:
        """The build specification."""
        if self._spec is None:
            raise PhaseFailed("YAML_FILE_ERROR", "YAML file does not exist")
        return self._spec

    def phase(self, name: str) -> Phase:
        """Return a phase's commands, none if the specification does not have it."""
        return self.spec.phases.get(name, Phase())

    # PROVISIONING

    async def provision(self) -> None:
        """Take the service role and open the container."""
        ctx, build = self._ctx, self._build
        session = f"AWSCodeBuild-{build['id'].rpartition(':')[2]}"[:64]
        self._role = await ctx.assume_role(build["serviceRole"], session)
        self._progress.logging = self._may_log()
        await self._container.open()
        self._container.environment.update(await self._credentials(session))
        self._container.environment.update(await self._about())
        self._progress.say("Waiting for agent ping")

    def _may_log(self) -> bool:
        logs = self._build["logs"]
        if logs.get("cloudWatchLogs", {}).get("status") == "DISABLED":
            return False
        stream = f"log-group:{logs['groupName']}:log-stream:{logs['streamName']}"
        access = Access("logs:PutLogEvents", self._ctx.arn(stream, "logs"))
        return self._ctx.allowed(access, self.role)

    async def _credentials(self, session: str) -> dict[str, str]:
        params = {
            "RoleArn": self._build["serviceRole"],
            "RoleSessionName": session,
            "DurationSeconds": limits.CREDENTIAL_SECONDS,
        }
        answer = await self._ctx.call("sts", "AssumeRole", params)
        keys = answer["Credentials"]
        return {
            "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
            "AWS_SESSION_TOKEN": keys["SessionToken"],
        }

    async def _about(self) -> dict[str, str]:
        """What CodeBuild tells a build in its environment.

        https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html
        """
        build, region = self._build, self._ctx.region
        about = {
            "AWS_DEFAULT_REGION": region,
            "AWS_REGION": region,
            "AWS_ENDPOINT_URL": await self._ctx.endpoint(),
            "CODEBUILD_BUILD_ARN": build["arn"],
            "CODEBUILD_BUILD_ID": build["id"],
            "CODEBUILD_BUILD_IMAGE": build["environment"]["image"],
            "CODEBUILD_BUILD_NUMBER": str(build["buildNumber"]),
            "CODEBUILD_BUILD_SUCCEEDING": "1",
            "CODEBUILD_CI": "true",
            "CODEBUILD_INITIATOR": build["initiator"],
            "CODEBUILD_LOG_PATH": build["logs"]["streamName"],
            "CODEBUILD_PROJECT_ARN": self._ctx.arn(f"project/{build['projectName']}"),
            "CODEBUILD_RESOLVED_SOURCE_VERSION": build.get("resolvedSourceVersion", ""),
            "CODEBUILD_SOURCE_REPO_URL": build["source"].get("location", ""),
            "CODEBUILD_SOURCE_VERSION": build.get("sourceVersion", ""),
            "CODEBUILD_SRC_DIR": f"{self._container.seen}/src",
            "CODEBUILD_START_TIME": str(int(build["startTime"] * 1000)),
        }
        for source in build.get("secondarySources", []):
            name = source["sourceIdentifier"]
            about[f"CODEBUILD_SRC_DIR_{name}"] = f"{self._container.seen}/src-{name}"
        return about

    # DOWNLOAD_SOURCE

    async def download(self) -> None:
        """Fetch the sources, read the build specification, restore the cache."""
        build, container = self._build, self._container
        await sources.fetch(self, build["source"], container.source)
        for source in build.get("secondarySources", []):
            folder = container.source.with_name(f"src-{source['sourceIdentifier']}")
            folder.mkdir()
            await sources.fetch(self, source, folder)
        self._spec = buildspec.parse(sources.specification(build["source"], container.source))
        container.shell = self._spec.shell
        if self._spec.python is not None:
            self._choose_python(self._spec.python)
        given = build["environment"]["environmentVariables"]
        container.environment.update(await self._variables(environment.of(self._spec, given)))
        if self._cached:
            found = await asyncio.to_thread(
                files.restore, self._cache, container.source, self._cached
            )
            self._progress.say(f"{found} cached paths restored")

    async def _variables(self, wanted: list[environment.Variable]) -> dict[str, str]:
        """Return the values of a build's variables; those from Parameter Store are kept secret."""
        names = [each.value for each in wanted if each.stored]
        if not names:
            return {each.name: each.value for each in wanted}
        self._progress.say("Decrypting parameter store environment variables")
        stored = await environment.stored(self._ctx, self.role, names)
        self._progress.hide(stored.values())
        return {each.name: stored[each.value] if each.stored else each.value for each in wanted}

    def _choose_python(self, wanted: int) -> None:
        found = self._container.choose_python(wanted)
        if found != wanted:
            missing = f"this machine has no Python 3.{wanted}"
            self._progress.say(f"Cloudarium: {missing}; the build has Python 3.{found}.")

    @property
    def _cached(self) -> list[str]:
        cache = self._build["cache"]
        custom = "LOCAL_CUSTOM_CACHE" in cache.get("modes", [])
        return files.cache_folders(self.spec.cache_paths) if custom else []

    @property
    def _cache(self) -> Path:
        ctx = self._ctx
        folder = ctx.cloud.folder / "run" / "cache" / ctx.account / ctx.region
        return folder / str(self._build["projectName"])

    @property
    def ctx(self) -> Context:
        """The job's context."""
        return self._ctx

    def resolve(self, version: str) -> None:
        """Note which version of its source the build is of."""
        self._build["resolvedSourceVersion"] = version
        self._container.environment["CODEBUILD_RESOLVED_SOURCE_VERSION"] = version

    # INSTALL to POST_BUILD

    async def command(self, command: str) -> None:
        """Run one command. Raises PhaseFailed if it fails or the build is stopped."""
        self._progress.say(f"Running command {command}")
        status = await self._container.run(command, self._progress)
        if self._container.stopped:
            raise PhaseFailed("BUILD_STOPPED", "Build has been stopped.")
        if status != 0:
            self._progress.say(f"Command did not exit successfully {command} exit status {status}")
            raise PhaseFailed(
                "COMMAND_EXECUTION_ERROR",
                f"Error while executing command: {command}. Reason: exit status {status}",
            )

    def failed(self) -> None:
        """Tell later commands that the build does not succeed."""
        self._container.environment["CODEBUILD_BUILD_SUCCEEDING"] = "0"

    # UPLOAD_ARTIFACTS

    async def upload(self) -> None:
        """Put the artifacts into S3."""
        variables = self._container.environment
        if self._spec is not None and self._spec.artifact is not None:
            await self._put(self._build["artifactsRequested"], self._spec.artifact, variables)
        for target in self._build.get("secondaryArtifactsRequested", []):
            name = target["artifactIdentifier"]
            if name not in self.spec.secondary:
                raise PhaseFailed("CLIENT_ERROR", f"no secondary artifact {name} in the buildspec")
            await self._put(target, self.spec.secondary[name], variables)
        given = self._build["environment"]["environmentVariables"]
        exported = self._container.variables(environment.exportable(self.spec.exported, given))
        self._build["exportedEnvironmentVariables"] = [
            {"name": name, "value": value} for name, value in sorted(exported.items())
        ]

    async def _put(
        self, target: dict[str, Any], artifact: Artifact, variables: dict[str, str]
    ) -> None:
        if target["type"] == "NO_ARTIFACTS":
            return
        chosen = await asyncio.to_thread(files.pick, artifact, self._container.source, variables)
        self._progress.say(f"Found {len(chosen)} file(s)")
        prefix = _prefix(target, artifact, self._build, variables)
        if target.get("packaging") == "ZIP":
            data = await asyncio.to_thread(files.zipped, chosen)
            await self._put_object(target["location"], prefix, data)
            self._describe(target, prefix, data)
        else:
            for name, path in chosen:
                await self._put_object(target["location"], f"{prefix}/{name}", path.read_bytes())

    async def _put_object(self, bucket: str, key: str, data: bytes) -> None:
        params = {"Bucket": bucket, "Key": key.lstrip("/"), "Body": data}
        await self._ctx.call("s3", "PutObject", params, principal=self.role)

    def _describe(self, target: dict[str, Any], key: str, data: bytes) -> None:
        if target is self._build["artifactsRequested"]:
            self._build["artifacts"] = {
                "location": f"arn:aws:s3:::{target['location']}/{key}",
                "sha256sum": hashlib.sha256(data).hexdigest(),
                "md5sum": hashlib.md5(data, usedforsecurity=False).hexdigest(),
            }

    # FINALIZING

    async def finalize(self) -> None:
        """Keep what is cached for the next build."""
        if self._cached:
            await asyncio.to_thread(files.keep, self._cache, self._container.source, self._cached)

    @property
    def build(self) -> Build:
        """The build."""
        return self._build

    @property
    def container(self) -> Container:
        """The container it runs in."""
        return self._container


def _prefix(
    target: dict[str, Any], artifact: Artifact, build: Build, variables: dict[str, str]
) -> str:
    """Return the artifact's key: `path/namespace/name`."""
    name = target.get("name") or build["projectName"]
    if target.get("overrideArtifactName") and artifact.name:
        name = files.expand(artifact.name, variables)
    namespace = build["id"].rpartition(":")[2] if target.get("namespaceType") == "BUILD_ID" else ""
    return "/".join(part.strip("/") for part in (target.get("path", ""), namespace, name) if part)
