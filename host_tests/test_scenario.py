"""Scenario files: what a clinician may write, and what is said when it cannot be read."""

import pytest

from tools.simulator.scenario import (
    DEFAULT_CONFIRM_US,
    DEFAULT_WITHIN_US,
    ScenarioError,
    Step,
    parse,
)

KNOWN = {
    "state": ("ARMED", "SHOT"),
    "inhibit": ("not_primed",),
    "fault": ("occlusion",),
    "cause": ("released",),
    "refusal": (),
}


def only_step(line: str) -> Step:
    """The one step of a one-line scenario."""
    (step,) = parse(line).steps
    return step


def test_settings_lines_become_the_configuration_of_the_session():
    scenario = parse(
        "syringe 5ml\nchip esp32\nmode burst\ndose 0.5 ul\ndepth 1.5 mm\nrate 2.5 hz\nburst 5 drops\nseed 7\npress"
    )
    assert scenario.settings == {
        "syringe": "5ml",
        "chip": "esp32",
        "mode": "burst",
        "dose_nl": 500,
        "depth_um": 1500,
        "rate_mhz": 2500,
        "burst_count": 5,
        "seed": 7,
    }


def test_a_plant_parameter_is_a_whole_or_a_real_number():
    assert parse("plant occluded_after_nl 25000\nplant tissue_kpa 3.5\npress").params == {
        "occluded_after_nl": 25000,
        "tissue_kpa": 3.5,
    }


def test_a_device_without_settings_can_be_asked_for():
    assert parse("no settings\npress").settings == {"no_settings": True}


def test_absolute_relative_and_immediate_lines_keep_their_moments():
    steps = parse("@120ms press\n+50ms lift\nrelease").steps
    assert [(step.anchor, step.moment_us, step.verb) for step in steps] == [
        ("at", 120_000, "press"),
        ("after", 50_000, "lift"),
        ("now", 0, "release"),
    ]


def test_comments_and_blank_lines_say_nothing():
    (step,) = parse("\n# a treatment\n\n   press   # with the forefinger\n").steps
    assert (step.verb, step.line_no, step.text) == ("press", 4, "press")


@pytest.mark.parametrize(
    ("line", "duration"),
    [
        ("confirm", DEFAULT_CONFIRM_US),
        ("confirm 80ms", 80_000),
        ("hold confirm 3 s", 3_000_000),
        ("hold confirm 3s", 3_000_000),
    ],
)
def test_confirm_is_held_as_long_as_the_line_says(line: str, duration: int):
    step = only_step(line)
    assert (step.verb, step.duration_us) == ("confirm", duration)


@pytest.mark.parametrize(
    ("line", "subject", "word", "negated"),
    [
        ("=> SHOT", "state", "SHOT", False),
        ("=> not SHOT", "state", "SHOT", True),
        ("=> inhibit not_primed", "inhibit", "not_primed", False),
        ("=> no inhibit", "inhibit", "", True),
        ("=> no inhibit not_primed", "inhibit", "not_primed", True),
        ("=> fault occlusion", "fault", "occlusion", False),
        ("=> no fault", "fault", "", True),
        ("=> tone done", "tone", "done", False),
        ("=> drop delivered", "drop", "delivered", False),
        ("=> no drop", "drop", "", True),
        ("=> needle home", "needle", "", False),
    ],
)
def test_an_expectation_names_what_the_device_must_show(line: str, subject: str, word: str, negated: bool):
    step = only_step(line)
    assert (step.verb, step.subject, step.word, step.negated) == ("expect", subject, word, negated)
    assert (step.limit_us, step.lasting) == (DEFAULT_WITHIN_US, False)


def test_within_bounds_the_waiting_and_for_demands_the_whole_span():
    soon, long = parse("=> SHOT within 200ms\n=> ARMED for 1.5 s").steps
    assert (soon.limit_us, soon.lasting) == (200_000, False)
    assert (long.limit_us, long.lasting) == (1_500_000, True)


def test_drops_can_be_counted_and_their_cause_demanded():
    step = only_step("=> 5 drops delivered within 3s")
    assert (step.count, step.word) == (5, "delivered")
    assert only_step("=> drop aborted because released").cause == "released"


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("press\nfly", "line 2", "no such action"),
        ("press\ndose 10 ul", "line 2", "settings come before"),
        ("dose 10", "line 1", "needs a unit"),
        ("dose ten ul", "line 1", "is no volume"),
        ("dose 0.0001 ul", "line 1", "finer"),
        ("dose 1 ul\ndose 2 ul", "line 2", "twice"),
        ("syringe", "line 1", "missing"),
        ("no gloves", "line 1", "no settings"),
        ("plant tissue_kpa soft", "line 1", "no number"),
        ("plant tissue_kpa inf", "line 1", "no number"),
        ("plant tissue_kpa", "line 1", "NAME VALUE"),
        ("@12 press", "line 1", "needs a unit"),
        ("@5ms", "line 1", "nothing to do"),
        ("@5ms => SHOT", "line 1", "within"),
        ("=>", "line 1", "nothing is expected"),
        ("=> happiness", "line 1", "no such expectation"),
        ("=> fault", "line 1", "fault NAME"),
        ("=> drop lost", "line 1", "a drop is"),
        ("=> many drops delivered", "line 1", "no number of drops"),
        ("=> SHOT within", "line 1", "no time"),
        ("hold confirm", "line 1", "no such action"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(text: str, line: str, word: str):
    with pytest.raises(ScenarioError) as refused:
        parse(text)
    assert str(refused.value).startswith(line)
    assert word in str(refused.value)


def test_a_file_with_nothing_to_do_is_refused():
    with pytest.raises(ScenarioError, match="nothing to do"):
        parse("syringe 1ml\n")


@pytest.mark.parametrize(
    "line", ["=> SLEEPING", "=> fault hunger", "=> inhibit bored", "=> drop aborted because tired"]
)
def test_a_word_that_the_firmware_does_not_know_is_refused_with_its_line(line: str):
    scenario = parse(f"press\n{line}")
    with pytest.raises(ScenarioError, match="line 2"):
        scenario.check_words(KNOWN)


def test_known_words_pass():
    parse("=> SHOT\n=> fault occlusion\n=> no fault\n=> drop aborted because released").check_words(KNOWN)


def test_what_the_display_says_may_have_the_words_for_times_in_it() -> None:
    plain, timed, negated, ending = parse(
        "=> display Too deep for this\n=> display Wait for it within 2s\n=> no display wait for me for 1s\n"
        "=> display for"
    ).steps
    assert (plain.word, plain.limit_us, plain.lasting) == ("Too deep for this", 100_000, False)
    assert (timed.word, timed.limit_us, timed.lasting) == ("Wait for it", 2_000_000, False)
    assert (negated.word, negated.limit_us, negated.lasting, negated.negated) == ("wait for me", 1_000_000, True, True)
    assert ending.word == "for"
