"""One clock for many processes, moved by the torturer: a few bytes of shared memory."""

import mmap
import struct
import time
from datetime import UTC, datetime

_SLOT = struct.Struct("ddd")  # the clock's seconds, the machine's monotonic seconds at that moment, speed


class SharedClock:
    """Made before the children are forked, so that all of them read the same memory."""

    def __init__(self, moment: datetime) -> None:
        self._memory = mmap.mmap(-1, 1 + 2 * _SLOT.size)
        self.set(moment)

    def now(self) -> datetime:
        """What `aspal.clock.Clock` promises."""
        seconds, since, speed = _SLOT.unpack_from(self._memory, 1 + self._memory[0] * _SLOT.size)
        return datetime.fromtimestamp(seconds + (time.monotonic() - since) * speed, UTC)

    def set(self, moment: datetime, speed: float = 0.0) -> None:
        """Jumps to `moment` and runs `speed` times as fast as the machine; 0 stands still."""
        other = 1 - self._memory[0]  # whoever reads meanwhile reads the old slot, never half of a new one
        _SLOT.pack_into(self._memory, 1 + other * _SLOT.size, moment.timestamp(), time.monotonic(), speed)
        self._memory[0] = other
