"""A process that asks for its share of the wishes, evenly over time, whatever happens around it.

`python -m tests.chaos.client SHARE SHARES COUNT SEED SECONDS SITE JOURNAL`. Each wish that was committed (or rolled
back on purpose) is one line of JSON in the journal; the seconds are how long asking took, failed tries included.
"""

import contextlib
import http.client
import json
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import django
from django.db import Error, connections, transaction

from tests.chaos.wishes import Wish, all_wishes

THREADS = 6
HTTP_SECONDS = 60
ERRORS = (Error, OSError, http.client.HTTPException)


class RolledBack(Exception):
    """The caller changed its mind."""


class Client:
    def __init__(self, site: str, journal: Path) -> None:
        from django.contrib.auth import get_user_model

        self.site, self.journal, self.lock = site, journal, threading.Lock()
        self.owners = list(get_user_model().objects.filter(username__startswith="owner").order_by("username"))

    def ask(self, wish: Wish) -> None:
        """Until it is known to be committed; nothing is asked twice."""
        way = self.over_http if wish.over_http else self.directly
        begun, troubles, job = time.time(), [], None
        while job is None:
            try:
                job = way(wish)
            except ERRORS as error:
                troubles.append(f"{time.time() - begun:.1f} s: {type(error).__name__}: {error}"[:200])
                job = self.committed(wish)
                time.sleep(0.2)  # between tries of something that is away
            finally:
                connections.close_all()
        seconds = round(time.time() - begun, 4)
        line = {"id": job, "name": wish.name, "kind": wish.kind, "ends": wish.ends, "at": begun, "seconds": seconds}
        line |= {"http": wish.over_http, "troubles": troubles}
        with self.lock, self.journal.open("a") as file:
            file.write(json.dumps(line) + "\n")

    def directly(self, wish: Wish) -> str:
        from queues import control, services

        with contextlib.suppress(RolledBack), transaction.atomic():
            owner = self.owners[wish.owner]
            job = services.enqueue(wish.kind, args=wish.args, priority=wish.priority, owner=owner)
            if wish.turn == "roll back":
                raise RolledBack
        if wish.turn == "cancel":
            with contextlib.suppress(Error):
                control.cancel(job)
        return job.pk.hex

    def over_http(self, wish: Wish) -> str:
        body = json.dumps({"kind": wish.kind, "args": wish.args, "priority": wish.priority}).encode()
        with urllib.request.urlopen(f"{self.site}/chaos/ask", data=body, timeout=HTTP_SECONDS) as answer:
            return json.load(answer)["id"].replace("-", "")

    def committed(self, wish: Wish) -> str | None:
        """The job that an attempt to ask left behind after all. Waits for the database."""
        from queues.models import Job

        while True:
            try:
                found = Job.objects.filter(args__name=wish.name).values_list("pk", flat=True).first()
                return found and found.hex
            except Error:
                connections.close_all()
                time.sleep(0.2)


def paced(wishes: list[Wish], seconds: float) -> Iterator[Wish]:
    """The wishes, evenly over so many seconds."""
    begun = time.monotonic()
    for number, wish in enumerate(wishes):
        time.sleep(max(0.0, begun + seconds * number / len(wishes) - time.monotonic()))
        yield wish


def main(share: int, shares: int, count: int, seed: int, seconds: float, site: str, journal: Path) -> None:
    django.setup()
    client = Client(site, journal)
    with ThreadPoolExecutor(THREADS) as crowd:
        asked = [crowd.submit(client.ask, wish) for wish in paced(all_wishes(count, seed)[share::shares], seconds)]
    for one in asked:
        one.result()  # a bug of the client must be seen


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:5]]
    main(*numbers, float(sys.argv[5]), sys.argv[6], Path(sys.argv[7]))
