"""`mesogun` run inside the test process."""

import json
from typing import Any

from typer.testing import CliRunner, Result

from tools.cli import app


def sim(*arguments: str) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(app, ["sim", *arguments])


def command(*arguments: str) -> Result:
    """Any other one."""
    return CliRunner().invoke(app, arguments)


def sim_json(*arguments: str) -> dict[str, Any]:
    """Run it with --json; the object it prints."""
    result = sim("--json", *arguments)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.count("\n") == 1
    assert result.stderr == ""
    return json.loads(result.stdout)
