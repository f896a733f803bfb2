"""Pin tables: what each chip can do, what boot.py and the drawings say, and which table a board gets."""

import re
from pathlib import Path
from types import ModuleType

import pytest

from drivers import pins_esp32, pins_esp32s3
from host_tests.board_bench import CHIPS, Bench
from tools.simulator.chips import MODELS

ADDRESS = "EXPANDER_ADDRESS"  # on the bus: no pin
ROOT = Path(__file__).resolve().parent.parent
TABLES = {"esp32s3": pins_esp32s3, "esp32": pins_esp32}
CONTACTS = ("TRIGGER_NO", "TRIGGER_NC", "CONTACT_A", "CONTACT_B", "STOP", "HOME", "CONFIRM")
OUTPUTS = ("DOSE_STEP", "DOSE_DIR", "DOSE_EN", "NEEDLE_STEP", "NEEDLE_DIR", "NEEDLE_EN", "DRIVER_UART_TX")
PANEL_OUTPUTS = ("I2C_SDA", "I2C_SCL", "LAMP_RED", "LAMP_GREEN", "LAMP_BLUE", "BUZZER")
# What the small board has behind its expander, and at which pin of that.
EXPANDED = {"KNOB_A": 0, "KNOB_B": 1, "KNOB_PUSH": 2, "LAMP_RED": 3, "LAMP_GREEN": 4, "LAMP_BLUE": 5, "BUZZER": 6}
LOUD = 7
# On the small board three pairs share a pin, and they may.
SHARED: "dict[str, set[str]]" = {"esp32s3": set(), "esp32": {"DOSE_STEP_COUNT", "NEEDLE_STEP_COUNT", "NEEDLE_EN"}}


def _pins(table: ModuleType) -> "dict[str, int]":
    names = vars(table).items()
    return {name: number for name, number in names if name.isupper() and isinstance(number, int) and name != ADDRESS}


def test_both_boards_have_the_same_names_but_for_what_is_behind_the_expander() -> None:
    assert set(_pins(pins_esp32s3)) - set(EXPANDED) == set(_pins(pins_esp32))
    assert set(EXPANDED) <= set(_pins(pins_esp32s3))


def test_only_the_small_board_has_an_expander() -> None:
    assert pins_esp32.EXPANDER_ADDRESS == 0x20
    assert not pins_esp32s3.EXPANDER_ADDRESS


def test_no_safety_input_is_behind_the_expander() -> None:
    assert not set(EXPANDED) & {*CONTACTS, "PRESSURE_ADC", "NEEDLE_ADC", "SUPPLY_ADC"}


def test_expander_has_at_its_pins_what_the_table_says() -> None:
    expander = Bench("esp32").module("drivers.expander")
    knob = Bench("esp32").module("drivers.knob")
    bits = {"KNOB_A": knob.A, "KNOB_B": knob.B, "KNOB_PUSH": knob.PUSH}
    bits |= {"LAMP_RED": expander.RED, "LAMP_GREEN": expander.GREEN, "LAMP_BLUE": expander.BLUE}
    assert bits | {"BUZZER": expander.BUZZER} == {name: 1 << bit for name, bit in EXPANDED.items()}
    assert expander.LOUD == 1 << LOUD


@pytest.mark.parametrize("chip", CHIPS)
def test_no_pin_serves_two_purposes(chip: str) -> None:
    numbers = [number for name, number in _pins(TABLES[chip]).items() if name not in SHARED[chip]]
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("chip", CHIPS)
def test_every_pin_exists_and_is_free(chip: str) -> None:
    model = MODELS[chip]
    for name, number in _pins(TABLES[chip]).items():
        assert number in model.pins, name
        assert number not in model.taken, f"{name} is on {model.taken.get(number)}"


@pytest.mark.parametrize("chip", CHIPS)
def test_analogue_inputs_are_on_the_converter_that_wifi_leaves_alone(chip: str) -> None:
    for name in ("PRESSURE_ADC", "NEEDLE_ADC", "SUPPLY_ADC"):
        assert _pins(TABLES[chip])[name] in MODELS[chip].adc1


@pytest.mark.parametrize("chip", CHIPS)
def test_outputs_are_on_pins_that_can_drive(chip: str) -> None:
    for name in (*OUTPUTS, *(set(PANEL_OUTPUTS) & set(_pins(TABLES[chip])))):
        assert _pins(TABLES[chip])[name] not in MODELS[chip].input_only


@pytest.mark.parametrize("chip", CHIPS)
def test_contacts_without_a_pull_up_of_their_own_are_listed(chip: str) -> None:
    pins = _pins(TABLES[chip])
    contacts = {pins[name] for name in CONTACTS}
    assert set(TABLES[chip].NO_PULL_UP) == contacts & MODELS[chip].input_only


def test_small_board_has_one_enable_and_counts_on_the_step_pins() -> None:
    assert pins_esp32.DOSE_EN == pins_esp32.NEEDLE_EN
    assert pins_esp32.DOSE_STEP_COUNT == pins_esp32.DOSE_STEP
    assert pins_esp32.NEEDLE_STEP_COUNT == pins_esp32.NEEDLE_STEP


@pytest.mark.parametrize("chip", CHIPS)
def test_drawing_and_manual_show_the_same_numbers(chip: str) -> None:
    drawing = (ROOT / "docs" / "wiring.svg").read_text(encoding="utf-8")
    manual = (ROOT / "docs" / "hardware.md").read_text(encoding="utf-8")
    drawn = {name: pair for name, *pair in re.findall(r">([A-Z2_]+) (\d+) / (P?\d+)<", drawing)}
    rows = re.findall(r"^\| `([A-Z2_]+)` \| (\d+) \| (P?\d+) \|", manual, re.MULTILINE)
    listed = {name: pair for name, *pair in rows}
    column = CHIPS.index(chip)
    pins = {name: str(number) for name, number in _pins(TABLES[chip]).items()}
    if TABLES[chip].EXPANDER_ADDRESS:
        pins |= {name: f"P{bit}" for name, bit in EXPANDED.items()}
    assert {name: pair[column] for name, pair in drawn.items()} == pins
    assert {name: pair[column] for name, pair in listed.items()} == pins


@pytest.mark.parametrize(
    ("machine", "chip"),
    [
        ("Generic ESP32S3 module with ESP32-S3", "esp32s3"),
        ("Generic ESP32S3 module with Octal-SPIRAM with ESP32S3", "esp32s3"),  # up to MicroPython 1.26
        ("TinyS3 with ESP32-S3-FN8", "esp32s3"),
        ("Generic ESP32 module with ESP32", "esp32"),
    ],
)
def test_board_is_known_by_its_chip(machine: str, chip: str) -> None:
    assert Bench().module("drivers.pins").chip(machine) == chip


@pytest.mark.parametrize(
    "machine", ["Generic ESP32C3 module with ESP32-C3", "Generic ESP32S2 module with ESP32-S2", ""]
)
def test_board_without_a_table_is_refused_by_name(machine: str) -> None:
    with pytest.raises(RuntimeError, match=f"no pin table for the board '{machine}'"):
        Bench().module("drivers.pins").chip(machine)


@pytest.mark.parametrize("chip", CHIPS)
def test_board_gets_its_own_table(chip: str) -> None:
    assert _pins(Bench(chip).pins) == _pins(TABLES[chip])
