"""Holds a certificate against AgID's Avviso 29 v3, with AgID's own validator: certificate.py FILE."""

import pathlib
import sys

from spid_compliant_certificates.validator.validate import validate

file = pathlib.Path(sys.argv[1])
checks = [check for test in validate(file, "public").as_dict()["tests"] for check in test["checks"]]
failed = [check for check in checks if check["result"] != "success"]
print(f"{file.name}: {len(checks)} checks of the certificate, {len(failed)} failed")
for check in failed:
    print(f"  {check['description']}: {check['value']}")
sys.exit(1 if failed or len(checks) < 30 else 0)
