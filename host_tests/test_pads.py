"""Pins and converters: what drives a net, what a read shows, and what a reviewer of the board would object to."""

import pytest

from tools.simulator import silicon
from tools.simulator.analog import ADC
from tools.simulator.pads import Pin, join, pad
from tools.simulator.silicon import Chip


@pytest.fixture
def s3() -> Chip:
    return silicon.power_on("esp32s3")


@pytest.fixture
def esp32() -> Chip:
    return silicon.power_on("esp32")


# --- pins -------------------------------------------------------------------------------------------------------------


def test_a_pin_object_exists_once(s3: Chip) -> None:
    assert Pin(9) is Pin(9, Pin.IN)
    assert Pin(Pin(9)) is Pin(9)


@pytest.mark.parametrize("number", [-1, 22, 25, 27, 32, 49])
def test_an_s3_has_no_such_pin(s3: Chip, number: int) -> None:
    with pytest.raises(ValueError, match="invalid pin"):
        Pin(number)


@pytest.mark.parametrize("number", [24, 28, 31, 40])
def test_an_esp32_has_no_such_pin(esp32: Chip, number: int) -> None:
    with pytest.raises(ValueError, match="invalid pin"):
        Pin(number)


def test_an_output_reads_back_and_an_unconfigured_pin_does_not_read(s3: Chip) -> None:
    pin = Pin(21, Pin.OUT, value=1)
    assert pin() == 1
    pin(0)
    assert pin.value() == 0
    pin.toggle()
    assert pin() == 1
    unconfigured = pad(s3, 47)
    unconfigured.net.pulled_up = True
    unconfigured.net.update()
    assert unconfigured() == 0


def test_without_a_value_an_output_starts_with_the_level_of_its_latch(s3: Chip) -> None:
    enable = pad(s3, 21)
    enable.net.pulled_up = True
    enable.net.update()
    assert enable.net.level == 1
    Pin(21, Pin.OUT)
    assert enable.net.level == 0  # a motor would have power now


def test_the_value_is_set_before_the_pin_becomes_an_output(s3: Chip) -> None:
    pin = Pin(21, Pin.IN, Pin.PULL_UP)
    rises, falls = pin.net.rises, pin.net.falls
    pin.init(Pin.OUT, value=1)
    assert (pin.net.rises, pin.net.falls) == (rises, falls)


def test_pulls_decide_when_nobody_drives(s3: Chip) -> None:
    pin = Pin(9, Pin.IN, Pin.PULL_UP)
    assert pin() == 1
    pin.init(Pin.IN, Pin.PULL_DOWN)
    assert pin() == 0
    pin.init(Pin.IN)  # keeps the pull
    assert pin() == 0
    pin.init(Pin.IN, Pin.PULL_UP)
    pin.init(Pin.IN, None)
    assert pin() == 0  # floating


def test_a_closed_contact_wins_over_pull_ups(s3: Chip) -> None:
    pin = Pin(9, Pin.IN, Pin.PULL_UP)
    pin.net.contact_closed = 1
    pin.net.update()
    assert pin() == 0


def test_an_open_drain_output_only_pulls_down(s3: Chip) -> None:
    pin = Pin(9, Pin.OPEN_DRAIN, Pin.PULL_UP, value=1)
    assert pin() == 1
    pin.net.contact_closed = 1
    pin.net.update()
    assert pin() == 0
    pin(0)
    assert s3.flags == []


def test_an_output_on_a_wired_net_reaches_the_other_pin(s3: Chip) -> None:
    join(s3, 5, 6)
    step = Pin(5, Pin.OUT, value=0)
    count = Pin(6, Pin.IN)
    step(1)
    assert count() == 1


def test_outputs_against_each_other_and_against_a_contact_are_flagged(s3: Chip) -> None:
    join(s3, 5, 6)
    Pin(5, Pin.OUT, value=0)
    Pin(6, Pin.OUT, value=1)
    assert s3.flags == ["GPIO6 drives against another output"]
    button = Pin(9, Pin.OUT, value=1)
    button.net.contact_closed = 1
    button.net.update()
    assert s3.flags[1:] == ["GPIO9 drives a closed contact high"]


