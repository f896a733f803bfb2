"""How long `import main` takes, which imports all of the device's tree from its source files. Prints microseconds."""

# It runs on MicroPython only.
# pyright: basic, reportAttributeAccessIssue=false, reportMissingModuleSource=false
# ruff: noqa: E402 - where modules come from is set first

import json
import sys

sys.path.insert(0, sys.argv[1])

from tools.bench_programs.chip import host_time

before = len(sys.modules)
began = host_time.ticks_us()
import main  # noqa: F401

import_us = host_time.ticks_diff(host_time.ticks_us(), began)
print("result", json.dumps({"import_us": import_us, "modules": len(sys.modules) - before}))
