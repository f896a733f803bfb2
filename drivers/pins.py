"""Chooses the pin table of the board this runs on, by the chip's name in os.uname().machine."""

import os


def chip(machine: str) -> str:
    """'esp32s3' or 'esp32' from a name such as 'Generic ESP32 module with ESP32'; RuntimeError for any other chip.

    MicroPython 1.29 writes ESP32-S3, releases before it ESP32S3. The chip comes last, or before a package suffix.
    """
    if "ESP32-S3" in machine or "ESP32S3" in machine:
        return "esp32s3"
    if machine.endswith("ESP32"):
        return "esp32"
    raise RuntimeError("drivers/pins.py: no pin table for the board '" + machine + "'")


def table():
    """The module that holds the pins of this board: pins_esp32s3 or pins_esp32."""
    if chip(os.uname().machine) == "esp32s3":
        from drivers import pins_esp32s3

        return pins_esp32s3
    from drivers import pins_esp32

    return pins_esp32
