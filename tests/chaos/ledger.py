"""Looks into the run's database from outside: plain SQL that both databases understand, none of the product's code."""

import contextlib
import datetime
import sqlite3
from collections import Counter, defaultdict
from pathlib import Path

import psycopg

FINAL = "('completed', 'failed', 'cancelled')"
DISPATCHING = """SELECT activity.application_name FROM pg_locks held JOIN pg_class ON pg_class.oid = held.relation
    JOIN pg_stat_activity activity ON activity.pid = held.pid
    WHERE relname = 'queues_dispatcher' AND mode = 'RowShareLock'"""


class Ledger:
    """`url` is a DATABASE_URL."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.file = Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else None

    def rows(self, query: str) -> list[tuple]:
        """Ids come as UUID or as text, moments as datetime or as text: see `plain` and `moment`."""
        if self.file is None:
            with psycopg.connect(self.url, connect_timeout=5) as connection:
                return connection.execute(query).fetchall()
        with contextlib.closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True, timeout=30)) as connection:
            return connection.execute(query).fetchall()

    def count(self, table: str, condition: str = "1 = 1") -> int:
        return self.rows(f"SELECT count(*) FROM {table} WHERE {condition}")[0][0]

    def all_final(self) -> bool:
        return not self.count("queues_job", f"state NOT IN {FINAL}")

    def busy(self) -> list[str]:
        """Who dispatches at this moment: names of PostgreSQL's clients, or the pid that writes into SQLite's file."""
        if self.file is None:
            return [name for (name,) in self.rows(DISPATCHING)]
        inode = self.file.with_name(f"{self.file.name}-shm").stat().st_ino
        locks = [line.split() for line in Path("/proc/locks").read_text().splitlines()]
        # byte 120 of the shared memory is the lock of the one writer (walformat.html, section 2.3)
        return [lock[4] for lock in locks if lock[3] == "WRITE" and lock[5].endswith(f":{inode}") and lock[6] == "120"]


def plain(identifier: object) -> str:
    """An id as 32 hexadecimal digits."""
    return str(identifier).replace("-", "")


def moment(value: str | datetime.datetime) -> datetime.datetime:
    """A moment, aware."""
    found = value if isinstance(value, datetime.datetime) else datetime.datetime.fromisoformat(value)
    return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)


def most_in_a_window(starts: list[datetime.datetime], window: datetime.timedelta) -> int:
    """The largest number of starts in any half-open window of this length."""
    starts, first, most = sorted(starts), 0, 0
    for last, start in enumerate(starts):
        while starts[first] <= start - window:
            first += 1
        most = max(most, last - first + 1)
    return most


def most_at_once(spans: list[tuple[datetime.datetime, datetime.datetime]]) -> int:
    """The largest number of spans that overlap; one that ends when another starts does not."""
    changes = Counter[tuple[datetime.datetime, int]]()
    for start, end in spans:
        changes[start, 1] += 1
        changes[end, 0] -= 1
    now = most = 0
    for _, change in sorted(changes.items()):
        now += change
        most = max(most, now)
    return most


def by_key(rows: list[tuple]) -> dict[str, list[tuple]]:
    """Rows grouped by their first column."""
    groups = defaultdict(list)
    for key, *rest in rows:
        groups[key].append(tuple(rest))
    return groups
