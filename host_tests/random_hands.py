"""Random machines, and hands that do anything with the controls: what the laws are tried with."""

from collections.abc import Callable

from hypothesis import strategies as st

from firmware.image import Inputs
from host_tests import moments
from host_tests.rig import Rig

DOSES_NL = {"1ml": (1_000, 10_000, 50_000), "5ml": (10_000, 50_000), "10ml": (50_000,)}


@st.composite
def machines(draw: st.DrawFn) -> Rig:
    """A bench in the first tick of a shot: any syringe, dose, needle, tissue and error of the compliance.

    Few values of each, so that benches repeat and preparing them is paid once.
    """
    syringe = draw(st.sampled_from(sorted(DOSES_NL)))
    wanted = {"syringe": syringe, "dose_nl": draw(st.sampled_from(DOSES_NL[syringe]))}
    params = moments.compliance(syringe, draw(st.sampled_from((0.85, 1.0, 1.15))))
    params["tissue_kpa"] = draw(st.sampled_from((10, 80)))
    params["needle_kpa_s_per_nl"] = draw(st.sampled_from((2.6e-4, 1.2e-3)))
    return moments.shooting(wanted, params, plant=draw(st.sampled_from(("own", "unfavourable"))))


# (trigger_no, trigger_nc): mostly as a finger does it, also one contact alone.
TRIGGERS = st.sampled_from(((1, 0), (1, 0), (1, 0), (0, 1), (0, 1), (0, 0), (1, 1)))
SKIN = st.sampled_from(((1, 1), (1, 1), (1, 1), (0, 0), (0, 0), (1, 0), (0, 1)))


@st.composite
def gestures(draw: st.DrawFn) -> "dict[str, int]":
    """What a hand, or a broken contact, does for some time."""
    gesture: dict[str, int] = {"ticks": draw(st.sampled_from((1, 2, 4, 8, 10, 12, 40, 120, 400)))}
    control = draw(st.sampled_from(("trigger", "trigger", "trigger", "skin", "skin", "skin", "confirm", "stop", "")))
    if control == "trigger":
        gesture["trigger_no"], gesture["trigger_nc"] = draw(TRIGGERS)
    elif control == "skin":
        gesture["contact_a"], gesture["contact_b"] = draw(SKIN)
    elif control:
        gesture["confirm" if control == "confirm" else "stop_closed"] = draw(st.integers(0, 1))
    return gesture


@st.composite
def benches(draw: st.DrawFn) -> Rig:
    """A bench in the middle of something: most often somewhere in a shot."""
    doing = draw(
        st.sampled_from(("ready", "armed", "priming", "priming", "shooting", "shooting", "bursting", "bursting"))
    )
    if doing == "ready":
        return moments.ready()
    if doing == "armed":
        return moments.armed()
    rig = {
        "priming": lambda: moments.in_state("PRIME"),
        "shooting": moments.shooting,
        "bursting": lambda: moments.shooting({"mode": "burst", "dose_nl": 5_000}),
    }[doing]()
    rig.run(2 * draw(st.integers(0, 160)))
    return rig


class Hand:
    """Plays gestures on a bench: the contacts stay as the last gesture left them."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.contacts: dict[str, int] = {
            "trigger_no": rig.trigger,
            "trigger_nc": 1 - rig.trigger,
            "contact_a": rig.contact,
            "contact_b": rig.contact,
            "confirm": 0,
            "stop_closed": 1,
        }
        rig.meddle = self.meddle

    def meddle(self, inputs: Inputs) -> None:
        """The contacts into the sample."""
        for name, value in self.contacts.items():
            setattr(inputs, name, value)

    def play(self, gesture: "dict[str, int]") -> None:
        """One gesture, tick by tick."""
        self.contacts.update({name: value for name, value in gesture.items() if name != "ticks"})
        rig = self.rig
        rig.contact = self.contacts["contact_a"] | self.contacts["contact_b"]
        rig.stop = 1 - self.contacts["stop_closed"]
        for _ in range(gesture["ticks"]):
            rig.tick()


def played(rig: Rig, story: "list[dict[str, int]]", watch: "Callable[[Rig], None]") -> Rig:
    """A bench after a story, each tick watched."""
    rig.watch = watch
    hand = Hand(rig)
    for gesture in story:
        hand.play(gesture)
    return rig


STORIES = st.lists(gestures(), min_size=1, max_size=12)


def pressed(inputs: Inputs) -> bool:
    """Both contacts of the trigger say so."""
    return inputs.trigger_no == 1 and inputs.trigger_nc == 0


def on_skin(inputs: Inputs) -> bool:
    """Both skin contacts say so."""
    return inputs.contact_a == inputs.contact_b == 1
