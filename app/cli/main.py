"""`cairn`: the command that all verbs hang on, and the one place where errors become exit codes."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import IO, Any, NoReturn

import click

from app.cli.output import report, report_error
from data.errors import CairnError, WrongQuestion
from data.store.workspace import Workspace

VERBS = ("init", "demo", "serve", "sync", "doctor", "metric", "rows", "check", "baseline",
         "exception", "waiver", "attest", "access-review", "audit", "cost", "rebuild")  # fmt: skip

_STOPPED = 130
"""The exit code of what Ctrl-C has ended: 128 and the number of the signal."""
_READING = ("sync", "demo")
_BYTES = frozenset(map(chr, range(0xDC80, 0xDD00)))
"""What stands for bytes of the command line that are no text."""
_INTERRUPTED = "Query interrupted"
"""What DuckDB says, as a RuntimeError, of a query that Ctrl-C has ended."""


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
        with _uninterrupted():
            name = cmd_name.replace("-", "_")
            command: click.Command = getattr(import_module(f"app.cli.{name}"), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (CairnError, OSError, KeyboardInterrupt) as error:
            _end(ctx, error)
        except UnicodeEncodeError as error:
            if not set(error.object[error.start : error.end]) <= _BYTES:
                raise
            near = error.object[max(0, error.start - 20) : error.end + 20]
            what = f"what is written at `{ascii(near)[1:-1]}` is no text"
            _end(ctx, WrongQuestion(what, "", "write it in UTF-8"))
        except RuntimeError as error:
            if str(error) != _INTERRUPTED:
                raise
            _end(ctx, KeyboardInterrupt())


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Holds a Ctrl-C back for as long: libraries that are half loaded abort at one."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end(ctx: click.Context, error: BaseException) -> NoReturn:
    with suppress(OSError):
        _tell(error, ctx.invoked_subcommand)
    _let_go(sys.stdout)
    _let_go(sys.stderr)
    ctx.exit(_exit_code(error))


def _tell(error: BaseException, verb: str | None) -> None:
    """Says in one line why the verb has ended, unless nobody is there to read it."""
    match error:
        case CairnError():
            report_error(error)
        case BrokenPipeError():
            pass
        case OSError():
            told = error.strerror or type(error).__name__
            fix = "mend that, then run the same command again"
            report_error(
                CairnError(f"cannot be used ({told})", str(error.filename or "the output"), fix)
            )
        case _:
            report("stopped; what was read so far is kept" if verb in _READING else "stopped")


def _exit_code(error: BaseException) -> int:
    if isinstance(error, KeyboardInterrupt):
        return _STOPPED
    if isinstance(error, BrokenPipeError):
        return 0
    return 2 if isinstance(error, WrongQuestion) else 3


def _let_go(stream: IO[str] | None) -> None:
    """Closes a stream that cannot be written: Python would try again at its end, and fail."""
    if stream is None:  # closed by whoever started us
        return
    try:
        stream.flush()
    except OSError:
        with suppress(OSError):
            stream.close()


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
