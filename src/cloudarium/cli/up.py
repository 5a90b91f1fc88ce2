"""`cloudarium up`: the cloud in the foreground."""

from __future__ import annotations

import argparse
import asyncio
import gc
import ipaddress
import logging
import os
import resource
import signal
import sqlite3
import tempfile
from contextlib import ExitStack
from pathlib import Path

from cloudarium.cli import place
from cloudarium.cli.settings import SettingsError, root_key
from cloudarium.cloud import Cloud
from cloudarium.core.clock import KeptClock
from cloudarium.core.store import LayoutError
from cloudarium.wire.server import CannotListen, bind

# Requests leave hardly any cycles behind: to look for them every 700 new objects, as Python does,
# takes 4 % of a GetItem's time.
_OBJECTS_BETWEEN_COLLECTIONS = 20_000
_OPEN_FILES = 65_536
# How far the other ports stand below the HTTP port unless they are given.
BELOW_HTTP = {"ssh": 44, "smtp": 41}


def run(options: argparse.Namespace) -> int:
    """Run until interrupted; return the exit status."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    # Its warnings are about its own feature flags.
    logging.getLogger("samtranslator").setLevel(logging.ERROR)
    _check_host(options.host)
    raise_open_files()
    with ExitStack() as stack:
        folder: Path = options.dir
        if options.ephemeral:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cloudarium-")))
        folder = folder.resolve()
        stack.enter_context(place.occupied(folder))
        try:
            import uvloop

            uvloop.run(_serve(folder, options))
        except LayoutError as error:
            raise SettingsError(str(error)) from None
        except CannotListen as error:
            raise SettingsError(str(error)) from None
        except (OSError, sqlite3.OperationalError) as error:
            raise SettingsError(f"cannot keep state in {folder}: {error}") from None
    return 0


def _check_host(host: str) -> None:
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        raise SettingsError(f"{host} is not an address to listen on") from None
    if not loopback and root_key() is None:
        raise SettingsError(
            f"will not listen on {host} with the well-known root key; set "
            "CLOUDARIUM_ROOT_ACCESS_KEY_ID and CLOUDARIUM_ROOT_SECRET_ACCESS_KEY"
        )


def ports(folder: Path, options: argparse.Namespace) -> dict[str, int]:
    """Return the ports to listen on.

    "Any free one" is the one of last time if it is still free: addresses that the state holds
    (exports of stacks, clones' remotes) stay good.
    """
    wanted = {"http": options.port, "ssh": options.ssh_port, "smtp": options.smtp_port}
    for name, below in BELOW_HTTP.items():
        if wanted[name] is None:
            wanted[name] = max(options.port - below, 0)
    last = place.last_ports(folder)
    return {
        name: port or (last[name] if name in last and _free(options.host, last[name]) else 0)
        for name, port in wanted.items()
    }


def _free(host: str, port: int) -> bool:
    try:
        bind(host, port).close()
    except OSError:
        return False
    return True


def raise_open_files() -> None:
    """Let the process have as many files and connections open as the system lets it."""
    number = resource.RLIMIT_NOFILE
    soft, hard = resource.getrlimit(number)
    most = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, _OPEN_FILES)
    if most > soft:
        resource.setrlimit(number, (most, hard))


def rest_collector() -> None:
    """Have what there is now never looked at again for garbage, and the rest less often."""
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS, 10, 10)


async def _serve(folder: Path, options: argparse.Namespace) -> None:
    cloud = Cloud(
        folder,
        host=options.host,
        ports=ports(folder, options),
        clock=KeptClock(folder / "clock.json"),
        durable=not options.ephemeral,
        root_key=root_key(),
    )
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    endpoint = await cloud.listen()
    await cloud.start()
    rest_collector()
    opened = cloud.kernel.info.ports
    place.announce(folder, place.Running(os.getpid(), endpoint, opened))
    _greet(folder, endpoint, opened, options)
    try:
        await stop.wait()
    finally:
        await cloud.close()


def _greet(
    folder: Path, endpoint: str, opened: dict[str, int], options: argparse.Namespace
) -> None:
    key = "the key you set" if root_key() else "test/test"
    state = "nothing is kept" if options.ephemeral else f"state in {folder}"
    print(
        f"Cloudarium at {endpoint}, git over SSH at port {opened['ssh']}, "
        f"mail in at port {opened['smtp']}; {state}."
    )
    print(
        f"Every request is authenticated and authorized; the root's key is {key}; "
        f"listening on {options.host}."
    )
    print("Ready.", flush=True)
