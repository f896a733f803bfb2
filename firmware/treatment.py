"""The treatment in work: what was chosen for it, which patient, product and zone, whether needle and skin are fit for
it, and how much of everything is done.

The device knows a patient as a number that counts up, and no name.
"""

from micropython import const

from firmware import inhibits, limits, zones
from firmware.disinfection import Disinfection
from firmware.provisioning import fingerprint

# Bits of `unsaved`: kinds of the journal.
_PATIENT = const(1 << 8)
_ZONE = const(1 << 9)
_NEEDLE = const(1 << 10)
_PRODUCT = const(1 << 16)
_SETTINGS = const(1 << 17)

TYPE_CHECKING = const(False)
if TYPE_CHECKING:
    from firmware.drop import Drop
    from firmware.fluid import Fluid
    from firmware.provisioning import Product, Provisioning
    from firmware.scale import Scale
    from firmware.settings import Settings
    from firmware.syringe import Syringe


class Treatment:
    """Changed at the panel, and only while disarmed. Points are drops that were delivered; volumes are the most that
    can have left, in nl. `inhibits` is what stands against arming, right again after judge() whenever `stale`.
    `unsaved`: bits of journal kinds, of what was chosen or said since somebody wrote it down.
    """

    def __init__(self, settings: "Settings", syringe: "Syringe", fluid: "Fluid", scale: "Scale", drop: "Drop") -> None:
        self.patient = 1
        self.zone = -1  # place in zones.NAMES
        self.unsaved = _PATIENT
        self.needle_used = 1  # nobody knows where the needle has been before power-on
        self.worked_ms = 0  # armed or in a shot, in this zone: pauses do not count
        self.disinfection = Disinfection()
        self.products: "tuple[Product, ...]" = ()
        self.product: "Product | None" = None
        self.today_yyyymmdd = 0  # 0: unknown
        self.inhibits = 0
        self.stale = 1
        self.drop_most_steps = 0  # of the plunger, for one drop: the dose and what the gate lets pass
        self._settings = settings
        self._syringe = syringe
        self._fluid = fluid
        self._scale = scale
        self._drop = drop
        self._done_before = 0
        self._begun_before = 0
        self._needle_before = 0
        self._zone_before_nl = 0
        self._session_before_nl = 0
        self._product_before_nl = 0

    def provision(self, provisioning: "Provisioning") -> None:
        """Products and drying time of the clinic, at power-on."""
        self.products = provisioning.products
        self.disinfection.drying_us = provisioning.drying_s * 1000000
        self.stale = 1

    def choose(self, wanted: "dict[str, int | str]") -> int:
        """Take new settings as a whole: 0; or a mask of refusals, and nothing has changed.

        Another kind of syringe or needle has to be primed; and nobody has said yet that the needle is a fresh one.
        Another zone is not disinfected, and counts from zero.
        """
        settings = self._settings
        syringe = settings.syringe
        needle = settings.needle
        refusals = settings.take(wanted)
        if refusals:
            return refusals
        self.unsaved |= _SETTINGS
        zone = zones.NAMES.index(settings.zone)
        if zone != self.zone:
            self.zone = zone
            self.new_zone()
        if settings.syringe != syringe:
            self.unprime()
        if settings.needle != needle:
            self._doubt_needle()
        self._scale.untrim()
        if not self._syringe.primed:
            self._fluid.use(settings.calibration, 1)
        self.stale = 1
        return 0

    def choose_product(self, product: "Product") -> None:
        """What is in the syringe. Another one comes in a new syringe, through a new needle."""
        if product is not self.product:
            self.put_product_away()
            self.product = product
            self.unsaved |= _PRODUCT
            self._doubt_needle()

    def new_zone(self) -> None:
        """Count points and volume from zero, on skin that nobody has disinfected yet."""
        self._done_before = self._drop.delivered
        self._begun_before = self._drop.number
        self._zone_before_nl = self._drop.total_most_nl
        self.worked_ms = 0
        self.unsaved |= _ZONE
        self.disinfection.forget()
        self.stale = 1

    def new_patient(self) -> None:
        """The next number, a zone of their own, totals from zero, and a needle that was in nobody else."""
        self.patient += 1
        self.unsaved |= _PATIENT
        self._session_before_nl = self._drop.total_most_nl
        self._product_before_nl = self._drop.total_most_nl
        for product in self.products:
            product.given_nl = 0
        self.new_zone()
        self._doubt_needle()

    def new_needle(self) -> None:
        """A fresh needle is on: it has to be primed, and the skin to be disinfected again."""
        self.unprime()
        self.needle_used = 0
        self._needle_before = self._drop.number
        self.unsaved |= _NEEDLE
        self.disinfection.forget()

    def fault(self) -> None:
        """Something went wrong: what is known of syringe, needle and skin no longer holds."""
        self.unprime()
        self.disinfection.forget()

    def unprime(self) -> None:
        """What is known of syringe and needle no longer holds."""
        self._syringe.primed = 0
        self._scale.forget()
        self.stale = 1

    def _doubt_needle(self) -> None:
        """It is not known to be fresh."""
        self.needle_used = 1
        self.disinfection.forget()
        self.unprime()

    def put_product_away(self) -> None:
        """What was given of it counts when it comes back."""
        if self.product:
            self.product.given_nl = self.product_nl()
        self.product = None
        self._product_before_nl = self._drop.total_most_nl
        self.stale = 1

    def totals(self) -> "list[int]":
        """All that no loss of power may change, for restore(). Allocates: only in the background."""
        products = self.products
        given = [
            self.patient,
            self.zone,
            self.points_done(),
            self.drops_begun(),
            self.punctures(),
            self.worked_ms >> 10,
        ]
        given += [self.session_nl(), self.zone_nl(), -1, fingerprint(products)]
        for product in products:
            if product is self.product:
                given[8] = len(given)
            given.append(self.product_nl() if product is self.product else product.given_nl)
        return given

    def restore(self, given: "list[int]") -> None:
        """Totals as they were; of products that are not the same ones any more each may have been all of it."""
        self.patient, self.zone = given[0], given[1]
        drop = self._drop
        drop.total_most_nl = given[6]
        self._session_before_nl = 0
        self._zone_before_nl = given[6] - given[7]
        self._done_before = drop.delivered - given[2]
        self._begun_before = drop.number - given[3]
        self._needle_before = drop.number - given[4]
        self.worked_ms = given[5] << 10
        same = given[9] == fingerprint(self.products)
        for place in range(len(self.products)):
            self.products[place].given_nl = given[10 + place] if same else given[6]
        self.product = self.products[given[8] - 10] if same and given[8] > 0 else None
        self._product_before_nl = drop.total_most_nl
        self.stale = 1

    def judge(self, position_steps: int) -> None:
        """Everything that stands against arming, and does not change by itself; counted plunger position."""
        self.stale = 0
        settings = self._settings
        found = self._judge_product()
        if self.needle_used:
            found |= inhibits.NEEDLE_USED
        unusable = 0 if settings.measured and settings.calibration.plausible() else inhibits.CALIBRATION_BAD
        if settings.refusals:
            unusable |= inhibits.SETTINGS_MISSING
        if unusable:  # nothing can be counted with them
            self.inhibits = found | unusable
            return
        self.drop_most_steps = settings.drop_most_steps()
        if self._syringe.primed and not self._syringe.drops_left(position_steps, settings):
            found |= inhibits.SYRINGE_EMPTY
        if not self.punctures_left():
            found |= inhibits.NEEDLE_BLUNT
        if not self.points_left(settings.points or settings.zone_limits.points_most):
            found |= inhibits.ZONE_DONE
        most_nl = settings.drop_most_nl()
        if self.zone_left_nl() < most_nl:
            found |= inhibits.ZONE_TOTAL
        if self.session_left_nl() < most_nl:
            found |= inhibits.SESSION_TOTAL
        if self.product and self.product_left_nl() < most_nl:
            found |= inhibits.PRODUCT_TOTAL
        self.inhibits = found

    def _judge_product(self) -> int:
        product = self.product
        if not self.products:
            return inhibits.NOT_PROVISIONED
        if product is None:
            return inhibits.PRODUCT_MISSING
        found = 0 if self.today_yyyymmdd else inhibits.DATE_UNKNOWN
        if self.today_yyyymmdd > product.expires_yyyymmdd:
            found |= inhibits.PRODUCT_EXPIRED
        if not self._settings.refusals and not product.shallowest_um <= self._settings.depth_um <= product.deepest_um:
            found |= inhibits.PRODUCT_DEPTH
        return found

    def points_done(self) -> int:
        """Drops delivered in this zone."""
        return self._drop.delivered - self._done_before

    def drops_begun(self) -> int:
        """Drops of this zone, whatever became of them."""
        return self._drop.number - self._begun_before

    def punctures_left(self) -> int:
        """How often this needle may still go in."""
        return max(self._settings.punctures_most - self.punctures(), 0)

    def punctures(self) -> int:
        """How often it went in."""
        return self._drop.number - self._needle_before

    def zone_left_nl(self) -> int:
        """What this zone may still get."""
        return self._settings.zone_limits.most_nl - self.zone_nl()

    def zone_nl(self) -> int:
        """What it got."""
        return self._drop.total_most_nl - self._zone_before_nl

    def session_left_nl(self) -> int:
        """What this patient may still get."""
        return limits.SESSION_MAX_NL - self.session_nl()

    def session_nl(self) -> int:
        """What this patient got."""
        return self._drop.total_most_nl - self._session_before_nl

    def product_left_nl(self) -> int:
        """What this patient may still get of the product chosen; of none nothing."""
        return self.product.most_nl - self.product_nl() if self.product else 0

    def product_nl(self) -> int:
        """What this patient got of it."""
        return self.product.given_nl + self._drop.total_most_nl - self._product_before_nl if self.product else 0

    def drops_left(self, position_steps: int) -> int:
        """How many drops the syringe, at this counted plunger position, the plan, the needle and the totals allow."""
        settings = self._settings
        volume_nl = max(min(self.zone_left_nl(), self.session_left_nl(), self.product_left_nl()), 0)
        return min(
            self._syringe.drops_left(position_steps, settings),
            self.points_left(settings.points or settings.zone_limits.points_most),
            self.punctures_left(),
            volume_nl // settings.drop_most_nl(),
        )

    def reservation_steps(self, drops: int) -> int:
        """The most that the plunger may advance until the device is disarmed: for so many drops, and the slack of the
        drive."""
        return drops * self.drop_most_steps + limits.BACKLASH_MOST_STEPS + limits.CHUNK_MAX_STEPS

    def points_left(self, planned: int) -> int:
        """How many of the planned ones are to do."""
        return max(planned - self.points_done(), 0)

    def points_per_minute(self) -> int:
        """The pace so far, pauses left out, rounded down; 0 before there is one."""
        thousandths_of_a_minute = self.worked_ms // 60
        return self.points_done() * 1000 // thousandths_of_a_minute if thousandths_of_a_minute else 0
