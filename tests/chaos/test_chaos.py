"""Everything that can be killed is killed while jobs are asked for and run; afterwards every promise has held.

CHAOS_JOBS and CHAOS_SEED choose another run; `make chaos` runs the long one on both databases.
"""

import datetime
import os
import time

import pytest

from tests import services
from tests.chaos.accidents import Fate, plan
from tests.chaos.house import THREADS, House
from tests.chaos.ledger import moment
from tests.chaos.servers import CrashingPostgres
from tests.chaos.verdict import Verdict

pytestmark = pytest.mark.database

JOBS = int(os.environ.get("CHAOS_JOBS", "1000"))
SEED = int(os.environ.get("CHAOS_SEED", "1"))
JOBS_PER_SECOND = 16
AFTERWARDS = 250  # jobs: more than all workers have slots for
FINAL_WITHIN = 60  # seconds after the last accident


@pytest.fixture
def house(tmp_path):
    postgres = CrashingPostgres(services.guard) if services.chosen_database() == "postgres" else None
    house = House(tmp_path, postgres)
    try:
        house.start()
        yield house
    finally:
        house.close()
        if postgres:
            postgres.stop()


def test_every_promise_holds_whatever_is_killed(house):
    seconds = JOBS / JOBS_PER_SECOND
    fate = Fate(house)
    house.ask(count=JOBS, seed=SEED, seconds=seconds)
    let_it_happen(house, fate, seconds)
    last = time.monotonic()
    final = house.supervisor.run_until(lambda: house.all_asked() and house.all_final(), FINAL_WITHIN)
    needed = time.monotonic() - last
    verdict = Verdict(house.ledger, house.journals)
    print(f"{dict(fate.happened)}\n{verdict.summary()}, final after {needed:.1f} s")
    assert final
    assert verdict.problems == []
    house.until(house.up.is_ready, 40)
    house.until(lambda: workers_are_sane(house), 30)
    everybody_works_again(house)
    assert [client.returncode for client in house.clients] == [0] * len(house.clients)


def let_it_happen(house: House, fate: Fate, seconds: float) -> None:
    """Strike by the plan; returns after the last accident, the ends of lasting ones included."""
    accidents = plan(SEED, seconds, postgres=house.postgres is not None)
    moments = [(accident.at, "", accident) for accident in accidents]
    moments += [(accident.at + accident.lasts, "end: ", accident) for accident in accidents if accident.lasts]
    begun = time.monotonic()
    print(f"CHAOS_JOBS={JOBS} CHAOS_SEED={SEED}")
    for at, ends, accident in sorted(moments):
        house.until(lambda at=at: time.monotonic() >= begun + at, 3600)
        met = fate.end(accident) if ends else fate.strike(accident)
        print(f"{time.monotonic() - begun:6.1f} s  {ends}{accident.what}: {met}")


def workers_are_sane(house: House) -> bool:
    """Every living worker beats and takes work; nobody else does."""
    rows = house.ledger.rows("SELECT pid, slots, stopping, busy, last_seen FROM queues_worker")
    silent_since = datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=10)
    fresh = [row for row in rows if moment(row[-1]) > silent_since]
    return sorted(row[:4] for row in fresh) == sorted((pid, THREADS, False, 0) for pid in house.workers().values())


def everybody_works_again(house: House) -> None:
    """A crowd of jobs afterwards: all workers take some, and all end well."""
    house.ask(count=AFTERWARDS, seed=SEED + 1, seconds=1)
    house.until(lambda: house.all_asked() and house.all_final(), FINAL_WITHIN)
    assert Verdict(house.ledger, house.journals).problems == []
    newest = house.ledger.rows(f"SELECT worker FROM queues_attempt ORDER BY id DESC LIMIT {AFTERWARDS // 2}")
    assert {int(name.rpartition(":")[2]) for (name,) in newest if name} == set(house.workers().values())
