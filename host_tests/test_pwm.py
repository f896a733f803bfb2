"""machine.PWM: duties, frequencies and resolutions, and whose pad it is."""

import pytest

from host_tests.pwm_bench import BUZZER, GREEN, RED, share, timers
from tools.simulator import silicon
from tools.simulator.chip.machine import PWM, Pin
from tools.simulator.silicon import Chip


@pytest.fixture
def s3() -> Chip:
    return silicon.power_on("esp32s3")


@pytest.fixture
def esp32() -> Chip:
    return silicon.power_on("esp32")


# --- duty -------------------------------------------------------------------------------------------------------------


def test_without_arguments_it_is_5_khz_half_of_the_time(s3: Chip) -> None:
    pwm = PWM(RED)
    assert pwm.freq() == 5000
    assert pwm.duty_u16() == 32768
    assert share(s3, RED) == 0.5
    assert repr(pwm) == "PWM(Pin(35), freq=5000, duty_u16=32768)"


@pytest.mark.parametrize(("duty", "high"), [(0, 0), (16384, 0.25), (65535, 1)])
def test_duty_0_is_always_low_and_65535_always_high(s3: Chip, duty: int, high: float) -> None:
    pwm = PWM(Pin(RED), freq=1000, duty_u16=duty)
    assert share(s3, RED) == high
    assert s3.pins[RED].net.level == int(high)
    assert pwm.duty_u16() == duty


def test_duty_of_ten_bits_and_in_nanoseconds(s3: Chip) -> None:
    pwm = PWM(RED, freq=1000, duty=256)
    assert share(s3, RED) == 0.25
    assert pwm.duty() == 256
    pwm.duty(1023)
    assert share(s3, RED) == 1
    pwm.duty_ns(500_000)
    assert share(s3, RED) == 0.5
    assert pwm.duty_ns() == 500_000
    pwm.freq(2000)  # the time stays, so the share doubles
    assert share(s3, RED) == 1
    pwm.duty_ns(1)
    assert pwm.duty_u16() == 0  # below one step of 13 bits


def test_a_duty_of_nothing_can_be_given_in_every_unit(s3: Chip) -> None:
    pwm = PWM(RED, freq=1000, duty=0)
    assert share(s3, RED) == 0
    pwm.init(duty=512)
    assert share(s3, RED) == 0.5
    pwm.init(duty_ns=0)
    assert share(s3, RED) == 0


def test_a_duty_has_no_more_steps_than_the_frequency_allows(s3: Chip) -> None:
    pwm = PWM(RED, freq=1_000_000, duty_u16=0)
    pwm.duty_u16(1023)
    assert pwm.duty_u16() == 0
    pwm.duty_u16(1024)
    assert pwm.duty_u16() == 1024


@pytest.mark.parametrize(
    ("chip", "hz", "bits"),
    [
        ("esp32s3", 1000, 13),
        ("esp32s3", 20_000, 11),
        ("esp32s3", 40_000_000, 1),
        ("esp32", 1000, 16),
        ("esp32", 50, 16),
    ],
)
def test_resolution_falls_with_frequency(chip: str, hz: int, bits: int) -> None:
    powered = silicon.power_on(chip)
    PWM(4, freq=hz)
    assert powered.ledc.timers[0][0].bits == bits


@pytest.mark.parametrize("wrong", [-1, 65536])
def test_duty_out_of_range_is_refused(s3: Chip, wrong: int) -> None:
    pwm = PWM(RED)
    with pytest.raises(ValueError, match="duty_u16 must be from 0 to 65536"):
        pwm.duty_u16(wrong)
    with pytest.raises(ValueError, match="duty must be from 0 to 1023"):
        pwm.duty(1024 if wrong > 0 else -1)
    with pytest.raises(ValueError, match="duty_ns must be from 0 to 200000 ns"):
        pwm.duty_ns(200_001 if wrong > 0 else -1)


def test_inversion_turns_the_share_over(s3: Chip) -> None:
    pwm = PWM(RED, freq=1000, duty_u16=16384, invert=True)
    assert share(s3, RED) == 0.75
    pwm.init(invert=False)
    assert share(s3, RED) == 0.25


# --- frequency --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", [0, -2, 40_000_001])
def test_frequency_out_of_range_is_refused(s3: Chip, wrong: int) -> None:
    with pytest.raises(ValueError, match="frequency must be from 1Hz to 40MHz"):
        PWM(RED, freq=wrong)
    with pytest.raises(ValueError, match="frequency must be from 1Hz to 40MHz"):
        PWM(RED).freq(wrong)


def test_a_frequency_that_no_divider_gives_is_an_error_of_the_idf(s3: Chip) -> None:
    with pytest.raises(OSError, match="ESP_FAIL"):
        PWM(RED, freq=4)
    assert PWM(GREEN, freq=5).freq() == 5


