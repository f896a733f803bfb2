"""The device's `esp32`, as far as the project uses it."""

from tools.simulator.nvs import NVS as NVS
from tools.simulator.pulse_counter import PCNT as PCNT
from tools.simulator.rmt import RMT as RMT
