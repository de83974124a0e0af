"""The `aspal` command: its entry, and what an error looks like outside."""

import gc
import sys


def main() -> None:
    """Runs the command line; every error that the office can mend is one line, without a traceback."""
    # Importing makes some hundred thousand objects that all stay; collecting among them costs an idle cron run as
    # much as its work.
    gc.disable()
    from aspal.commands.root import aspal

    gc.freeze()
    gc.enable()
    try:
        sys.exit(aspal(standalone_mode=False))  # without its own handling, whose words are English
    except Exception as error:
        sys.exit(_told(error))


def _told(error: Exception) -> int:
    from click import Abort

    from aspal.commands.frame import PARTLY, WRONG, explain

    if isinstance(error, Abort):  # Ctrl-C
        return PARTLY
    if line := explain(error):
        sys.stderr.write(f"{line}\n")
        return WRONG
    import logging

    logging.getLogger("aspal").exception("command failed", exc_info=error)
    return PARTLY
