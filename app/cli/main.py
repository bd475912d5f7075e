"""`cairn`: the command that all verbs hang on, and the one place where errors become exit codes."""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from app.cli.output import report, report_error
from data.configuration import ConfigurationError
from data.errors import CairnError
from data.metrics.definition import UnknownMetric
from data.metrics.period import PeriodError
from data.metrics.scope import ScopeError
from data.store.workspace import Workspace

VERBS = ("init", "demo", "serve", "sync", "doctor", "metric", "rows", "rebuild")

_STOPPED = 130
"""The exit code of what Ctrl-C has ended: 128 and the number of the signal."""

_WRONG_USE = (ConfigurationError, UnknownMetric, PeriodError, ScopeError)


class _Verbs(click.Group):
    """Imports a verb only when it is used, and turns errors into one line and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own
        return list(VERBS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's own
        cmd_name: str,
    ) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        command: click.Command = getattr(import_module(f"app.cli.{cmd_name}"), cmd_name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except CairnError as error:
            report_error(error)
            ctx.exit(2 if isinstance(error, _WRONG_USE) else 3)
        except BrokenPipeError:
            sys.stderr.close()
            ctx.exit(0)
        except OSError as error:
            told = error.strerror or type(error).__name__
            fix = "mend that, then run the same command again"
            report_error(CairnError(f"cannot be used ({told})", str(error.filename or ""), fix))
            with suppress(OSError):  # what could not be written would be tried again at the end
                sys.stdout.close()
            ctx.exit(3)
        except KeyboardInterrupt:
            report("stopped; what was read so far is kept")
            ctx.exit(_STOPPED)


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--data",
    "folder",
    envvar="CAIRN_DATA",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Folder with cairn.toml and the store; else CAIRN_DATA, else the current folder.",
)
@click.version_option(package_name="cairn-xops", prog_name="cairn")
@click.pass_context
def cairn(ctx: click.Context, folder: Path) -> None:
    """Shows how well an organisation builds, ships and runs software, and proves it."""
    ctx.obj = Workspace(folder.resolve() if ".." in folder.parts else folder.absolute())
