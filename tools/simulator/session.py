"""One simulated session from power-on to power-off: the flashed files, the simulated chip, a plant and a hand.

The same on CPython and on the MicroPython Unix port. A session is described by a dict, see `DEFAULTS`; real numbers
may be given as [mantissa, exponent] (see `real`), because interpreters read decimals differently in the last bit.
"""

import math

from tools.simulator import interpreter, nvs_file, open_loop, provisioning
from tools.simulator.boots import Boots
from tools.simulator.clinician import BURST_MAX, Clinician
from tools.simulator.faults.around import Around
from tools.simulator.faults.faulty_clinician import FaultyClinician
from tools.simulator.faults.injection import Injection
from tools.simulator.faults.truth import Witness
from tools.simulator.observer import Observer, Words
from tools.simulator.recorder import CurveRecorder, TraceHash, rounded
from tools.simulator.scenario import parse
from tools.simulator.scenario_player import Player
from tools.simulator.scorekeeper import Scorekeeper
from tools.simulator.trace_lines import TraceLines
from tools.simulator.world import World

TYPE_CHECKING = False  # type checkers take it for True; both interpreters skip the imports
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from tools.simulator.hand import Hand
    from tools.simulator.scenario import Scenario

# name: (area in hundredths of a mm2, nominal volume in nl): nominal inner diameters 4.70, 12.3 and 15.6 mm
SYRINGES = {"1ml": (1735, 1_000_000), "5ml": (11880, 5_000_000), "10ml": (19110, 10_000_000)}
# As the panel names them.
NEEDLES = ("30G 4mm", "30G 6mm", "30G 13mm", "32G 4mm", "32G 6mm", "27G 4mm", "27G 6mm")
ZONES = ("face", "eyelid", "neck", "hands", "scalp", "chin", "stretch", "body", "pain")
WIDEST_ZONE = "body"  # as much, as deep as the machine itself allows
CHIPS = ("esp32s3", "esp32")
MODES = ("single", "burst")

DEFAULTS: "dict[str, Any]" = {
    "chip": "esp32s3",
    "syringe": "1ml",
    "zone": "",  # "": one without limits of its own
    "needle": "",  # "": the shortest 30G one that reaches the depth
    "shots": 10,
    "dose_nl": 10000,
    "depth_um": 1000,
    "mode": "single",
    "burst_count": 0,  # 0: as many as the shots need, at most 20
    "rate_mhz": 0,  # 0: as fast as possible
    "points": 0,  # planned in the zone; 0: no plan
    "seed": 1,
    "params": {},  # of the plant; they win over what the simulator passes
    "open_loop": False,
    "scenario": "",  # text of a scenario file; "" is the compliant clinician
    "no_settings": False,  # True: the hand chooses nothing at the panel
    "no_login": False,  # True: nor does it log in
    "curves": [],  # numbers of the shots whose curves are kept
    "flash": "",  # an existing, writable folder: the device's flash, used device or new; "": a new one, in memory
    "fault": "",  # NAME@PHASE: something that fails there
}


