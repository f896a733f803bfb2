"""Every fault there is, by name."""

from tools.simulator.faults import bus, controls, drivers, liquid, memory, motors, power, sensors, timing

TYPE_CHECKING = False  # type checkers take it for True; both interpreters skip the imports
if TYPE_CHECKING:
    from tools.simulator.faults.row import Row


def rows() -> "list[Row]":
    """The whole catalogue."""
    found = sensors.rows() + motors.rows() + drivers.rows() + controls.rows() + liquid.rows()
    return found + timing.rows() + memory.rows() + power.rows() + bus.rows()


def find(name: str) -> "Row":
    """The fault of that name. KeyError."""
    for row in rows():
        if row.name == name:
            return row
    raise KeyError(name)
