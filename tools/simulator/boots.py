"""One boot after another: what becomes of a device whose program ends, when a fault makes it end.

Without an injected fault a session is one boot, and another one each time the hand switches the device off and on; a
program that ends by itself is an error. With one the chip starts again as the real one would: after a reset at once,
after a program that ended when the watchdog bites, after a loss of power when it comes back. Until then its pins float,
pull-ups take power off the motors, and plant and hand go on.
"""

from tools.simulator import interpreter, open_loop
from tools.simulator.hand import NEVER_US
from tools.simulator.observer import Words
from tools.simulator.silicon import PWRON_RESET, PowerOff, SimulatedHang, SimulatedReset

TYPE_CHECKING = False  # type checkers take it for True; both interpreters skip the imports
if TYPE_CHECKING:
    from tools.simulator.faults.injection import Injection
    from tools.simulator.observer import Observer
    from tools.simulator.world import World

_BOOT_US = 300_000  # from the reset to the first line of boot.py
_DEAD_US = 3_000_000  # nobody looks longer at a device that does not come back
_MOST = 20  # one that starts and fails again and again


class Boots:
    """Runs `device` in `world` until the hand puts it down, or it is dead. `injection`: the fault, or None."""

    def __init__(self, world: "World", observer: "Observer", injection: "Injection | None", flash_root: str) -> None:
        self._world = world
        self._observer = observer
        self._injection = injection
        self._flash_root = flash_root

    def run(self, device: interpreter.Device, is_open_loop: bool) -> None:
        """From power-on to the end."""
        for _ in range(_MOST):
            words = Words(device.modules)
            if self._injection is not None:
                self._injection.attach(self._world, self._observer, words)
            self._observer.watch(device.modules["loop"].DoseLoop, device.modules["panel"].Panel, self._world)
            try:
                end = self._boot(device)
            except Exception:
                self._world.chip.on_end = None  # the plant may be broken: nobody asks it again
                raise
            finally:
                self._observer.unwatch()
            if not self._begin_again(end):
                return
            device = interpreter.Device()
            if is_open_loop:
                open_loop.install(device.modules)
            self._observer.begin_again(Words(device.modules))

    def _boot(self, device: interpreter.Device) -> BaseException:
        """How this boot ended."""
        try:
            device.run(self._world, self._flash_root)
        except (PowerOff, SimulatedReset, SimulatedHang) as end:
            return end
        except Exception as error:
            if self._injection is None or not self._injection.fault.explains(error):
                raise
        try:
            # main.py is over, and the prompt waits for a line that never comes; the watchdog still runs.
            self._world.chip.wait_for_ever("the program has ended, and no watchdog runs")
        except (PowerOff, SimulatedReset, SimulatedHang) as end:
            return end
        raise RuntimeError("the program came back from waiting for ever")

    def _begin_again(self, end: BaseException) -> bool:
        """Whether there is another boot, after as long as it takes."""
        world = self._world
        injection = self._injection
        if injection is None:
            if not isinstance(end, PowerOff):
                raise RuntimeError("the device stopped by itself: %s" % end) from end
            return self._switched_on_again()
        if world.hand is None or world.hand.next_us >= NEVER_US:
            return False  # the hand put it down
        if isinstance(end, SimulatedHang):
            injection.restarted("hang")
            world.idle(_DEAD_US)
            return False
        cause = end.cause if isinstance(end, SimulatedReset) else PWRON_RESET
        injection.restarted("reset" if isinstance(end, SimulatedReset) else "power")
        world.idle(_BOOT_US + injection.fault.dark_us)
        if world.hand.next_us >= NEVER_US:
            return False
        world.restart(cause)
        return True

    def _switched_on_again(self) -> bool:
        """Whether the hand, which has switched the device off, switches it on again; then after as long as it takes."""
        world = self._world
        hand = world.hand
        while hand is not None and world.is_off and hand.next_us < NEVER_US:
            world.idle(max(hand.next_us - world.now_us, 0))
        if world.is_off:
            return False
        world.idle(_BOOT_US)
        world.restart(PWRON_RESET)
        return True
