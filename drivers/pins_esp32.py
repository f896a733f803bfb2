"""Pin table of the small board: ESP32-WROOM-32, no PSRAM (GPIO numbers; wiring in docs/hardware.md).

Its 19 usable pins are all spoken for. Kept free: 6-11 flash, 1/3 console, strapping pins 0, 2, 5, 12, 15.
34-39 are inputs without any pull resistor of their own: what is wired there has an external one.
EN low = motors powered. DIR high = plunger forward, needle deeper. One step per rising edge of STEP.
"""

# Analogue inputs: ADC1 is GPIO 32-39. 36 and 39 may glitch low for 80 ns (ESP32 errata): no contact is read there.
PRESSURE_ADC = 36
NEEDLE_ADC = 39
SUPPLY_ADC = 34

# Dose axis. No pin is left for a second look at the STEP net: PCNT listens on the STEP pin itself.
DOSE_STEP = 25
DOSE_STEP_COUNT = 25
DOSE_DIR = 27
DOSE_EN = 23

# Needle axis. One EN wire powers both drivers.
NEEDLE_STEP = 26
NEEDLE_STEP_COUNT = 26
NEEDLE_DIR = 14
NEEDLE_EN = 23

# Contacts to ground, closed = low. Those in NO_PULL_UP are on input-only pins: external pull-up only.
NO_PULL_UP = (35,)
TRIGGER_NO = 32
TRIGGER_NC = 33
CONTACT_A = 18
CONTACT_B = 19
STOP = 35
HOME = 13
CONFIRM = 4

# One wire to both TMC2209: TX through 1 kohm, RX direct.
DRIVER_UART_TX = 17
DRIVER_UART_RX = 16

# Panel: display, clock, and an expander that carries encoder, lamp and buzzer, on one I2C bus.
I2C_SDA = 21
I2C_SCL = 22
EXPANDER_ADDRESS = 0x20
