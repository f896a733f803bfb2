"""The panel: what knob and CONFIRM do, which page is on the display, and what lamp and buzzer say.

Stepped in the background, after the tick and never during a shot. It changes nothing while the device is armed, and
each step writes one row of the display, so that it stays short.
"""

from micropython import const

from firmware import alarms, inhibits, ledger, menu_page, pages, reasons, states, tone
from firmware.confirm import Confirm
from firmware.drop import FAULT as FAILED
from firmware.look import LARGE, ROWS, Look
from firmware.menu import Menu
from firmware.signals import Signals

TYPE_CHECKING = const(False)
if TYPE_CHECKING:
    from firmware.image import Keys
    from firmware.loop import DoseLoop

_TURN_TICKS = const(1000)  # the last row of the working page says something else every 2 s
_TURNS = const(3)
_TWICE_TICKS = const(250)  # people press twice: for half a second after an answer CONFIRM stays the menu's
_TIME_MASK = const(0x3FFFFFFF)


class Panel:
    """`look` is for drivers/front_panel.py to show, `keys` for it to fill."""

    def __init__(self, loop: "DoseLoop", keys: "Keys") -> None:
        self.loop = loop
        self.keys = keys
        self.look = Look()
        self.signals = Signals()
        self.menu = Menu(loop, self.signals)
        self._push = Confirm()
        self._state = states.BOOT
        self._fault_place = 0  # which of several faults is shown
        self._row = 0
        self._turn = 0
        self._turn_ticks = 0
        self._drop = 0
        self._drop_failed = 0  # the fault that stands has ended a drop
        self._editing = 0
        self._answered_ticks = 0
        self._then_us = 0
        self._spare_us = 0

    def step(self, now_us: int) -> None:
        """One tick at `now_us` (30-bit ticks), in any state but SHOT."""
        loop = self.loop
        self._count_work(now_us)
        if loop.state != self._state:
            self._enter(loop.state)
        if not loop.disarmed:
            self.keys.knob_detents = 0  # turned in vain
        if self.keys.panel_bad:
            self.menu.close()  # what cannot be shown is not answered
        self._claim_confirm()
        loop.operators.step()
        self._signal()
        self._write_row()

    def _claim_confirm(self) -> None:
        """While something is open in the menu CONFIRM is the menu's; and it counts only if it went down since then."""
        loop = self.loop
        menu = self.menu
        if self._answered_ticks:
            self._answered_ticks -= 1
        claimed = inhibits.EDITING if menu.editing or self._answered_ticks else 0
        if menu.editing != self._editing or claimed != loop.panel_inhibits & inhibits.EDITING:
            loop.confirm.void()
        self._editing = menu.editing
        loop.panel_inhibits = claimed | inhibits.PANEL_BAD if self.keys.panel_bad else claimed
        loop.rewind_asked = menu.asks_to_be_held()
        named = self._named()
        zone_named = named == reasons.DISINFECT
        drops_named = named == reasons.RECORDS and ledger.DROPS_UNCERTAIN <= loop.ledger.troubles < ledger.FILES_CHANGED
        if zone_named != loop.zone_named or drops_named != loop.drops_named:
            loop.confirm.void()
            loop.zone_named = zone_named
            loop.drops_named = drops_named

    def _named(self) -> int:
        """What the display names, so that CONFIRM can be held for it: the zone whose skin is disinfected, or drops that
        are uncertain. -1 for nothing."""
        if self._state != states.IDLE or self.menu.is_open or self.menu.switched_off or self.keys.panel_bad:
            return -1
        return reasons.in_order(self.loop.inhibits, 0)

    def _count_work(self, now_us: int) -> None:
        """Time since the last step is work if the device was armed then; so is a shot, in which nobody steps."""
        passed_us = (now_us - self._then_us) & _TIME_MASK
        self._then_us = now_us
        if self._state == states.ARMED:
            self._spare_us += passed_us
            passed_ms = self._spare_us // 1000
            self._spare_us -= passed_ms * 1000
            self.loop.treatment.worked_ms += passed_ms

    def _enter(self, state: int) -> None:
        """Another state: what it leaves behind."""
        if state == states.ARMED and self._state == states.READY:
            self.signals.sound(tone.ARMED)
        self._state = state
        self._fault_place = 0
        drop = self.loop.drop
        self._drop_failed = state == states.FAULT and drop.result == FAILED and drop.number != self._drop
        if state == states.FAULT or not self.loop.disarmed:
            self.menu.close()
            self.menu.switched_off = 0
            self._push.void()

    def use_keys(self) -> None:
        """What knob and CONFIRM have done; once a tick, before `step`, and only while disarmed. May allocate."""
        keys = self.keys
        push = self._push
        push.step(keys.knob_pushed)
        detents = keys.knob_detents
        keys.knob_detents = 0
        menu = self.menu
        menu.minutes = keys.minutes
        treatment = self.loop.treatment
        if keys.day != treatment.today_yyyymmdd:
            treatment.today_yyyymmdd = keys.day
            treatment.stale = 1
        if self.loop.state == states.FAULT:
            self._at_fault(detents, push.short)
        elif keys.panel_bad:
            return
        elif menu.switched_off:
            needle = self.loop.needle
            menu.switched_off = not (detents or push.short or needle.homed) and needle.home
        elif not menu.is_open:
            if detents or push.short:
                menu.open()
                self.signals.sound(tone.CLICK)
        else:
            self._at_menu(detents)

    def _at_fault(self, detents: int, pushed: int) -> None:
        """The knob turns to the next of several faults; a push pauses the alarm's sound."""
        place = self._fault_place + detents
        if place >= 0 and alarms.in_order(self.loop.faults, place) >= 0:
            self._fault_place = place
        if pushed:
            self.signals.pause()

    def _at_menu(self, detents: int) -> None:
        menu = self.menu
        push = self._push
        confirm = self.loop.confirm
        done = True
        if detents:
            confirm.void()  # what it now would take was not there when it went down
            done = menu.knob_turned(detents)
        if push.held:
            menu.leave()
        elif push.short:
            menu.push()
        elif menu.editing and confirm.short:
            done = menu.accept()
            self._answered_ticks = 0 if menu.editing else _TWICE_TICKS
        elif menu.editing and confirm.held:
            done = menu.held()
        elif not detents:
            return
        self.signals.sound(tone.CLICK if done else tone.REFUSED)

    def _signal(self) -> None:
        loop = self.loop
        signals = self.signals
        inputs = loop.inputs
        signals.show(self._state, alarms.priority(loop.faults))
        if self._state == states.ARMED and (inputs.trigger_no or not inputs.trigger_nc) and not loop.trigger.on:
            # A shot may begin, and then nobody could turn a tone off. A trigger that is still held after a shot begins
            # none, and who holds it waits for the tone.
            signals.hush()
        signals.listen(loop.tone)
        signals.step()
        look = self.look
        look.red = signals.red
        look.green = signals.green
        look.blue = signals.blue
        look.tone_hz = signals.tone_hz
        look.volume = signals.loudness
        look.contrast = signals.contrast
        look.paused = signals.pause_ticks

    def _write_row(self) -> None:
        """The next row, unless a large one covers it."""
        row = self._row
        self._row = (row + 1) % ROWS
        self._turn_ticks += 1
        if self.loop.drop.number != self._drop:
            self._drop = self.loop.drop.number
            self._turn = self._turn_ticks = 0
        elif self._turn_ticks >= _TURN_TICKS:
            self._turn = (self._turn + 1) % _TURNS
            self._turn_ticks = 0
        look = self.look
        if row and look.style[row - 1] & LARGE:
            return
        loop = self.loop
        state = self._state
        if row == 5 and self._drop_failed:
            pages.failed_drop(look, row, loop)
        elif state == states.FAULT:
            pages.fault(look, row, loop, self._fault_place)
        elif self.menu.is_open:
            menu_page.menu(look, row, self.menu)
        elif self.menu.switched_off:
            pages.switched_off(look, row)
        elif state == states.READY or state == states.ARMED:
            pages.work(look, row, loop, self._turn)
        elif state == states.IDLE or state == states.LOCKED or inhibits.unfit(loop.inhibits):
            pages.why(look, row, loop)
        else:
            pages.moving(look, row, loop)
