"""Pin table of the reference board: ESP32-S3-WROOM-1 on a DevKitC-1 (GPIO numbers; wiring in docs/hardware.md).

Kept free: 26-32 flash, 33-37 octal PSRAM, 19/20 USB, 43/44 console. Strapping pins (0, 3, 45, 46) carry no signal here.
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

# Reserved for later parts: I2C SDA 41, SCL 42 (display, clock); encoder A 39, B 40, push 48;
# lamp red 45, green 46 (LED to ground keeps these straps low), blue 43; buzzer 3.
