"""What the buzzer says."""

from firmware import tone
from firmware.tone import Tone


def test_a_tone_lasts_200_ms() -> None:
    buzzer = Tone()
    buzzer.sound(tone.DONE)
    heard: list[int] = []
    for _ in range(200):
        heard.append(buzzer.code)
        buzzer.step()
    assert heard.index(tone.NONE) * 2 in (200, 202)
    assert set(heard[110:]) == {tone.NONE}


def test_a_later_tone_replaces_an_earlier_one_and_lasts_its_own_time() -> None:
    buzzer = Tone()
    buzzer.sound(tone.DONE)
    for _ in range(90):
        buzzer.step()
    buzzer.sound(tone.FAULT)
    for _ in range(90):
        buzzer.step()
        assert buzzer.code == tone.FAULT


def test_without_an_event_there_is_silence() -> None:
    buzzer = Tone()
    buzzer.step()
    assert buzzer.code == tone.NONE == 0
    assert len({tone.NONE, tone.DONE, tone.ABORTED, tone.FAULT}) == 4
