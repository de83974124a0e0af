"""The simulator in the browser: phones, their clock, and a LAPOR to click in. Only with the simulator gateway."""
