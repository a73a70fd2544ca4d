"""`python -m benchmarks [--only a,c] [--quick]`: measures, prints, writes benchmarks/results/*.json.

Exit status 0 only when every promise that was measured is kept and none was left out.
"""

import argparse
import sys

from benchmarks.servers import Servers

LINES = "abcdefg"


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--only", default=",".join(LINES), help="lines to measure, such as a,c")
    parser.add_argument("--quick", action="store_true", help="few jobs, one round: to see that it works")
    asked = parser.parse_args()
    lines = asked.only.split(",")
    if unknown := set(lines) - set(LINES):
        parser.error(f"--only: no line {', '.join(sorted(unknown))}; there are {', '.join(LINES)}")
    with Servers() as servers:
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", run_syncdb=True, verbosity=0)
        from benchmarks import session

        return session.run(servers, lines=lines, quick=asked.quick)


if __name__ == "__main__":
    sys.exit(main())
