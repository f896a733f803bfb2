"""Around any plant: an adapter with the plant's own interface, through which a fault can meddle once it has struck."""

TYPE_CHECKING = False  # type checkers take it for True; both interpreters skip the imports
if TYPE_CHECKING:
    from typing import Any

    from tools.simulator.faults.injection import Injection


class Around:
    """A plant, and who may meddle with it. All it does not know it hands on. kPa and nl."""

    def __init__(self, plant: "Any", params: "dict[str, Any]", injection: "Injection") -> None:
        self.plant = plant
        self.nl_per_step: float = params["um_per_dose_step"] * params["syringe_area_mm2"]
        self.compliance_nl_per_kpa = _compliance_nl_per_kpa(params["syringe_area_mm2"])
        self._injection = injection
        self.made_up_kpa: "float | None" = None  # what the sensor sees instead
        self.hidden_nl = 0.0  # of the plant's delivery, which never came
        self.spilled_nl = 0.0  # on the skin, which the plant knows nothing of

    def __getattr__(self, name: str) -> "Any":
        return getattr(self.plant, name)

    @property
    def contact(self) -> bool:
        """Skin against the nozzle."""
        return self.plant.contact

    @contact.setter
    def contact(self, contact: bool) -> None:
        """Written by the hand."""
        self.plant.contact = contact

    @property
    def pressure_kpa(self) -> float:
        """As the sensor has it."""
        return self.plant.pressure_kpa if self.made_up_kpa is None else self.made_up_kpa

    @property
    def delivered_nl(self) -> float:
        """The truth."""
        return self.plant.delivered_nl - self.hidden_nl

    @property
    def surface_nl(self) -> float:
        """The truth."""
        return self.plant.surface_nl + self.spilled_nl

    def advance(self, dt_us: int, dose_steps: int, needle_steps: int) -> None:
        """Time passes."""
        fault = self._injection.fault
        if fault.struck:
            fault.advance(self, dt_us, dose_steps, needle_steps)
        else:
            self.plant.advance(dt_us, dose_steps, needle_steps)


def _compliance_nl_per_kpa(area_mm2: float) -> float:
    """Nominal total of the syringe this area is nearest to."""
    return 2.55 if area_mm2 < 68 else 29.0 if area_mm2 < 155 else 48.0
