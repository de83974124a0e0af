"""The names of the switches that several modules set or ask: each is a row that holds until it is cleared. Pure."""

OFFICE_PAUSE = "office_pause"  # nobody is reminded: the office wants it so
LAPOR_DOWN = "lapor_down"  # nobody is reminded: LAPOR cannot be opened
PAUSES = (OFFICE_PAUSE, LAPOR_DOWN)  # while one of these is set, no chain tells anybody anything; state is kept
SENDER_STOP = "sender_stop"  # nothing leaves: the provider refuses our account or sender
ONLY_URGENT = "only_urgent"  # a limit is met: only what is urgent leaves
BRAKE_RELEASED = "volume_brake_released"  # the rest of the day is not held anew
RESTORED = "restored"  # a backup came back: what is planned is held until an admin lets it go; then False
DAILY_LINE = "daily_line"  # the newest line of the day, for the first page
