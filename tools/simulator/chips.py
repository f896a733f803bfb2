"""What differs between the two chips: pins, ADC channels, RMT memory, pulse counters, PWM.

Sources: ESP-IDF 5.5.2 `soc_caps.h` of each chip, MicroPython 1.29 `ports/esp32/machine_pin.h`, `machine_adc.c`
and `machine_i2c.h`.
"""


class ChipModel:
    """One kind of chip, as data. GPIO numbers throughout."""

    def __init__(self, name: str, machine: str) -> None:
        self.name = name
        self.machine = machine  # os.uname().machine of the stock firmware
        self.pins: set[int] = set()
        self.input_only: set[int] = set()  # no output stage and no pull resistors
        self.taken: dict[int, str] = {}  # usable only at the cost of what the word says
        self.adc1: set[int] = set()
        self.adc2: set[int] = set()  # blocked while Wi-Fi is on
        self.adc_min_bits = 12
        self.full_scale_mv = (950, 1250, 1750, 3100)  # ADC counts 4095, by attenuation 0, 2.5, 6, 11 dB
        self.rmt_words = 48  # symbols of one RMT memory block
        self.rmt_channels = 4
        self.rmt_stops_at_once = True
        self.rmt_counts_loops = True
        self.pcnt_units = 4
        self.i2c_pins: "tuple[tuple[int, int], ...]" = ()  # (SCL, SDA) of each port when none are given
        self.ledc_groups = 1  # each with its own timers and channels
        self.ledc_timers = 4  # of a group
        self.ledc_channels = 8  # of a group
        self.ledc_bits = 14  # width of a timer


def _numbers(*spans: tuple[int, int]) -> set[int]:
    numbers: set[int] = set()
    for first, last in spans:
        numbers.update(range(first, last + 1))
    return numbers


def _taken(what: str, numbers: "list[int] | range") -> dict[int, str]:
    return dict.fromkeys(numbers, what)


def _esp32s3() -> ChipModel:
    model = ChipModel("esp32s3", "Generic ESP32S3 module with ESP32-S3")
    model.pins = _numbers((0, 21), (26, 26), (33, 48))
    # GPIO3 is a strap only where the eFuse STRAP_JTAG_SEL is burnt. 35-37 belong to octal PSRAM (modules N8R8, N16R8),
    # which the reference module does not have; 33 and 34 are not led out of any WROOM-1.
    model.taken = _taken("a strapping pin", [0, 45, 46])
    model.taken.update(_taken("USB", [19, 20]))
    model.taken.update(_taken("flash or PSRAM", [26, 33, 34]))
    model.taken.update(_taken("the console", [43, 44]))
    model.adc1 = _numbers((1, 10))
    model.adc2 = _numbers((11, 20))
    model.i2c_pins = ((9, 8), (9, 8))
    return model


def _esp32() -> ChipModel:
    model = ChipModel("esp32", "Generic ESP32 module with ESP32")
    model.pins = _numbers((0, 23), (25, 27), (32, 39))
    model.input_only = _numbers((34, 39))
    model.taken = _taken("flash", range(6, 12))
    model.taken.update(_taken("a strapping pin", [0, 2, 5, 12, 15]))
    model.taken.update(_taken("the console", [1, 3]))
    model.adc1 = _numbers((32, 39))
    model.adc2 = {0, 2, 4, 12, 13, 14, 15, 25, 26, 27}
    model.adc_min_bits = 9
    model.rmt_words = 64
    model.rmt_channels = 8
    model.rmt_stops_at_once = False
    model.rmt_counts_loops = False
    model.pcnt_units = 8
    model.i2c_pins = ((18, 19), (25, 26))
    model.ledc_groups = 2
    model.ledc_bits = 20
    return model


MODELS = {"esp32s3": _esp32s3(), "esp32": _esp32()}
