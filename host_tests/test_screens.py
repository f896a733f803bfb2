"""Every screen of the device as a picture: the files of `mesogun sim --screenshots`, the sheets of docs/panel.md."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from matplotlib.image import imread
from typer.testing import CliRunner

from tools.cli import app
from tools.doc_pictures import MARK, fingerprint
from tools.screens import files, stories, troubles
from tools.screens.album import Photographer, Screen, play
from tools.screens.files import dots, oled
from tools.screens.sheets import SHEETS, draw

if TYPE_CHECKING:
    from tools.simulator.hand import Routine

pytestmark = pytest.mark.no_cover  # the firmware's own tests run every branch of it

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"


@pytest.fixture(scope="module")
def played() -> dict[type[Photographer], list[Screen]]:
    """The screens of every story."""
    return {story: play([story]) for story in troubles.STORIES}


def test_every_screen_has_a_name_of_its_own_and_is_on_exactly_one_sheet(
    played: dict[type[Photographer], list[Screen]],
) -> None:
    names = [screen.name for screens in played.values() for screen in screens]
    assert len(set(names)) == len(names) > 50
    shown = [
        screen.name
        for taken, wanted in SHEETS.values()
        for story in taken
        for screen in played[story]
        if wanted(screen)
    ]
    assert sorted(shown) == sorted(names)


def test_no_two_screens_of_a_sheet_look_the_same_but_those_that_say_so(
    played: dict[type[Photographer], list[Screen]],
) -> None:
    seen: dict[tuple[str, ...], str] = {}
    same: list[tuple[str, str]] = []
    for screens in played.values():
        for screen in screens:
            if screen.picture in seen:
                same.append((seen[screen.picture], screen.name))
            seen[screen.picture] = screen.name
    assert same == [("fault-stop", "fault-stop-not-released")]


@pytest.mark.parametrize("name", SHEETS)
def test_sheet_shows_what_the_device_shows_today(name: str, played: dict[type[Photographer], list[Screen]]) -> None:
    """If it fails, `mesogun pictures` draws them anew."""

    def player(wanted: Sequence[type[Photographer]]) -> list[Screen]:
        return [screen for story in wanted for screen in played[story]]

    begin, _, rest = (PICTURES / name).read_bytes().partition(f"{MARK}\0".encode())
    assert begin
    assert rest[:64].decode() == fingerprint(draw(name, player))


def test_command_writes_every_screen_dot_by_dot_and_enlarged_with_the_same_bytes_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "STORIES", (stories.Menu,))
    found: list[dict[str, bytes]] = []
    for folder in (tmp_path / "once", tmp_path / "again"):
        result = CliRunner().invoke(app, ["sim", "--screenshots", str(folder)])
        assert (result.exit_code, result.output) == (0, f"44 pictures in {folder}\n")
        found.append({str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.png"))})
    assert found[0] == found[1]
    assert {"menu-dose.png", "4x/menu-dose.png"} < set(found[0])
    assert imread(tmp_path / "once" / "menu-dose.png").shape[:2] == (64, 128)
    assert imread(tmp_path / "once" / "4x" / "menu-dose.png").shape[:2] == (256, 512)


def test_lit_dots_are_light_with_a_gap_between_them_and_dimmer_at_night() -> None:
    picture = ("#" + "." * 127, *["." * 128] * 63)
    day, night = (Screen("a", "b", picture, contrast) for contrast in (207, 8))
    assert dots(day)[0, 0].min() > 200
    assert dots(day)[0, 1].max() < 20
    assert dots(day)[0, 0].max() > dots(night)[0, 0].max() > 80
    enlarged = oled(day, 4)
    assert (enlarged[:3, :3] == dots(day)[0, 0]).all()
    assert not np.any(enlarged[3::4])
    assert not np.any(enlarged[:, 3::4])


def test_a_state_that_is_over_before_the_glass_is_drawn_is_no_picture() -> None:
    class TooLate(Photographer):
        def story(self) -> Routine:
            yield from self.photo_in("SELF_TEST", "self-test", "Over after 50 ms.")

    with pytest.raises(RuntimeError, match="SELF_TEST is over before self-test could be photographed"):
        play([TooLate])


def test_nothing_else_can_be_ordered_with_pictures(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["sim", "--screenshots", str(tmp_path), "--chip", "esp32"])
    assert result.exit_code == 2
    assert result.stderr == "mesogun sim: --chip does not go with --screenshots\n"


def test_a_folder_that_cannot_be_written_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = CliRunner().invoke(app, ["sim", "--screenshots", str(tmp_path / "file")])
    assert result.exit_code == 2
    assert result.stderr.startswith(f"mesogun sim: {tmp_path / 'file'}: cannot be written")
