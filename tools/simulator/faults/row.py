"""A line of the catalogue: a fault's name, what it is in one sentence, where it can strike, and what makes it."""

TYPE_CHECKING = False  # type checkers take it for True; both interpreters skip the imports
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from tools.simulator.faults.fault import Fault


class Row:
    """One fault. `given` are the arguments of what makes it."""

    def __init__(
        self, group: str, name: str, says: str, where: "tuple[str, ...]", make: "Callable[..., Fault]", *given: "Any"
    ) -> None:
        self.group = group
        self.name = name
        self.says = says
        self.phases = where
        self.hardware = ""  # what covers it where no software can notice it
        self._make = make
        self._given = given

    def covered_by(self, hardware: str) -> "Row":
        """It cannot be noticed by design: the measure of the hardware that covers it, in one sentence."""
        self.hardware = hardware
        return self

    def make(self) -> "Fault":
        """A new one, for a session."""
        return self._make(*self._given)
