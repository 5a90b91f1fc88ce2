"""The build image: this machine's Python, pip, AWS CLI, git and system tools.

CodeBuild's own images cannot run without Docker; what a serverless build needs of
`aws/codebuild/standard` is laid out here once per cloud, and a fresh virtual environment per build.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import shutil
import sys
import sysconfig
from pathlib import Path

from cloudarium.core.runtime import ServiceRuntime

# What a machine says of its network, which a build needs to reach package registries.
_NETWORK = (
    *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
    *("NODE_EXTRA_CA_CERTS", "GIT_SSL_CAINFO"),
    *("PIP_CERT", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_TRUSTED_HOST"),
    *("PIP_DEFAULT_TIMEOUT", "PIP_NO_INDEX", "PIP_FIND_LINKS"),
)
_PIP_CONFIGURATION = ("/etc/pip.conf", "~/.config/pip/pip.conf", "~/.pip/pip.conf")


class Image:
    """The tools builds find, in the state folder's `run/image`."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        self.folder = runtime.kernel.info.folder / "run" / "image"
        self._lock = asyncio.Lock()
        self._ready = False

    async def prepare(self) -> None:
        """Lay out the tools, once."""
        async with self._lock:
            if not self._ready:
                await asyncio.to_thread(self._lay_out)
                self._ready = True

    def _lay_out(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        site, binaries = self.folder / "site", self.folder / "bin"
        binaries.mkdir(parents=True)
        _copy(_pip(), site / "pip")
        for name in ("pip", "pip3"):
            _script(binaries / name, 'exec python -m pip "$@"')
        # The endpoint is an option too: the CLI's SQS and RDS do not heed the variable.
        aws = f'exec "{sys.executable}" -m awscli --endpoint-url "$AWS_ENDPOINT_URL" "$@"'
        _script(binaries / "aws", aws)

    def environment(self) -> dict[str, str]:
        """Return what this machine's environment says of its network, and how tools behave."""
        found = {name: os.environ[name] for name in _NETWORK if name in os.environ}
        # The machine's own git configuration is not a build's, which may not be able to read it.
        return {**found, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "GIT_CONFIG_NOSYSTEM": "1"}

    def pip_configuration(self) -> str | None:
        """Return the text of this machine's pip configuration, if it has one."""
        for name in reversed(_PIP_CONFIGURATION):
            path = Path(name).expanduser()
            if path.is_file():
                return path.read_text()
        return None

    def virtual_environment(self, folder: Path, image: str, python: Path | None = None) -> None:
        """Make a fresh virtual environment at `folder` that finds pip at `image` (as seen).

        It is of `python` (a program named like `python3.13`), or of the one that runs this.
        """
        shutil.rmtree(folder, ignore_errors=True)
        version = python.name.removeprefix("python") if python else sysconfig.get_python_version()
        binaries = folder / "bin"
        site = folder / "lib" / f"python{version}" / "site-packages"
        binaries.mkdir(parents=True)
        site.mkdir(parents=True)
        interpreter = python or Path(sys.executable).resolve()
        for name in ("python", "python3", f"python{version}"):
            (binaries / name).symlink_to(interpreter)
        (folder / "pyvenv.cfg").write_text(
            f"home = {interpreter.parent}\ninclude-system-site-packages = false\n"
            f"version = {version}\n"
        )
        (site / "image.pth").write_text(f"{image}/site\n")


def _pip() -> Path:
    """Return the folder of the pip beside us, which installs for the interpreters of all runtimes.

    That of `ensurepip` need not: Debian's of Python 3.11 does not know Python 3.12.
    """
    found = importlib.util.find_spec("pip")
    if found is None or found.origin is None:
        raise FileNotFoundError("builds need pip, which was installed with Cloudarium")
    return Path(found.origin).parent


def _copy(package: Path, place: Path) -> None:
    caches = shutil.ignore_patterns("__pycache__")
    shutil.copytree(package, place, ignore=caches, dirs_exist_ok=True)


def _script(path: Path, command: str) -> None:
    path.write_text(f"#!/bin/sh\n{command}\n")
    path.chmod(0o755)
