"""`python -m bench --only ground --scale small|full`: measures, prints a table, writes bench/results.json."""

import argparse
import sys
from importlib import import_module

from bench import results

BENCHMARKS = ("ground", "imports", "forms")


def main() -> int:
    """Run what was asked for; 1 when a figure missed its aim."""
    asked = argparse.ArgumentParser(prog="bench")
    asked.add_argument("--only", nargs="?", choices=BENCHMARKS, default=None)
    asked.add_argument("--scale", nargs="?", choices=("small", "full"), default=None)
    options = asked.parse_args()
    missed = False
    for name in [options.only] if options.only else BENCHMARKS:
        rows = []
        for row in import_module(f"bench.{name}").measure(options.scale or "small"):
            rows.append(row)
            print(results.table([row]).splitlines()[1], flush=True)
        results.write(rows, group=name)
        print(f"\n{name}, {options.scale or 'small'}\n\n{results.table(rows)}\n")
        missed |= any(row.ok is False for row in rows)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
