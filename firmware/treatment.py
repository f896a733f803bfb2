"""The treatment in work: what was chosen for it, which patient, product and zone, whether needle and skin are fit for
it, and how much of everything is done.

The device knows a patient as a number that counts up, and no name.
"""

from micropython import const

from firmware import inhibits, limits
from firmware.disinfection import Disinfection

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
    """

    def __init__(self, settings: "Settings", syringe: "Syringe", fluid: "Fluid", scale: "Scale", drop: "Drop") -> None:
        self.patient = 1
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
        zone = settings.zone
        refusals = settings.take(wanted)
        if refusals:
            return refusals
        if settings.zone != zone:
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
            self._keep_product_total()
            self.product = product
            self._doubt_needle()

    def new_zone(self) -> None:
        """Count points and volume from zero, on skin that nobody has disinfected yet."""
        self._done_before = self._drop.delivered
        self._begun_before = self._drop.number
        self._zone_before_nl = self._drop.total_most_nl
        self.worked_ms = 0
        self.disinfection.forget()
        self.stale = 1

    def new_patient(self) -> None:
        """The next number, a zone of their own, totals from zero, and a needle that was in nobody else."""
        self.patient += 1
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

    def _keep_product_total(self) -> None:
        """What was given of the product that is put away counts when it comes back."""
        if self.product:
            self.product.given_nl += self._drop.total_most_nl - self._product_before_nl
        self._product_before_nl = self._drop.total_most_nl

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
        found = 0
        if not self.today_yyyymmdd:
            found |= inhibits.DATE_UNKNOWN
        elif self.today_yyyymmdd > product.expires_yyyymmdd:
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
        return max(self._settings.punctures_most - (self._drop.number - self._needle_before), 0)

    def zone_left_nl(self) -> int:
        """What this zone may still get."""
        return self._settings.zone_limits.most_nl - (self._drop.total_most_nl - self._zone_before_nl)

    def session_left_nl(self) -> int:
        """What this patient may still get."""
        return limits.SESSION_MAX_NL - (self._drop.total_most_nl - self._session_before_nl)

    def product_left_nl(self) -> int:
        """What this patient may still get of the product chosen; of none nothing."""
        product = self.product
        if product is None:
            return 0
        return product.most_nl - product.given_nl - (self._drop.total_most_nl - self._product_before_nl)

    def drops_left(self, position_steps: int) -> int:
        """How many drops the syringe, at this counted plunger position, the plan, the needle and the totals allow."""
        settings = self._settings
        volume_nl = min(self.zone_left_nl(), self.session_left_nl(), self.product_left_nl())
        return min(
            self._syringe.drops_left(position_steps, settings),
            self.points_left(settings.points or settings.zone_limits.points_most),
            self.punctures_left(),
            max(volume_nl, 0) // settings.drop_most_nl(),
        )

    def reservation_steps(self, position_steps: int) -> int:
        """The most that the plunger may advance from here until the device is disarmed: as many drops as are left, and
        the slack of the drive."""
        drops = self.drops_left(position_steps)
        return drops * self.drop_most_steps + limits.BACKLASH_MOST_STEPS + limits.CHUNK_MAX_STEPS

    def points_left(self, planned: int) -> int:
        """How many of the planned ones are to do."""
        return max(planned - self.points_done(), 0)

    def points_per_minute(self) -> int:
        """The pace so far, pauses left out, rounded down; 0 before there is one."""
        thousandths_of_a_minute = self.worked_ms // 60
        return self.points_done() * 1000 // thousandths_of_a_minute if thousandths_of_a_minute else 0
