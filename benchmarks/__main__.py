"""All measurements one after the other: ``python -m benchmarks``."""

import subprocess
import sys

for name in ("scoring", "rescoring", "intake", "rules", "campaigns", "audit"):
    print(f"\n== {name}", flush=True)
    subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=True)
