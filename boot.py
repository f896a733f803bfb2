"""Makes the outputs safe, and nothing else: motor drivers off (EN high), STEP low. Runs after every reset.

A soft reset does not release pins, so this is the first thing the chip does. The numbers stand here once more, because
a pin table that cannot be imported must not leave the motors powered; a test compares them with drivers/pins_*.py.
"""

import os

from machine import Pin

_machine = os.uname().machine
if "ESP32-S3" in _machine or "ESP32S3" in _machine:
    Pin(21, Pin.OUT, value=1)
    Pin(47, Pin.OUT, value=1)
    Pin(5, Pin.OUT, value=0)
    Pin(15, Pin.OUT, value=0)
elif _machine.endswith("ESP32"):
    Pin(23, Pin.OUT, value=1)
    Pin(25, Pin.OUT, value=0)
    Pin(26, Pin.OUT, value=0)
else:
    # MicroPython does not start main.py after this: on a board without a pin table nothing ever moves.
    raise RuntimeError("boot.py: no pin table for the board '" + _machine + "'")
