"""One case in a process of its own: `python -m bench.case sending.bare_sdk '{"messages": 2000}'` -> JSON on stdout."""

import json
import os
import sys
from importlib import import_module

from bench.machine import pin

if __name__ == "__main__":
    pin([os.environ.get("BENCH_CORE", "")])
    module, _, function = sys.argv[1].partition(".")
    result = getattr(import_module(f"bench.{module}"), function)(**json.loads(sys.argv[2]))
    print(json.dumps(result))
