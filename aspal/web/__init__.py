"""HTTP IN. Signed webhooks, pages behind a login, the simulator's phones."""

import sys

# Flask-Security takes Twilio's SDK along, if there is one, for codes by text message, which nobody sends here. Looking
# away while it looks saves the web process 6 MB, and keeps the SDK where it belongs: in one gateway.
_absent: dict[str, None] = {} if "twilio.rest" in sys.modules else {"twilio.rest": None}
sys.modules.update(_absent)  # type: ignore[arg-type]  # None: not to be had
try:
    import flask_security as flask_security
finally:
    for _name in _absent:
        del sys.modules[_name]
