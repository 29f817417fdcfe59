"""Waits until an address answers: wait.py URL."""

import sys
import time
import urllib.request

for _ in range(240):
    try:
        with urllib.request.urlopen(sys.argv[1], timeout=5):
            sys.exit(0)
    except OSError:
        time.sleep(0.25)
sys.exit(1)
