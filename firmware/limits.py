"""Every hard bound of the device, each once, with unit and source. Nothing widens them at run time.

Sources: [M] reference machine (docs/hardware.md), [S] safety rules (docs/safety.md), [C] clinical practice
(docs/safety.md, presets a clinician must approve), [E] measured in the simulator (docs/dose-loop.md).
"""

from micropython import const

TICK_US = const(2000)  # control period, 500 Hz [M]
LATE_TICK_US = const(1000)  # later than this while armed or moving is a fault: half a tick [S]

# Motion [M]
CHUNK_MAX_STEPS = const(40)  # 20 000 steps/s: fits the RMT memory of every chip
RAMP_STEPS = const(10)  # growth of a chunk from tick to tick, both axes
DOSE_TRAVEL_UM = const(60000)
NEEDLE_UM_PER_STEP = const(5)
NEEDLE_PARKED_UM = const(-2000)
NEEDLE_WAITING_UM = const(-500)  # between the drops of a burst
NEEDLE_DEEPEST_UM = const(13000)
HOMING_CHUNK_STEPS = const(10)  # slow: 25 mm/s
HOMING_MOST_STEPS = const(3200)  # the whole travel and 1 mm more: then homing has failed
HOMING_MOST_TICKS = const(500)  # 320 at the homing chunk, and half as much again
REWIND_MOST_TICKS = const(10000)  # 20 s: twice what the longest syringe takes
BACKLASH_MOST_STEPS = const(300)  # of drive and plunger together [M]

# Depth [S]
DEPTH_MIN_UM = const(100)
DEPTH_OVERSHOOT_UM = const(50)
NEEDLE_DISAGREEMENT_UM = const(100)  # measured against counted
NEEDLE_ASTRAY_UM = const(250)  # no noise makes so much: once is enough
NEEDLE_DISAGREEMENT_TICKS = const(3)  # sensor noise is 6 um: three in a row is no noise

# Volume
DOSE_MIN_STEPS = const(50)  # a syringe resolves no smaller drop [M]
DOSE_MAX_NL = const(200000)  # largest drop of any technique: 200 ul [C]
OVERDOSE_PERCENT = const(5)  # of the dose, or one chunk: what may still come counts as dose [S]
PRIME_MAX_NL = const(200000)  # a press [S]
PRIME_MAX_TICKS = const(10000)  # 20 s [S]
SESSION_MAX_NL = const(20000000)  # of one patient: 20 ml [C]
PRIME_OPEN_TICKS = const(250)  # both contacts open for 500 ms before [S]

# Pressure
PRESSURE_CEILING_PA = const(400000)  # gate [M]
PRESSURE_FAULT_PA = const(450000)  # above the ceiling although the feed was cut: over-pressure [S]
FEED_PRESSURE_PA = const(340000)  # the planner stays below the ceiling by more than a chunk and the noise [E]
TISSUE_MAX_PA = const(150000)  # 5 .. 100 kPa is known of tissue; half as much again is an occlusion [M]
REFERENCE_PA = const(700)  # touch-off reference, below the capillary limit of 1.5 kPa [M]
UNREST_MOST_PA = const(3000)  # mean change from tick to tick at rest; a sound sensor has 600 [E]
SENSOR_LOW_COUNTS = const(8)  # 0 and 4095 are sensor faults; a broken wire does not read exactly 0
SENSOR_HIGH_COUNTS = const(4087)

# Supply, 12 V nominal behind 1:5, 4095 counts are 15.5 V [M]
SUPPLY_LOW_COUNTS = const(2378)  # 9.0 V
SUPPLY_HIGH_COUNTS = const(3963)  # 15.0 V

# Time, ticks of 2 ms [S]
PRESS_TICKS = const(5)  # both trigger contacts agree for 10 ms
DISAGREE_TICKS = const(10)  # 20 ms of disagreement is a fault
WITHDRAW_TICKS = const(75)  # 150 ms without trigger or contact, then the spring
ARMED_US = const(60000000)  # 60 s without a shot
RESERVE_US = const(1000000)  # what arming may take, from CONFIRM until the reservation is on flash
QUIET_TICKS = const(30000)  # contact counters stop here
CONFIRM_TICKS = const(10)  # 20 ms debounce
LET_GO_TICKS = const(3)  # a worn button that opens for less is still pressed
HOLD_TICKS = const(500)  # CONFIRM held 1 s
DISINFECTED_US = const(600000000)  # 10 min from CONFIRM until the skin has to be disinfected again
DRYING_LEAST_S = const(30)  # until a disinfectant on alcohol has done its work; a clinic may ask for more
DRYING_MOST_S = const(120)
WRONG_CODES_MAX = const(5)  # tries of the operator code, then:
LOCK_OUT_TICKS = const(150000)  # 5 min
SELF_TEST_TICKS = const(25)  # sensors are watched for 50 ms

BURST_MAX = const(20)  # drops of one press [S]
RATE_MIN_MHZ = const(50)  # slower than a drop in 20 s is no burst
RATE_MAX_MHZ = const(20000)
POINTS_MAX = const(999)  # planned in a zone; a face takes about 100 [C]
AREA_MIN_MM2 = const(100)  # a zone, to plan its points: 1 .. 900 cm2 [C]
AREA_MAX_MM2 = const(90000)
SPACING_MIN_UM = const(1000)  # 1 .. 20 mm from point to point [C]
SPACING_MAX_UM = const(20000)
PROOF_TICKS = const(12)  # least samples of a burst drop: depth 3, reference 2, weight 7 [E]
DROP_TICKS = const(15000)  # a drop takes no longer than 30 s: 200 ul of a viscous product through a thin needle


def overdose_pl(dose_pl: int, pl_per_step: int) -> int:
    """How much more than the dose may have left, or still come, at any time: 5 % or one chunk, in pl."""
    return max(dose_pl // 100 * OVERDOSE_PERCENT, CHUNK_MAX_STEPS * pl_per_step)