def test_pins_34_to_39_of_the_esp32_are_inputs_without_pulls(esp32: Chip) -> None:
    with pytest.raises(ValueError, match="only be input"):
        Pin(35, Pin.OUT)
    pin = Pin(35, Pin.IN, Pin.PULL_UP)
    assert pin() == 0
    assert esp32.flags == ["GPIO35 has no pull resistors"]


@pytest.mark.parametrize(("number", "what"), [(6, "flash"), (12, "a strapping pin"), (1, "the console")])
def test_pins_that_the_esp32_needs_itself_are_flagged(esp32: Chip, number: int, what: str) -> None:
    Pin(number, Pin.IN)
    assert esp32.flags == [f"GPIO{number} is {what}"]


@pytest.mark.parametrize(("number", "what"), [(33, "flash or PSRAM"), (46, "a strapping pin"), (19, "USB")])
def test_pins_that_the_s3_needs_itself_are_flagged(s3: Chip, number: int, what: str) -> None:
    Pin(number, Pin.IN)
    assert s3.flags == [f"GPIO{number} is {what}"]


def test_what_is_not_simulated_says_so(s3: Chip) -> None:
    with pytest.raises(NotImplementedError):
        Pin(9).irq()
    with pytest.raises(NotImplementedError):
        Pin(9).init(hold=True)


# --- converters -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("counts", [0, 1, 2047, 2048, 4094, 4095])
def test_sixteen_bits_shifted_by_four_are_the_twelve_that_were_converted(s3: Chip, counts: int) -> None:
    s3.analog[1] = lambda: counts
    adc = ADC(Pin(1))
    value = adc.read_u16()
    assert value >> 4 == counts
    assert value & 15 == counts >> 8
    assert adc.read() == counts


def test_less_attenuation_reads_more_counts_up_to_its_own_full_scale(s3: Chip) -> None:
    s3.analog[1] = lambda: 1000  # 757 mV
    adc = ADC(1, atten=ADC.ATTN_6DB)
    assert adc.read() == 1000 * 3100 // 1750
    assert abs(adc.read_uv() - 757_000) <= 1000
    adc.atten(ADC.ATTN_0DB)
    s3.analog[2] = lambda: 3000
    assert ADC(2, atten=ADC.ATTN_0DB).read_u16() == 0xFFFF
    with pytest.raises(ValueError, match="attenuation"):
        adc.atten(4)


def test_only_the_esp32_can_convert_fewer_bits(s3: Chip) -> None:
    with pytest.raises(ValueError, match="bit-width"):
        ADC(1).width(11)
    chip = silicon.power_on("esp32")
    chip.analog[36] = lambda: 4095
    adc = ADC(36)
    adc.width(9)
    assert adc.read() == 511
    assert adc.read_u16() == 0xFFFF


def test_adc2_is_flagged_and_fails_while_wifi_is_on(s3: Chip) -> None:
    adc = ADC(11)
    assert s3.flags == ["GPIO11 is on ADC2, which Wi-Fi blocks"]
    assert adc.read_u16() == 0
    s3.wifi_on = True
    with pytest.raises(OSError, match="TIMEOUT"):
        adc.read_u16()


@pytest.mark.parametrize(("name", "number"), [("esp32s3", 21), ("esp32", 5)])
def test_a_pin_without_converter_is_refused(name: str, number: int) -> None:
    silicon.power_on(name)
    with pytest.raises(ValueError, match="invalid pin"):
        ADC(number)


def test_a_converter_takes_the_pin_from_digital_use(s3: Chip) -> None:
    pin = Pin(1, Pin.OUT, value=1)
    ADC(pin)
    assert pin() == 0
    assert pin.net.level == 0
