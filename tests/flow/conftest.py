"""Who the stories of replies are about, where a file does not say otherwise; each file has its own `world`."""

import pytest

from aspal.core.words import Role
from tests.world import Somebody, World


@pytest.fixture
def unit(world: World) -> int:
    """The unit of the story."""
    return world.unit("Dinas PUPR")


@pytest.fixture
def sari(world: World, unit: int) -> Somebody:
    """Its liaison."""
    return world.person("Sari", Role.LIAISON, unit)
