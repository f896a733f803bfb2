"""Where stories at an unruly desk begin: as far as a person has brought it at the panel, taped from power-on."""

import copy
import functools

from host_tests.rig import plant_params
from host_tests.session_laws import SessionLaws
from host_tests.unruly_desk import Tape, UnrulyDesk
from tools.simulator import provisioning
from tools.simulator.plant import Plant

USUAL = {"Product": 0, "Syringe": 0, "Needle": 0, "Zone": 0, "Dose": 10_000, "Depth": 1000, "Mode": 0}
BURST = USUAL | {"Dose": 2_000, "Mode": 1, "Burst": 5}
LARGE = USUAL | {"Syringe": 1, "Needle": 2, "Zone": 7, "Dose": 50_000, "Depth": 3000}
EYELID = USUAL | {"Zone": 1, "Dose": 20_000, "Depth": 600}
LINGERING_S = 31  # until the skin is dry


def powered(syringe: str = "1ml") -> UnrulyDesk:
    """Past its self-test: nobody has logged in."""
    made = UnrulyDesk(Plant(plant_params(syringe), 1))
    made.tape = Tape()
    made.law = SessionLaws(made)
    made.until("LOCKED")
    made.run(700)  # the test of lamp and buzzer is over
    return made


def logged_in(syringe: str = "1ml") -> UnrulyDesk:
    """A doctor is, nothing is chosen."""
    made = powered(syringe)
    made.choose("Code", provisioning.CODE)
    made.until("IDLE")
    return made


def chosen(choices: "dict[str, int]" = USUAL) -> UnrulyDesk:
    """All of it, with a fresh needle; the needle is not home."""
    made = logged_in("1ml" if choices["Syringe"] == 0 else "5ml")
    for name, value in choices.items():
        made.choose(name, value)
    made.answer_yes("New needle")
    made.close_menu()
    return made


def homed(choices: "dict[str, int]" = USUAL) -> UnrulyDesk:
    """And the needle home, for longer than a prime wants."""
    made = chosen(choices)
    made.tap_confirm()
    made.until("IDLE")
    made.run(600)
    return made


def ready(choices: "dict[str, int]" = USUAL) -> UnrulyDesk:
    """Primed; skin disinfected and dry."""
    made = homed(choices)
    made.prime()
    made.run(400)
    made.confirm = 1
    made.run(1040)
    made.confirm = 0
    made.pass_time(LINGERING_S * 1_000_000)
    made.until("READY", ms=100)
    made.run(40)
    return made


def armed(choices: "dict[str, int]" = USUAL) -> UnrulyDesk:
    """By CONFIRM; off the skin."""
    made = ready(choices)
    made.tap_confirm()
    made.until("ARMED", ms=100)
    made.run(60)
    return made


def shooting() -> UnrulyDesk:
    """On the skin, a drop begun."""
    made = armed()
    made.contact = 1
    made.run(40)
    made.trigger = 1
    made.until("SHOT", ms=100)
    return made


def priming() -> UnrulyDesk:
    """The trigger held in air."""
    made = homed()
    made.trigger = 1
    made.until("PRIME", ms=100)
    return made


STARTS = {
    "power-on": powered,
    "logged in": logged_in,
    "chosen": chosen,
    "homed": homed,
    "ready": ready,
    "armed": armed,
    "armed for a burst": lambda: armed(BURST),
    "armed, large syringe": lambda: armed(LARGE),
    "armed, eyelid": lambda: armed(EYELID),
    "shooting": shooting,
    "priming": priming,
}


def begun(start: str) -> UnrulyDesk:
    """A desk of its own: making it is paid once, copies share nothing."""
    return copy.deepcopy(_begun(start))


@functools.cache
def _begun(start: str) -> UnrulyDesk:
    return STARTS[start]()
