"""The process image is safe before anything has been sampled or decided."""

from firmware import faults, states
from firmware.fluid import Fluid
from firmware.image import Inputs, Outputs
from firmware.interlocks import Gate
from firmware.motion import Ramp
from firmware.needle import Needle
from host_tests import moments


def test_outputs_are_without_motion_power_light_and_sound() -> None:
    assert set(vars(Outputs()).values()) == {0}


def test_inputs_show_an_open_stop_loop_and_no_needle_at_home() -> None:
    inputs = Inputs()
    assert inputs.stop_closed == 0
    assert inputs.home == 0
    assert inputs.trigger_no == inputs.contact_a == inputs.contact_b == 0


def test_inputs_that_were_never_sampled_are_sensor_faults_and_power_nothing() -> None:
    fluid = Fluid()
    outputs = Outputs()
    outputs.dose_enable = outputs.needle_enable = 1
    found = Gate(fluid, Needle(Ramp())).check(Inputs(), outputs, states.ARMED)
    assert found & faults.PRESSURE_SENSOR
    assert found & faults.NEEDLE_SENSOR
    assert outputs.dose_enable == outputs.needle_enable == 0


def test_a_shot_adds_nothing_to_the_image() -> None:
    rig = moments.armed()
    rig.press()
    assert set(vars(rig.inputs)) == set(vars(Inputs()))
    assert set(vars(rig.outputs)) == set(vars(Outputs()))
    assert all(type(value) is int for value in vars(rig.outputs).values())
