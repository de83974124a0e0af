"""The keys of the alarms that one module raises and another clears or judges. Pure.

A key that ends in ":" goes on with what the alarm speaks of.
"""

from hashlib import sha256

SENDER_STOP = "sender_stop"  # the provider refuses our account or sender at once
SENDER_FAILING = "sender_failing"  # it does so after it had taken the message
SENDER_IDLE = "sender_idle"  # nothing left our number for so long that Meta may lock it
PROVIDER_ACCOUNT = "provider_account"
CHANNEL_LIMIT = "channel_limit"
CANARY = "canary"
MEDIA_DIR = "media_dir"  # attachments cannot be written
VOLUME_BRAKE = "volume_brake"
RESTORED = "restored"  # a backup came back, and what was told since it was taken is not known
TEMPLATE = "template:"  # a kind that WhatsApp refused, with a message that was held for it
TEMPLATE_STATUS = "template_status:"  # a kind that WhatsApp has stopped
TEMPLATE_MISSING = "template_missing:"  # a kind whose messages wait until WhatsApp approves their text
UNKNOWN = "unknown:"  # a message of which nobody knows whether it arrived
POLICY = "policy:"  # a kind of which WhatsApp refused a message by its policy
REPLY = "reply:"  # a reply that could not be understood
QUESTION = "question:"  # a contact who asked about a disposition on a day, until an admin answers
CONSENT = "consent:"  # a contact who has not agreed yet
OPTED_OUT = "opted_out:"  # a contact who wants no messages
MOVED = "moved:"  # an appointment whose holder says that it is over
WORKER = "worker:"  # a day on which the web saw nobody run the jobs
STRANGER = "unknown_sender:"


def of_stranger(address: str) -> str:
    """The key for somebody whom the directory does not have: nothing that tells the number."""
    return STRANGER + sha256(address.encode()).hexdigest()[:16]