class Session:
    """Plays `config` (DEFAULTS where it is silent) with plants of `plant_class`; `run` once.

    progress(shots done, shots wanted) is called as the session goes on, trace(line) after every tick (the values of
    trace_lines.FIELDS). Raises ScenarioError for a bad scenario.
    Afterwards: `summary` (the keys of `mesogun sim --json` that the simulation decides), `curves`, `phases` (names of
    the phase numbers in the curves), `failures` and `met` of a scenario's expectations.
    """

    def __init__(
        self,
        config: "dict[str, Any]",
        plant_class: "type[Any]",
        progress: "Callable[[int, int], None] | None" = None,
        trace: "Callable[[str], None] | None" = None,
    ) -> None:
        self.config = dict(DEFAULTS)
        self.config.update(config)
        self._plant_class = plant_class
        self._progress = progress
        self._say_tick = trace
        self.params = self._plant_params()
        self.syringes = 1
        self.summary: "dict[str, Any]" = {}
        self.curves: "dict[int, list[list[float]]]" = {}
        self.phases: "tuple[str, ...]" = ()
        self.failures: "list[str]" = []
        self.met = 0
        self._injection: "Injection | None" = None
        self._observer: Observer
        self._score: Scorekeeper
        self._world: World

    def run(self) -> None:
        """Power on, play to the end, power off."""
        config = self.config
        scenario = parse(config["scenario"]) if config["scenario"] else None
        self._injection = self.injected()
        plant = self._new_plant(config["seed"])
        wanted = 0 if scenario else config["shots"]
        curves = CurveRecorder(config["curves"])
        self._score = Scorekeeper(plant, config["dose_nl"], config["depth_um"], wanted, curves)
        trace = TraceHash()
        device = interpreter.Device()
        if config["open_loop"]:
            open_loop.install(device.modules)
        words = Words(device.modules)
        if scenario:
            scenario.check_words(words.known())
        self._observer = Observer(words, trace, self._score, curves)
        if self._say_tick is not None:
            self._observer.lines = TraceLines(self._say_tick, words.states, words.phases)
        self._observer.injection = self._injection
        hand = self._hand(scenario)
        self._world = World(plant, config["chip"], hand, self.params)
        root = self._world.chip.flash_root = config["flash"].rstrip("/")
        if not (root and nvs_file.load(self._world.chip, root)):
            provisioning.install(device, self._entered())
        device.put_manifest()
        boots = Boots(self._world, self._observer, self._injection, config["flash"])
        boots.run(device, config["open_loop"])
        if root:
            nvs_file.save(self._world.chip, root)
        self.phases = words.phases
        self.curves = curves.curves
        if isinstance(hand, Player):
            self.failures = hand.failures
            self.met = hand.met
        self._sum_up(trace)

    @property
    def plant(self) -> "Any":
        """The plant in use, from `run` on."""
        return self._score.plant

    def result(self) -> "dict[str, Any]":
        """Everything as one dict of plain lists, numbers and strings."""
        return {
            "summary": self.summary,
            "curves": self.curves,
            "phases": list(self.phases),
            "remarks": self._world.chip.flags,
            "failures": self.failures,
            "met": self.met,
        }

    def _entered(self) -> str:
        """What the clinic has entered, as it lies on the device's flash."""
        return provisioning.text()

    def _plant_params(self) -> "dict[str, int | float]":
        area_hundredths, volume_nl = SYRINGES[self.config["syringe"]]
        params: "dict[str, int | float]" = {
            "um_per_dose_step": 0.3125,
            "um_per_needle_step": 5.0,
            "syringe_area_mm2": area_hundredths / 100,
            "syringe_nl": volume_nl,
        }
        for name in self.config["params"]:
            params[name] = real(self.config["params"][name])
        return params

    def _wanted(self) -> "list[tuple[str, str | int]]":
        """What the hand sets at the panel, row by row."""
        config = self.config
        if config["no_settings"] or config["no_login"]:
            return []
        wanted: "list[tuple[str, str | int]]" = [
            ("product", provisioning.PRODUCT),
            ("syringe", config["syringe"]),
            ("needle", config["needle"] or needle_for(config["depth_um"])),
            ("zone", config["zone"] or WIDEST_ZONE),
            ("dose", config["dose_nl"]),
            ("depth", config["depth_um"]),
            ("points", config["points"]),
        ]
        if config["mode"] == "burst":
            wanted.append(("burst", config["burst_count"] or min(BURST_MAX, config["shots"])))
        wanted.append(("mode", config["mode"]))
        wanted.append(("rate", config["rate_mhz"]))
        return wanted

    def _hand(self, scenario: "Scenario | None") -> "Hand":
        if scenario:
            wanted = self._wanted()
            logs_in = not self.config["no_login"]
            return Player(self._observer, self._score, scenario, self._change_syringe, wanted, logs_in)
        config = self.config
        given = (
            self._observer,
            self._score,
            config["shots"],
            None if "syringe_nl" in config["params"] else self._change_syringe,
            self._shots_done,
            self._wanted(),
            config["mode"] == "burst",
        )
        clinician = Clinician(*given) if self._injection is None else FaultyClinician(self._injection, *given)
        clinician.disarms = config["flash"] != ""
        return clinician

    def injected(self) -> "Injection | None":
        """The fault that was ordered, new; None if none was."""
        config = self.config
        name, _, phase = config["fault"].partition("@")
        if not name:
            return None
        drop = min(2, config["shots"])
        return Injection(name, phase, drop, Witness(self.params, config["dose_nl"], config["depth_um"]))

    def _new_plant(self, seed: int) -> "Any":
        plant = self._plant_class(dict(self.params), seed)
        return plant if self._injection is None else Around(plant, self.params, self._injection)

    def _change_syringe(self) -> None:
        """A full syringe of the same kind; a plant that cannot load one is replaced by a new one."""
        plant = self._score.plant
        if hasattr(plant, "load"):
            plant.load(self.params["syringe_nl"])
        else:
            plant = self._new_plant(self.config["seed"] + self.syringes)
            self._world.plant = plant
            self._score.plant = plant
        self.syringes += 1

    def _shots_done(self, number: int) -> None:
        if self._progress:
            self._progress(number, self.config["shots"])

    def _sum_up(self, trace: TraceHash) -> None:
        observer = self._observer
        self.summary = {
            "chip": self.config["chip"],
            "syringe": self.config["syringe"],
            "seed": self.config["seed"],
            "ticks": trace.ticks,
            "virtual_s": rounded(self._world.now_us / 1000000),
            "state": observer.state,
            "inhibits": observer.inhibits,
            "faults": observer.faults,
            "syringes": self.syringes,
            "trace_sha256": trace.hexdigest(),
            "shots": self._score.shots,
        }
        if self._injection is not None:
            self.summary["fault"] = self._injection.verdict()


def needle_for(depth_um: int) -> str:
    """What a careful clinician would take: no longer than it has to be."""
    for length_um in (4000, 6000):
        if depth_um <= length_um:
            return "30G %dmm" % (length_um // 1000)
    return "30G 13mm"


def real(value: "int | float | list[int]") -> "int | float":
    """A number that may be written as [mantissa, exponent], value = mantissa * 2**exponent exactly."""
    return math.ldexp(float(value[0]), value[1]) if isinstance(value, list) else value
