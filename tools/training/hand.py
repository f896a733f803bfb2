"""The hand of a person at a keyboard: keys become moves of knob, CONFIRM, trigger, nozzle, stop and syringe.

The simulated time stands still while this hand reads keys, waits for the real clock and draws. So however slow the
terminal is, the device never sees a late tick: the session as a whole runs slower.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator
from typing import Protocol

from tools.simulator.hand import Hand
from tools.simulator.observer import Observer
from tools.simulator.scorekeeper import Scorekeeper
from tools.training.glass import Eye
from tools.training.view import View, look_at

_LISTEN_US = 5_000  # the shortest sound is a click of 10 ms
_KEYS_EVERY = 4  # times listening: 20 ms
_VIEW_EVERY = 8  # 40 ms
_PUSH_US = 100_000
_HOLD_US = 1_200_000  # the device takes one second for a hold
_BETWEEN_US = 60_000
_REMEMBERED_US = 1_200_000  # how long the screen says which tone that was
_MOST_WAITING = 200  # moves that were asked for and not begun: a key that got stuck
_PLAY_STEPS = 100  # a syringe fits if the pusher is back to this much (0.03 mm)

Move = Generator[int, None, None]


class Desk(Protocol):
    """Where the person sits: a terminal, or a test."""

    def wait(self, now_us: int) -> None:
        """Return when so much of the session's time has passed."""

    def typed(self) -> list[str]:
        """The keys since the last call: a letter, or "left", "right", "down", "enter"."""
        ...

    def show(self, view: View) -> None:
        """Draw what has changed."""


class TrainingHand(Hand):
    """Plays what is typed. `change_syringe()` puts a full one into the plant."""

    def __init__(self, observer: Observer, score: Scorekeeper, desk: Desk, change_syringe: Callable[[], None]) -> None:
        super().__init__(observer, score)
        self._desk = desk
        self._change_syringe = change_syringe
        self._moves: deque[Move] = deque()
        self._move_due_us = 0
        self._off = False
        self._heard = (0, 0)  # the loudest since the last view
        self._forget_us = 0
        self._full_steps = 0  # where the pusher stood when the syringe went in
        self.trigger_pressed = False
        self.on_skin = False
        self.stop_pressed = False
        self.remark = ""
        self.tone = "none"
        self.eye = Eye()
        self._keys: dict[str, Callable[[], None]] = {
            "left": lambda: self._add(self._turn(-1)),
            "a": lambda: self._add(self._turn(-1)),
            "right": lambda: self._add(self._turn(1)),
            "d": lambda: self._add(self._turn(1)),
            "enter": lambda: self._add(self._push(_PUSH_US)),
            "down": lambda: self._add(self._push(_PUSH_US)),
            "h": lambda: self._add(self._push(_HOLD_US)),
            "c": lambda: self._add(self._confirm(_PUSH_US)),
            "C": lambda: self._add(self._confirm(_HOLD_US)),
            " ": self._toggle_trigger,
            "s": self._toggle_skin,
            "e": self._toggle_stop,
            "o": self._take_syringe_out,
            "n": self._put_syringe_in,
            "q": self._switch_off,
        }

    def routine(self) -> Generator[int, None, None]:
        """Listen all the time, look at the keys and show the device now and then, until it is switched off."""
        count = 0
        while not self._off:
            self._listen()
            if count % _KEYS_EVERY == 0:
                self._desk.wait(self.next_us)
                for key in self._desk.typed():
                    self._type(key)
            self._go_on()
            if count % _VIEW_EVERY == 0:
                self._desk.show(look_at(self, self._heard))
                self._heard = (0, 0)
            count += 1
            yield _LISTEN_US
        self.score.end_account()

    def _listen(self) -> None:
        heard = self.world.buzzer()
        if heard[1] > self._heard[1]:
            self._heard = heard
        tone = self.observer.tone
        if tone != "none":
            self.tone = tone
            self._forget_us = self.next_us + _REMEMBERED_US
        elif self.next_us >= self._forget_us:
            self.tone = tone

    def _type(self, key: str) -> None:
        if key in self._keys:
            self.remark = ""
            self._keys[key]()

    def _add(self, move: Move) -> None:
        if len(self._moves) < _MOST_WAITING:
            self._moves.append(move)

    def _go_on(self) -> None:
        """One move after the other: a person has one hand for knob and CONFIRM."""
        while self._moves and self.next_us >= self._move_due_us:
            try:
                self._move_due_us = self.next_us + next(self._moves[0])
            except StopIteration:
                self._moves.popleft()

    # --- moves that take time ---------------------------------------------------------------------------------------

    def _turn(self, detents: int) -> Move:
        self.world.turn_knob(detents)
        yield self.world.knob_turns_until_us - self.next_us

    def _push(self, duration_us: int) -> Move:
        self.world.push_knob(1)
        yield duration_us
        self.world.push_knob(0)
        yield _BETWEEN_US

    def _confirm(self, duration_us: int) -> Move:
        self.world.set_confirm(1)
        yield duration_us
        self.world.set_confirm(0)
        yield _BETWEEN_US

    # --- moves at once ----------------------------------------------------------------------------------------------

    def _toggle_trigger(self) -> None:
        self.trigger_pressed = not self.trigger_pressed
        if self.trigger_pressed:
            if self.observer.state != "ARMED":
                self.score.end_account()  # what leaves the needle now is no drop
            self.press()
        else:
            self.release()

    def _toggle_skin(self) -> None:
        self.on_skin = not self.on_skin
        if self.on_skin:
            self.touch()
        else:
            self.lift()

    def _toggle_stop(self) -> None:
        self.stop_pressed = not self.stop_pressed
        self.world.set_stop(0 if self.stop_pressed else 1)

    def _take_syringe_out(self) -> None:
        if self.world.syringe_out:
            self.remark = "There is no syringe in."
        else:
            self.score.end_account()
            self.world.syringe_out = True

    def _put_syringe_in(self) -> None:
        position_steps = self.observer.pusher_steps
        if not self.world.syringe_out:
            self.remark = "There is still a syringe in: o takes it out."
        elif position_steps > self._full_steps + _PLAY_STEPS:
            self.remark = "It does not fit: the pusher is not back. Menu: New syringe, hold CONFIRM."
        else:
            self._full_steps = position_steps
            self._change_syringe()
            self.world.syringe_out = False

    def _switch_off(self) -> None:
        self._off = True
