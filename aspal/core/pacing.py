"""How fast messages may leave: a token bucket. Pure: the caller brings the time."""

from dataclasses import dataclass


@dataclass(slots=True)
class Bucket:
    """Holds up to `burst` tokens and gains `rate` of them a second; `seconds` come from one steady clock."""

    rate: float
    burst: float
    tokens: float
    at: float = 0.0

    @classmethod
    def full(cls, rate: float) -> "Bucket":
        """A second's worth of tokens, and one at least, that nothing was taken from yet."""
        burst = max(1.0, rate)
        return cls(rate, burst, burst)

    def wait(self, seconds: float) -> float:
        """Takes one token; returns how many seconds the taker must wait before acting."""
        self.tokens = min(self.burst, self.tokens + max(0.0, seconds - self.at) * self.rate)
        self.at = max(self.at, seconds)
        self.tokens -= 1.0
        return 0.0 if self.tokens >= 0 else -self.tokens / self.rate