def test_below_10_hz_the_esp32_has_another_clock_which_is_not_simulated(esp32: Chip) -> None:
    with pytest.raises(NotImplementedError):
        PWM(4, freq=9)


def test_the_divider_gives_nearly_the_frequency_asked_for(s3: Chip) -> None:
    pwm = PWM(RED)
    for hz in (440, 523, 2731, 19_997, 77_777):
        pwm.freq(hz)
        got = pwm.freq()
        assert got is not None
        assert abs(got - hz) <= hz // 500


def test_the_same_frequency_again_changes_nothing(s3: Chip) -> None:
    pwm = PWM(RED, freq=1000)
    pwm.freq(1000)
    assert timers(s3) == [1000]


def test_nanoseconds_need_a_frequency_that_is_set_already(s3: Chip) -> None:
    with pytest.raises(RuntimeError, match="PWM is inactive"):
        PWM(RED, freq=1000, duty_ns=1000)
    pwm = PWM(RED, freq=1000)
    pwm.init(duty_ns=250_000)
    assert share(s3, RED) == 0.25


def test_setting_the_frequency_keeps_the_duty(s3: Chip) -> None:
    pwm = PWM(BUZZER, freq=500, duty_u16=20_000)
    pwm.freq(4000)
    assert pwm.freq() == 4000
    assert share(s3, BUZZER) == pytest.approx(20_000 / 65_536, abs=1e-4)


# --- the pad ----------------------------------------------------------------------------------------------------------


def test_deinit_leaves_the_pad_low_and_the_object_inactive(s3: Chip) -> None:
    pwm = PWM(RED, freq=1000, duty_u16=65535)
    assert s3.pins[RED].net.level == 1
    pwm.deinit()
    pwm.deinit()
    assert s3.pins[RED].net.level == 0
    assert share(s3, RED) == 0
    assert timers(s3) == []
    assert repr(pwm) == "PWM(Pin(35))"
    for action in (pwm.freq, pwm.duty_u16, lambda: pwm.duty_u16(1), lambda: pwm.duty_ns(1), lambda: pwm.freq(10)):
        with pytest.raises(RuntimeError, match="PWM is inactive"):
            action()
    pwm.init(freq=2000, duty_u16=16384)
    assert share(s3, RED) == 0.25


def test_deinit_leaves_others_on_the_timer_alone(s3: Chip) -> None:
    first = PWM(RED, freq=1000)
    PWM(GREEN, freq=1000, duty_u16=16384)
    first.deinit()
    assert timers(s3) == [1000]
    assert share(s3, GREEN) == 0.25


def test_a_pin_that_was_stopped_can_be_stopped_again_through_another_object(s3: Chip) -> None:
    first, second = PWM(RED, freq=1000, duty_u16=65535), PWM(RED)
    first.deinit()
    second.deinit()
    assert timers(s3) == []
    assert share(s3, RED) == 0


def test_deinit_of_a_pin_that_another_object_has_stopped_stops_nothing_more(s3: Chip) -> None:
    first, second = PWM(RED, freq=1000), PWM(RED)
    first.deinit()
    PWM(GREEN, freq=1000)  # on the same channel and timer
    assert timers(s3) == [1000]
    second.deinit()
    assert timers(s3) == []  # stopped all the same: the object only knows its channel
    assert share(s3, GREEN) == 0


def test_deinit_of_an_inverted_pin_leaves_it_high(s3: Chip) -> None:
    PWM(RED, freq=1000, invert=True).deinit()
    assert s3.pins[RED].net.level == 1


def test_a_channel_given_back_still_reaches_its_old_pad(s3: Chip) -> None:
    PWM(RED, freq=1000).deinit()
    PWM(GREEN, freq=1000, duty_u16=65535)
    assert s3.pins[RED].net.level == 1
    Pin(RED, Pin.OUT, value=0)
    assert s3.pins[RED].net.level == 0


def test_a_pin_mode_takes_the_pad_and_pwm_does_not_notice(s3: Chip) -> None:
    pwm = PWM(RED, freq=1000, duty_u16=65535)
    pin = Pin(RED, Pin.OUT, value=0)
    assert pin() == 0
    pwm.duty_u16(65535)
    assert s3.pins[RED].net.level == 0


def test_a_bare_pin_object_leaves_pwm_alone(s3: Chip) -> None:
    PWM(RED, freq=1000, duty_u16=16384)
    Pin(RED)
    assert share(s3, RED) == 0.25


def test_an_input_only_pin_is_refused(esp32: Chip) -> None:
    with pytest.raises(OSError, match="ESP_ERR_INVALID_ARG"):
        PWM(34)


def test_light_sleep_is_not_simulated(s3: Chip) -> None:
    with pytest.raises(NotImplementedError):
        PWM(RED, lightsleep=True)


def test_a_call_takes_time(s3: Chip) -> None:
    pwm = PWM(RED)
    before_us = s3.now_us
    pwm.duty_u16(5)
    assert 5 <= s3.now_us - before_us <= 50
