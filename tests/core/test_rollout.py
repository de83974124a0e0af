"""Who is written to, mode by mode."""

import pytest

from aspal.core.rollout import Mode, Rollout, in_force

LIVE = frozenset({1})


@pytest.mark.parametrize(
    ("mode", "guest", "units", "office", "barred", "shadowed"),
    [
        (Mode.GUESTS, False, [1], False, True, True),
        (Mode.GUESTS, True, [1], False, False, False),
        (Mode.SHADOW, False, [1], False, False, True),
        (Mode.SHADOW, False, [], False, False, True),
        (Mode.SHADOW, True, [1], False, False, False),
        (Mode.STEPWISE, False, [1], False, False, False),
        (Mode.STEPWISE, False, [1, 2], False, False, True),
        (Mode.STEPWISE, False, [None], False, False, False),
        (Mode.STEPWISE, False, [], False, False, False),
        (Mode.STEPWISE, False, [None], True, False, True),
        (Mode.LIVE, False, [2], True, False, False),
    ],
)
def test_each_mode(
    mode: Mode, guest: bool, units: list[int | None], office: bool, barred: bool, shadowed: bool
) -> None:
    reach = Rollout(mode, LIVE)
    assert reach.bars(guest=guest) is barred
    assert reach.shadows(units, guest=guest, whole_office=office) is shadowed


def test_the_setting_is_the_strictest() -> None:
    for chosen in (None, *Mode):
        assert in_force("guests", chosen, {1}).mode is Mode.GUESTS
    assert in_force("all", None).mode is Mode.LIVE
    assert in_force("all", "bertahap", {1}).live_units == LIVE
    assert in_force("all", "langsung", {1}).live_units == frozenset()
