"""Reads a report of spid-sp-test: report.py PROFILE FILE LEAST PARTS. Fails unless all checks passed, there were at least
LEAST, and all PARTS (metadata, request, responses) were checked."""

import json
import pathlib
import sys

profile, file, least, wanted = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
if not file.exists():
    sys.exit(f"{profile}: there is no report: spid-sp-test did not come to its end")

parts = json.loads(file.read_text())["test"]["sp"]
checks = [check for classes in parts.values() for results in classes.values() for check in results]
failed = [check for check in checks if check["result"] not in ("success", "warning")]
warnings = [check for check in checks if check["result"] == "warning"]
counts = ", ".join(f"{name} {sum(map(len, classes.values()))}" for name, classes in parts.items())
print(f"{profile}: {len(checks)} checks ({counts}), {len(failed)} failed, {len(warnings)} warnings")
for check in failed + warnings:
    print(f"  {check['result']}: {check['test']}: {check['value']}"[:400])
if len(checks) < least:
    sys.exit(f"{profile}: fewer than {least} checks were made")
# What was not answered at all is no success.
if len(parts) != wanted:
    sys.exit(f"{profile}: {wanted} parts must be checked, there is only {counts}")
sys.exit(1 if failed else 0)
