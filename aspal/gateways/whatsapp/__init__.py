"""WhatsApp: the promise (port.py) and those who keep it."""
