"""Pin tables: what each chip can do, what boot.py and the drawings say, and which table a board gets."""

import re
from pathlib import Path
from types import ModuleType

import pytest

from drivers import pins_esp32, pins_esp32s3
from host_tests.board_bench import CHIPS, Bench
from tools.simulator.chips import MODELS

ROOT = Path(__file__).resolve().parent.parent
TABLES = {"esp32s3": pins_esp32s3, "esp32": pins_esp32}
CONTACTS = ("TRIGGER_NO", "TRIGGER_NC", "CONTACT_A", "CONTACT_B", "STOP", "HOME", "CONFIRM")
OUTPUTS = ("DOSE_STEP", "DOSE_DIR", "DOSE_EN", "NEEDLE_STEP", "NEEDLE_DIR", "NEEDLE_EN", "DRIVER_UART_TX")
# On the small board three pairs share a pin, and they may.
SHARED: "dict[str, set[str]]" = {"esp32s3": set(), "esp32": {"DOSE_STEP_COUNT", "NEEDLE_STEP_COUNT", "NEEDLE_EN"}}


def _pins(table: ModuleType) -> "dict[str, int]":
    return {name: number for name, number in vars(table).items() if name.isupper() and isinstance(number, int)}


def test_both_boards_have_the_same_names() -> None:
    assert set(_pins(pins_esp32s3)) == set(_pins(pins_esp32))


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
    for name in OUTPUTS:
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
    drawn = {name: pair for name, *pair in re.findall(r">([A-Z_]+) (\d+) / (\d+)<", drawing)}
    listed = {name: pair for name, *pair in re.findall(r"^\| `([A-Z_]+)` \| (\d+) \| (\d+) \|", manual, re.MULTILINE)}
    column = CHIPS.index(chip)
    pins = {name: str(number) for name, number in _pins(TABLES[chip]).items()}
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
