"""Scenario files: one session with the device, written so that a clinician can read it and check it.

    # settings first, one per line
    syringe 1ml
    dose 10 ul
    depth 1 mm

    prepare                        # home, prime and arm, as a careful clinician does
    @0ms touch                     # @ counts from when these are set; after `prepare` from when the device is armed
    @150ms press
    => SHOT within 50ms            # what the device must show by then
    => drop delivered within 3s
    +100ms release                 # + counts from the line before; after an expectation, from when it came true

What the hand can do: press, release, half press, touch, lift, half touch, stop, unlock stop, confirm 100ms,
hold confirm 1.2s, wait 500ms, remove syringe, new syringe, power off, power on, prepare. At the panel: menu ROW,
push knob, hold knob, turn knob -2, set ROW to VALUE, do ROW (a question answered with yes), with the names of the rows
on the display.
What can be expected: a state (SHOT), `not SHOT`, `inhibit NAME`, `no inhibit`, `no inhibit NAME`, `fault NAME`,
`no fault`, `refusal NAME`, `tone done`, `drop delivered`, `drop aborted because NAME`, `5 drops delivered`,
`no drop`, `needle home`, `display WORDS`, `lamp COLOUR`; each with `within TIME` (100 ms if not said) or `for TIME`
(true all the time).
This file only reads; `scenario_player.py` plays.
"""

from tools.simulator.panel_words import PANEL_VERBS, panel_action
from tools.simulator.quantities import COUNT, LENGTH, RATE, VOLUME, duration_us, number, quantity

DEFAULT_WITHIN_US = 100_000
DEFAULT_CONFIRM_US = 100_000

_RESULTS = ("delivered", "aborted", "fault")
_TONES = ("done", "aborted", "fault")
LAMPS = ("dark", "red", "green", "yellow", "blue", "magenta", "cyan", "white")  # red 1, green 2, blue 4
_ACTIONS = (
    "press",
    "release",
    "half press",
    "touch",
    "lift",
    "half touch",
    "stop",
    "unlock stop",
    "remove syringe",
    "new syringe",
    "prepare",
    "push knob",
    "hold knob",
    "power off",
    "power on",
)


class ScenarioError(ValueError):
    """A scenario file that cannot be played; the message names the line."""


class Step:
    """One line: an action of the hand, or an expectation.

    `anchor` is "at" (absolute), "after" (relative) or "now"; `moment_us` belongs to it.
    For an action `verb` names it and `duration_us` says how long; for an expectation `verb` is "expect" and
    `subject`, `word`, `cause`, `count`, `negated` say what, `limit_us` how soon, or how long if `lasting`.
    """

    def __init__(self, line_no: int, text: str) -> None:
        self.line_no = line_no
        self.text = text
        self.anchor = "now"
        self.moment_us = 0
        self.verb = ""
        self.duration_us = 0
        self.subject = ""
        self.word = ""
        self.value: "str | int" = 0
        self.cause = ""
        self.count = 1
        self.negated = False
        self.lasting = False
        self.limit_us = DEFAULT_WITHIN_US

    def fail(self, why: str) -> "ScenarioError":
        """The error that names this line."""
        return ScenarioError("line %d: %s: %s" % (self.line_no, self.text, why))


class Scenario:
    """A parsed file: `settings` (the keys of a session's configuration), `params` of the plant, and the `steps`."""

    def __init__(self) -> None:
        self.settings: "dict[str, object]" = {}
        self.params: "dict[str, int | float]" = {}
        self.steps: "list[Step]" = []

    def check_words(self, known: "dict[str, tuple[str, ...]]") -> None:
        """Raise ScenarioError for a state, inhibit, fault, refusal or cause that this firmware does not have."""
        for step in self.steps:
            if step.subject in known and step.word and step.word not in known[step.subject]:
                raise step.fail("this firmware knows no %s called %s" % (step.subject, step.word))
            if step.cause and step.cause not in known["cause"]:
                raise step.fail("this firmware knows no cause called %s" % step.cause)


def parse(text: str) -> Scenario:
    """Read the text of a scenario file. Raises ScenarioError, which names the line, for anything it cannot read."""
    scenario = Scenario()
    line_no = 0
    for line in text.split("\n"):
        line_no += 1
        line = " ".join(line.split("#")[0].split())
        if not line:
            continue
        step = Step(line_no, line)
        words = line.split()
        if words[0] in _SETTINGS:
            if scenario.steps:
                raise step.fail("settings come before the first action")
            _read_setting(scenario, step, words)
        else:
            _read_step(step, words)
            scenario.steps.append(step)
    if not scenario.steps:
        raise ScenarioError("the scenario says nothing to do")
    return scenario


# --- settings -----------------------------------------------------------------------------------------------------

# word in the file: (key of the session's configuration, units or None for a plain word, what it is called)
_SETTINGS = {
    "syringe": ("syringe", None, "syringe"),
    "needle": ("needle", None, "needle"),
    "points": ("points", COUNT, "number of points"),
    "chip": ("chip", None, "chip"),
    "mode": ("mode", None, "mode"),
    "dose": ("dose_nl", VOLUME, "volume"),
    "depth": ("depth_um", LENGTH, "depth"),
    "rate": ("rate_mhz", RATE, "rate"),
    "burst": ("burst_count", COUNT, "number of drops"),
    "seed": ("seed", COUNT, "seed"),
    "zone": ("zone", None, "zone"),
    "no": ("", None, "no settings"),
    "plant": ("", None, "plant parameter"),
}


