"""What the needle of the project's plant opens into: air, skin, or nothing."""

from math import exp, isclose

from host_tests.plant_bench import TICK_US, feed, imbalance_nl, plant, prick, wait

STIFF_SYRINGE: "dict[str, float]" = {
    "fluid_nl_per_kpa": 0.1,
    "drive_um_per_kpa": 0,
    "backlash_um": 0,
    "stopper_friction_kpa": 0,
}


def test_a_drop_hangs_on_below_the_capillary_pressure() -> None:
    ready = plant(STIFF_SYRINGE, fluid_nl_per_kpa=4)
    feed(ready, 1)
    assert 1.2 < ready.true_kpa < 1.5
    wait(ready, 10)
    assert 1.2 < ready.true_kpa < 1.5
    assert ready.primed_nl == 0


def test_above_the_capillary_pressure_it_drips_down_to_it() -> None:
    ready = plant()
    feed(ready, 100)
    wait(ready, 1)
    assert isclose(ready.true_kpa, 1.5, abs_tol=1e-6)
    assert ready.primed_nl > 300


def test_liquid_outside_the_skin_is_on_it_only_while_the_nozzle_touches_it() -> None:
    ready = plant()
    feed(ready, 100)
    assert (ready.surface_nl, ready.primed_nl > 0) == (0, True)
    primed_nl = ready.primed_nl
    ready.contact = True
    feed(ready, 100)
    assert (ready.surface_nl > 400, ready.primed_nl) == (True, primed_nl)
    assert ready.delivered_nl == 0


def test_suction_draws_air_that_comes_out_before_liquid() -> None:
    ready = plant(STIFF_SYRINGE)
    feed(ready, -100)
    wait(ready, 0.1)
    assert isclose(ready.true_kpa, -1.5, abs_tol=1e-3)
    drawn_nl = ready.air_nl
    assert isclose(drawn_nl, 542, abs_tol=3)  # the screw has its error
    prick(ready)
    feed(ready, 90)
    assert ready.delivered_nl == 0
    feed(ready, 100)
    wait(ready, 0.1)
    pushed_nl = 190 * 0.3125 * 17.35
    assert isclose(ready.delivered_nl, pushed_nl - drawn_nl, abs_tol=12)
    assert abs(imbalance_nl(ready)) < 1e-6


def test_a_dry_needle_gives_its_air_first() -> None:
    ready = plant(STIFF_SYRINGE, needle_air_nl=500)
    feed(ready, 90)
    assert (ready.primed_nl, ready.air_nl > 0) == (0, True)
    feed(ready, 10)
    assert isclose(ready.primed_nl, 542 - 500, abs_tol=3)
    ready.load(1_000_000)
    assert ready.air_nl == 500


def test_tissue_opens_at_its_pressure_and_not_before() -> None:
    ready = plant(tissue_kpa=80)
    prick(ready)
    while ready.true_kpa < 75:
        feed(ready, 1)
    wait(ready, 1)
    assert ready.delivered_nl == 0
    feed(ready, 100)
    assert ready.delivered_nl > 400


def test_papule_pressure_rises_with_volume_and_relaxes_with_its_time() -> None:
    ready = plant(STIFF_SYRINGE, tissue_kpa=20, tissue_kpa_per_nl=0.01, tissue_relax_s=0.5)
    prick(ready)
    feed(ready, 100)
    wait(ready, 0.01)
    full_nl = ready.papule_nl
    assert isclose(ready.true_kpa, 20 + 0.01 * full_nl, abs_tol=0.2)
    assert isclose(full_nl, 540, rel_tol=0.05)
    wait(ready, 0.5)
    assert isclose(ready.papule_nl, full_nl * exp(-1), rel_tol=0.01)


def test_a_full_papule_gives_back_what_it_holds_and_not_more() -> None:
    ready = plant(STIFF_SYRINGE, tissue_kpa=20, tissue_kpa_per_nl=0.01, tissue_relax_s=1e6)
    prick(ready)
    feed(ready, 200)
    wait(ready, 0.01)
    held_nl, delivered_nl = ready.papule_nl, ready.delivered_nl
    feed(ready, -100)
    assert isclose(ready.delivered_nl, delivered_nl - 542 + 2, abs_tol=4)
    feed(ready, -300)
    assert isclose(ready.delivered_nl, delivered_nl - held_nl, abs_tol=1)
    assert isclose(ready.papule_nl, 0, abs_tol=1e-9)
    assert ready.true_kpa < 0


def test_the_opening_pressure_drives_nothing_back() -> None:
    ready = plant(STIFF_SYRINGE, tissue_kpa=50, tissue_kpa_per_nl=0, fluid_nl_per_kpa=0.2)
    prick(ready)
    feed(ready, 100)
    wait(ready, 0.01)
    delivered_nl = ready.delivered_nl
    feed(ready, -1)
    wait(ready, 1)
    assert ready.delivered_nl == delivered_nl
    assert 15 < ready.true_kpa < 30


def test_each_touch_of_the_skin_is_a_new_site() -> None:
    ready = plant(tissue_kpa_per_nl=0.01, tissue_relax_s=1e6, skin_spread_um=30)
    prick(ready)
    feed(ready, 200)
    assert ready.papule_nl > 500
    first_um = ready.depth_um
    ready.contact = False
    wait(ready, 0.1)
    assert ready.depth_um == 0
    ready.contact = True
    wait(ready, 0.1)
    assert ready.papule_nl < 200
    assert ready.depth_um != first_um


def test_depth_is_measured_from_the_skin_which_bulges_or_dimples() -> None:
    for skin_um in (-40, 0, 40):
        ready = plant(skin_um=skin_um)
        prick(ready, 600)
        assert ready.depth_um == 1000 - skin_um


def test_skin_heights_of_many_sites_have_their_spread() -> None:
    ready = plant(skin_um=10, skin_spread_um=30)
    prick(ready)
    heights_um: list[float] = []
    for _ in range(400):
        ready.contact = False
        ready.advance(TICK_US, 0, 0)
        ready.contact = True
        ready.advance(TICK_US, 0, 0)
        heights_um.append(1000 - ready.depth_um)
    mean_um = sum(heights_um) / 400
    assert isclose(mean_um, 10, abs_tol=6)
    assert isclose((sum((x - mean_um) ** 2 for x in heights_um) / 400) ** 0.5, 30, rel_tol=0.15)


def test_an_occluded_needle_lets_nothing_through_and_holds_its_pressure() -> None:
    ready = plant(occluded_after_nl=3_000)
    prick(ready)
    feed(ready, 1_000)
    stopped_nl = ready.delivered_nl
    assert 3_000 <= stopped_nl < 3_100
    assert ready.true_kpa > 500
    held_kpa = ready.true_kpa
    wait(ready, 2)
    assert ready.delivered_nl == stopped_nl
    assert ready.true_kpa == held_kpa
