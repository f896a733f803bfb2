"""Pin table of the reference board: ESP32-S3-WROOM-1 on a DevKitC-1 (GPIO numbers; wiring in docs/hardware.md).

Kept free: 26-32 flash, 19/20 USB, 43/44 console. Strapping pins (0, 45, 46) carry no signal here; 3 is a strap only
with a burnt eFuse. 35-37 belong to octal PSRAM, which the reference module does not have.
GPIO 1-18 may be pulled low for 60 us at power-up (ESP32-S3 datasheet), so the EN pins are not among them.
EN low = motor powered. DIR high = plunger forward, needle deeper. One step per rising edge of STEP.
"""

# Analogue inputs: ADC1 is GPIO 1-10; ADC2 does not work while Wi-Fi is on.
PRESSURE_ADC = 1
NEEDLE_ADC = 2
SUPPLY_ADC = 4

# Dose axis. STEP_COUNT is a second pin, wired to the STEP net, so that PCNT sees what the driver sees.
DOSE_STEP = 5
DOSE_STEP_COUNT = 6
DOSE_DIR = 7
DOSE_EN = 21

# Needle axis.
NEEDLE_STEP = 15
NEEDLE_STEP_COUNT = 16
NEEDLE_DIR = 8
NEEDLE_EN = 47

# Contacts to ground, closed = low, each with an external pull-up as well as the internal one.
NO_PULL_UP = ()
TRIGGER_NO = 9
TRIGGER_NC = 10
CONTACT_A = 11
CONTACT_B = 12
STOP = 13
HOME = 14
CONFIRM = 38

# One wire to both TMC2209: TX through 1 kohm, RX direct.
DRIVER_UART_TX = 17
DRIVER_UART_RX = 18

# Panel: display and clock on one I2C bus; encoder and its push to ground; lamp (high = lit) and buzzer by PWM.
I2C_SDA = 41
I2C_SCL = 42
KNOB_A = 39
KNOB_B = 40
KNOB_PUSH = 48
LAMP_RED = 35
LAMP_GREEN = 36
LAMP_BLUE = 37
BUZZER = 3
EXPANDER_ADDRESS = None  # no expander on this board
