"""Whether the promises held, by the ledger's and the effects' tables and by what the clients wrote down."""

import datetime
import json
import statistics
from collections import Counter
from pathlib import Path

from tests.chaos.ledger import FINAL, Ledger, by_key, moment, most_at_once, most_in_a_window, plain
from tests.chaos.wishes import CHILDREN, NARROW, RATE

RECURRING = "dedupe_key LIKE 'recurring:%'"
CALLS = "SELECT name, at FROM engine_effect WHERE name LIKE 'call:%'"


class Verdict:
    """`problems` is empty if everything held; `figures` are for the summary."""

    def __init__(self, ledger: Ledger, journals: list[Path]) -> None:
        self.ledger = ledger
        lines = [json.loads(line) for journal in journals for line in journal.read_text().splitlines()]
        self.asked = {line["id"]: line for line in lines}
        rows = ledger.rows(f"SELECT id, state, parent_id FROM queues_job WHERE NOT ({RECURRING})")
        self.states = {plain(key): state for key, state, parent in rows if parent is None}
        self.children = by_key([(plain(parent), state) for _, state, parent in rows if parent])
        self.effects = Counter(name for (name,) in ledger.rows("SELECT name FROM engine_effect"))
        self.figures: dict[str, object] = {}
        self.problems = [
            *self.every_committed_job_ended_as_it_should(),
            *self.every_parent_asked_for_its_children_once(),
            *self.every_slot_became_one_job(),
            *self.every_effect_happened_once(),
            *self.no_recorded_step_was_paid_again(),
            *self.attempts_are_closed(),
            *self.limits_held(),
        ]

    def summary(self) -> str:
        """The figures in one line."""
        quick = sorted(line["seconds"] for line in self.asked.values() if not line["troubles"])
        self.figures["asking took"] = f"{statistics.median(quick):.3f} s (median) to {quick[-1]:.1f} s"
        return ", ".join(f"{name}: {figure}" for name, figure in self.figures.items())

    def every_committed_job_ended_as_it_should(self):
        committed = {key: line for key, line in self.asked.items() if line["ends"] != "nothing"}
        for key, line in self.asked.items():
            state, ends = self.states.get(key), line["ends"]
            if ends == "nothing" and state:
                yield f"{line['name']} was rolled back and is there, {state}"
            elif ends == "either" and state not in ("completed", "cancelled", "failed"):
                yield f"{line['name']} ({line['kind']}) was cancelled and is {state}"
            elif ends in ("completed", "failed") and state != ends:
                yield f"{line['name']} ({line['kind']}) should be {ends} and is {state}"
        for key in self.states.keys() - committed.keys():
            yield f"job {key} was never asked for"
        self.figures |= {"asked": len(self.asked), "committed": len(committed), **Counter(self.states.values())}

    def every_parent_asked_for_its_children_once(self):
        for key, line in self.asked.items():
            wanted = [("completed",)] * CHILDREN if line["kind"] == "engine.batch" else []
            if self.children.get(key, []) != wanted:
                yield f"{line['name']} ({line['kind']}) has children {self.children.get(key)}"

    def every_slot_became_one_job(self):
        rows = self.ledger.rows(f"SELECT dedupe_key, state FROM queues_job WHERE {RECURRING}")
        for key, count in Counter(key for key, _ in rows).items():
            if count > 1:
                yield f"{key} became {count} jobs"
        yield from (f"{key} failed" for key, state in rows if state == "failed")
        self.figures["slots"] = len(rows)

    def every_effect_happened_once(self):
        expected = Counter()
        for key, line in self.asked.items():
            expected.update(effects_of(line["kind"], line["name"], self.states.get(key)))
        found = Counter({name: count for name, count in self.effects.items() if not name.startswith("call:")})
        for name in sorted(expected.keys() | found.keys()):
            if expected[name] != found[name]:
                yield f"effect {name}: {found[name]} times instead of {expected[name]}"

    def no_recorded_step_was_paid_again(self):
        """Not by an attempt that started when the record was there, and by no attempt twice."""
        names = {key: line["name"] for key, line in self.asked.items()}
        steps = self.moments("job_id, name, created_at FROM queues_step", names)
        starts = self.moments("job_id, number, started_at FROM queues_attempt", names)
        rows = [(*name.split(":")[1:], moment(at)) for name, at in self.ledger.rows(CALLS)]
        late = [row for row in rows if (row[0], row[1]) in steps and row[3] > steps[row[0], row[1]]]
        for name, step, number, at in late:
            # One that started before the record may have looked before it, and slept since.
            if starts[name, number] > steps[name, step]:
                yield f"step {step} of {name} was paid at {at} although it was recorded at {steps[name, step]}"
        for (name, step, number), count in Counter(row[:3] for row in rows).items():
            if count > 1:
                yield f"step {step} of {name} was paid {count} times by attempt {number}"
        for name, step in steps.keys() - {(name, step) for name, step, *_ in rows}:
            yield f"step {step} of {name} is recorded and was never paid"
        calls = len({row[:2] for row in rows})
        self.figures |= {"steps": len(steps), "calls repeated": len(rows) - calls, "calls by late wakers": len(late)}

    def moments(self, columns: str, names: dict[str, str]) -> dict[tuple[str, str], datetime.datetime]:
        """A moment for each job's name and one more word."""
        rows = self.ledger.rows(f"SELECT {columns}")
        return {(names.get(plain(job), ""), str(word)): moment(at) for job, word, at in rows if at}

    def attempts_are_closed(self):
        if left := self.ledger.count("queues_attempt", "finished_at IS NULL"):
            yield f"{left} attempts are open although every job is final"
        if left := self.ledger.count("queues_job", f"state IN {FINAL} AND lease_until IS NOT NULL"):
            yield f"{left} finished jobs have a lease"
        lost = "outcome = 'lost' AND started_at IS"
        self.figures |= {
            "attempts": self.ledger.count("queues_attempt"),
            "workers lost": self.ledger.count("queues_jobevent", "message LIKE 'Its worker died%'"),
            "messages lost": self.ledger.count("queues_attempt", f"{lost} NULL"),
            "given back": self.ledger.count("queues_jobevent", "message LIKE 'Worker stopped%'"),
            "tries used up": len(self.tries_used_up()),
        }

    def tries_used_up(self) -> list[str]:
        """Errors that accidents caused and that count against the code, which did nothing wrong."""
        mine = ("broken", "no way", "busy", "snoozed")
        errors = self.ledger.rows("SELECT error FROM queues_attempt WHERE outcome = 'failed'")
        return [error for (error,) in errors if not error.startswith(mine)]

    def limits_held(self):
        rows = self.ledger.rows(
            "SELECT queue, started_at, finished_at FROM queues_attempt WHERE started_at IS NOT NULL"
        )
        spans = {queue: [(moment(a), moment(b or a)) for a, b in group] for queue, group in by_key(rows).items()}
        starts = [start for start, _ in spans.get("commentary", [])]
        most = most_in_a_window(starts, datetime.timedelta(seconds=RATE[1]))
        if most > RATE[0]:
            yield f"{most} starts in {RATE[1]} s where {RATE[0]} are allowed"
        at_once = most_at_once(spans.get("stories", []))
        if at_once > NARROW:
            yield f"{at_once} jobs at once where {NARROW} are allowed"
        self.figures |= {"most in window": f"{most}/{RATE[0]}", "most at once": f"{at_once}/{NARROW}"}


def effects_of(kind: str, name: str, state: str | None) -> list[str]:
    """What a job of this kind that ended so has done, its closing hook included."""
    if kind == "engine.batch" and state == "completed":
        return [f"done:{name}:completed", *(f"{name}-{number}" for number in range(CHILDREN))]
    return {"completed": [name], "failed": [f"exhausted:{name}"]}.get(state, [])
