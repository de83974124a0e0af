"""Small changes to a ladder, one at a time. Pure: each gives a new ladder."""

from collections.abc import Sequence
from dataclasses import replace

from aspal.core.ladder import Ladder, Step


def moved(ladder: Ladder, code: str, by: int) -> Ladder:
    """The same ladder with one step higher (-1) or lower (1) on the page."""
    steps = list(ladder.steps)
    at = next((n for n, step in enumerate(steps) if step.id == code), None)
    if at is not None and 0 <= at + by < len(steps):
        steps[at], steps[at + by] = steps[at + by], steps[at]
    return replace(ladder, steps=tuple(steps))


def without(ladder: Ladder, code: str) -> Ladder:
    """The same ladder without that step."""
    return replace(ladder, steps=tuple(step for step in ladder.steps if step.id != code))


def with_step(ladder: Ladder, step: Step) -> Ladder:
    """The same ladder with that step in its place, or at the end when it is new."""
    if any(other.id == step.id for other in ladder.steps):
        return replace(ladder, steps=tuple(step if other.id == step.id else other for other in ladder.steps))
    return replace(ladder, steps=(*ladder.steps, step))


def free_code(ladders: Sequence[Ladder]) -> str:
    """A code that no step of these ladders has: what was told under an old code must not silence a new step."""
    taken = {step.id for ladder in ladders for step in ladder.steps}
    return next(code for n in range(1, len(taken) + 2) if (code := f"L{n}") not in taken)
