"""ASPAL: WhatsApp follow-up and escalation for SP4N-LAPOR! liaison officers."""

__version__ = "0.1.0"
