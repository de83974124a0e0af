"""The check list, step by step."""

from dataclasses import replace

from aspal.core.go_live import State, next_step, steps
from aspal.core.rollout import Mode

READY = State(
    mode=Mode.LIVE, recipients="all", simulator=False, has_cases=True, units=3, live_units=0, gaps=0, office_admin=True,
    texts_missing=0, worker=True, guests=2, guests_heard=1, shadows=5, held=0,
)  # fmt: skip


def test_nothing_is_left_for_who_is_ready() -> None:
    assert next_step(steps(READY)) is None


def test_the_next_step_is_the_first_that_is_not_done() -> None:
    changes = {
        "roster": {"units": 0}, "people": {"gaps": 1}, "texts": {"texts_missing": 2}, "worker": {"worker": False},
        "guests": {"guests_heard": 0}, "shadow": {"shadows": 0, "mode": Mode.SHADOW},
        "recipients": {"recipients": "guests", "mode": Mode.GUESTS}, "live": {"mode": Mode.STEPWISE, "live_units": 1},
    }  # fmt: skip
    for key, change in changes.items():
        found = next_step(steps(replace(READY, **change)))  # type: ignore[arg-type]
        assert found
        assert found.key == key
        assert found.text


def test_every_step_says_what_is_missing_and_what_is_there() -> None:
    said = " ".join(step.text for step in steps(replace(READY, held=4, simulator=True, has_cases=False)))
    for words in ("4 pesan ditahan", "Simulator", "impor ekspor LAPOR", "1 dari 2 tamu", "5 pesan bayangan"):
        assert words in said
    assert "1 dari 3 OPD" in steps(replace(READY, mode=Mode.STEPWISE, live_units=1))[-1].text
    assert "admin_instansi" in steps(replace(READY, office_admin=False))[1].text
    assert "Tandai beberapa orang" in steps(replace(READY, guests=0, guests_heard=0))[4].text
    assert "Dilewati" in steps(replace(READY, shadows=0))[5].text
    assert "Impor direktori" in steps(replace(READY, units=0))[0].text
    assert "bertahap" in steps(replace(READY, mode=Mode.SHADOW))[-1].text
