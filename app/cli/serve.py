"""`cairn serve`: the pages of one folder, in a browser."""

from __future__ import annotations

import os
import signal
import socket
import sys
from pathlib import Path
from types import FrameType

import click

from app.cli.output import report_error
from app.listening import names
from data.errors import CairnError
from data.store.snapshot import NothingPublished, current_id
from data.store.workspace import Workspace

_CHECKOUT = Path(__file__).parents[2]


class CannotListen(CairnError):
    """The address is taken, or not one of this machine."""


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8501, show_default=True)
@click.option("--host", default="localhost", show_default=True, help="Address to listen on.")
@click.pass_obj
def serve(workspace: Workspace, port: int, host: str) -> None:
    """Serves the folder's data until Ctrl-C."""
    from app.access.required import required, secrets

    sign_in = required(workspace.configuration)
    if sign_in is not None:
        secrets(sign_in, workspace.folder)  # what is missing is told before anybody asks
    listening = listen(host, port)
    port = listening.getsockname()[1]
    os.environ["CAIRN_DATA"] = str(workspace.folder)
    os.chdir(_CHECKOUT)  # Streamlit reads .streamlit/config.toml from here
    click.echo(f"Serving {workspace.folder} on http://{host}:{port} (Ctrl-C stops)")
    try:
        current_id(workspace)
    except NothingPublished as error:
        report_error(error)
    hosts = names(host) if sign_in is None else names(host, sign_in.host)
    _run(listening, host, port, hosts)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 means any that is free.

    Its connections send at once (TCP_NODELAY): asyncio sees to that only for sockets that name
    their protocol, and else each small answer waits up to 40 ms for the one before to be
    acknowledged.

    Raises:
        CannotListen: saying why, and what to do.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        family, *_, address = min(found, key=lambda one: one[0] != socket.AF_INET)
        listening = socket.create_server(address[:2], family=family)
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listening
    except OSError as error:
        raise CannotListen(
            f"cannot listen there ({os.strerror(error.errno) if error.errno else error})",
            f"{host}:{port}",
            "end what uses it, or choose another with --port or --host",
        ) from error


def _run(listening: socket.socket, host: str, port: int, hosts: list[str]) -> None:
    import uvicorn
    from streamlit.web import bootstrap

    bootstrap.load_config_options(
        {
            "server.address": host,
            "server.port": port,
            "server.allowedHosts": hosts,
            # Who somebody is, only the signed cookie says.
            "server.trustedUserHeaders": {},
            "logger.level": "warning",
        }
    )
    from app.server import app

    signal.signal(signal.SIGTERM, _stop)
    settings = uvicorn.Config(
        app,
        ws="websockets-sansio",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    try:
        uvicorn.Server(settings).run(sockets=[listening])
    except KeyboardInterrupt:
        click.echo("Stopped")


def _stop(number: int, frame: FrameType | None) -> None:
    """Ends the process well, once the server has let go of its connections."""
    del number, frame
    sys.exit(0)