def _read_setting(scenario: Scenario, step: Step, words: "list[str]") -> None:
    key, units, what = _SETTINGS[words[0]]
    if words[0] == "plant":
        _read_plant_parameter(scenario, step, words)
        return
    if len(words) < 2:
        raise step.fail("the %s is missing" % what)
    if words[0] == "no":
        if words not in (["no", "settings"], ["no", "login"]):
            raise step.fail("write `no settings` or `no login`")
        key = "no_" + words[1]
    if key in scenario.settings:
        raise step.fail("the %s is given twice" % what)
    if words[0] == "no":
        scenario.settings[key] = True
    elif units is None:
        if len(words) != 2:
            raise step.fail("the %s is one word" % what)
        scenario.settings[key] = words[1]
    else:
        try:
            scenario.settings[key] = quantity(" ".join(words[1:]), units, what)
        except ValueError as error:
            raise step.fail(str(error)) from None


def _read_plant_parameter(scenario: Scenario, step: Step, words: "list[str]") -> None:
    if len(words) != 3:
        raise step.fail("write `plant NAME VALUE`")
    try:
        value = number(words[2])
    except ValueError:
        raise step.fail("%s is no number" % words[2]) from None
    scenario.params[words[1]] = value


# --- steps --------------------------------------------------------------------------------------------------------


def _read_step(step: Step, words: "list[str]") -> None:
    first = words[0]
    if first == "=>":
        _read_expectation(step, words[1:])
        return
    if first[0] in "@+":
        step.anchor = "at" if first[0] == "@" else "after"
        step.moment_us = _time(step, first[1:])
        words = words[1:]
        if not words:
            raise step.fail("a time, but nothing to do")
        if words[0] == "=>":
            raise step.fail("an expectation has no time in front; write `within` or `for` behind it")
    _read_action(step, words)


def _read_action(step: Step, words: "list[str]") -> None:
    phrase = " ".join(words)
    if phrase in _ACTIONS:
        step.verb = phrase
    elif words[0] == "wait" and len(words) > 1:
        step.verb = "wait"
        step.duration_us = _time(step, "".join(words[1:]))
    elif words[0] == "confirm":
        step.verb = "confirm"
        step.duration_us = _time(step, "".join(words[1:])) if len(words) > 1 else DEFAULT_CONFIRM_US
    elif words[0] in PANEL_VERBS and len(words) > 1:
        step.verb = words[0]
        try:
            step.word, step.value = panel_action(words)
        except ValueError as error:
            raise step.fail(str(error)) from None
    elif words[:2] == ["hold", "confirm"] and len(words) > 2:
        step.verb = "confirm"
        step.duration_us = _time(step, "".join(words[2:]))
    else:
        known = ", ".join(_ACTIONS)
        more = "wait TIME, confirm TIME, hold confirm TIME, menu ROW, do ROW, set ROW to VALUE, turn knob N"
        raise step.fail("no such action; known are %s, %s" % (known, more))


def _time(step: Step, text: str) -> int:
    try:
        return duration_us(text)
    except ValueError as error:
        raise step.fail(str(error)) from None


def _read_expectation(step: Step, words: "list[str]") -> None:
    step.verb = "expect"
    for index in range(len(words)):
        if words[index] in ("within", "for") and not ("display" in words[:2] and _is_on_display(words[index + 1 :])):
            step.lasting = words[index] == "for"
            step.limit_us = _time(step, "".join(words[index + 1 :]))
            words = words[:index]
            break
    if words and words[0] in ("no", "not"):
        step.negated = True
        words = words[1:]
    if not words:
        raise step.fail("nothing is expected")
    if words[0] in ("inhibit", "fault", "refusal"):
        _read_named(step, words)
    elif words[0] in ("drop", "drops") or (len(words) > 1 and words[1] == "drops"):
        _read_drops(step, words)
    elif words == ["needle", "home"]:
        step.subject = "needle"
    elif words[0] == "display" and len(words) > 1:
        step.subject, step.word = "display", " ".join(words[1:])
    elif words[0] == "lamp" and len(words) == 2 and words[1] in LAMPS:
        step.subject, step.word = "lamp", words[1]
    elif words[0] == "tone" and len(words) == 2 and words[1] in _TONES:
        step.subject, step.word = "tone", words[1]
    elif len(words) == 1 and words[0] == words[0].upper():
        step.subject, step.word = "state", words[0]
    else:
        raise step.fail("no such expectation")


def _is_on_display(words: "list[str]") -> bool:
    """Whether what follows `for` is no time: then the display says it."""
    return not words or words[0][0] not in "0123456789."


def _read_named(step: Step, words: "list[str]") -> None:
    step.subject = words[0]
    if len(words) == 2:
        step.word = words[1]
    elif len(words) > 2 or not step.negated:
        raise step.fail("write `%s NAME`" % words[0])


def _read_drops(step: Step, words: "list[str]") -> None:
    step.subject = "drop"
    if words[0] not in ("drop", "drops"):
        try:
            step.count = int(words[0])
        except ValueError:
            raise step.fail("%s is no number of drops" % words[0]) from None
        words = words[1:]
    if len(words) >= 4 and words[2] == "because":
        step.cause = words[3]
        words = words[:2] + words[4:]
    if len(words) > 2 or (len(words) == 1 and not step.negated):
        raise step.fail("write `drop delivered`, `drop aborted because NAME` or `no drop`")
    if len(words) == 2:
        if words[1] not in _RESULTS:
            raise step.fail("a drop is %s" % ", ".join(_RESULTS))
        step.word = words[1]
