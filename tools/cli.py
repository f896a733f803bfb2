"""The command `mesogun`. Its sub-command NAME is the function NAME of tools/NAME_command.py."""

import importlib
import pkgutil
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

import tools
from tools.version import VERSION


class OneLineErrors(TyperGroup):
    """A command line that cannot be understood gets one line on stderr and exit status 2, not a page of usage."""

    def main(self, *args: Any, standalone_mode: bool = True, **extra: Any) -> Any:
        """Runs the command and, if `standalone_mode`, exits with its status."""
        if not standalone_mode:
            return super().main(*args, standalone_mode=False, **extra)
        try:
            status = super().main(*args, standalone_mode=False, **extra)
        except typer.TyperException as error:
            print(f"mesogun: {' '.join(error.format_message().split())}", file=sys.stderr)
            sys.exit(error.exit_code)
        except typer.Abort:
            print("mesogun: aborted", file=sys.stderr)
            sys.exit(1)
        sys.exit(status)


app = typer.Typer(cls=OneLineErrors, add_completion=False, pretty_exceptions_enable=False)


@app.callback(invoke_without_command=True)
def mesogun(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
) -> None:
    """An injector that weighs every drop, in a simulator that runs the very files of the device."""
    if version:
        print(f"mesogun {VERSION}")
    elif context.invoked_subcommand is None:
        print(context.get_help())


def register_commands() -> None:
    """Adds a sub-command for every tools/*_command.py; EXAMPLES there, if any, end its help.

    What is called like the file is a function, or a typer.Typer with sub-commands of its own.
    """
    for found in pkgutil.iter_modules(tools.__path__):
        name, is_command, _ = found.name.partition("_command")
        if is_command:
            module = importlib.import_module(f"tools.{found.name}")
            command, epilog = getattr(module, name), getattr(module, "EXAMPLES", None)
            if isinstance(command, typer.Typer):
                app.add_typer(command, name=name.replace("_", "-"), epilog=epilog)
            else:
                app.command(name.replace("_", "-"), epilog=epilog)(command)


register_commands()
