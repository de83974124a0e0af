"""What cannot be done as it was asked."""


class Refused(Exception):
    """Why that cannot be done, in Indonesian, for whoever asked."""


class Stale(Refused):
    """The case is no longer what the page showed."""
