"""What is asked for: a mixture of kinds, lengths, priorities, owners and endings, the same for the same seed."""

import math
import random
from dataclasses import dataclass

OWNERS = 6
RATE = (6, 4)  # starts of engine.limited per seconds: hardly more than are asked for
NARROW = 5  # of chaos.narrow at once
CHILDREN = 4  # of engine.batch
SHARES = {
    "engine.write": 28,
    "engine.batch": 2,
    "engine.hold": 24,
    "chaos.two_steps": 15,
    "chaos.narrow": 9,
    "engine.limited": 6,
    "engine.retry_once": 5,
    "engine.snooze_once": 5,
    "engine.fail": 3,
    "engine.fail_for_good": 3,
}


@dataclass(frozen=True)
class Wish:
    """One job to ask for. `turn`: what happens right after asking: nothing, "cancel", or "roll back"."""

    name: str
    kind: str
    args: dict
    priority: int
    owner: int
    turn: str
    over_http: bool

    @property
    def ends(self) -> str:
        """The state it must end in; "either" if a cancel races with it, "nothing" if it was never committed."""
        if self.turn:
            return "either" if self.turn == "cancel" else "nothing"
        return "failed" if self.kind.startswith("engine.fail") else "completed"


def all_wishes(count: int, seed: int) -> list[Wish]:
    """`count` wishes, in the order of asking; no other seed's have the same names."""
    dice = random.Random(seed)  # noqa: S311 - a plan, not a secret
    kinds = [kind for kind, share in SHARES.items() for _ in range(math.ceil(count * share / 100))][:count]
    dice.shuffle(kinds)
    return [wish(f"{seed}-{number:05}", kind, dice) for number, kind in enumerate(kinds)]


def wish(name: str, kind: str, dice: random.Random) -> Wish:
    length = round(min(1.5, max(0.05, dice.lognormvariate(math.log(0.3), 0.7))), 3)
    own = {
        "engine.hold": {"seconds": length},
        "chaos.narrow": {"seconds": length / 2},
        "chaos.two_steps": {"seconds": length / 2, "breaks": dice.random() < 0.3},
        "engine.retry_once": {"after": 0.3},
        "engine.batch": {"count": CHILDREN},
    }.get(kind, {})
    turn = dice.choices(["", "cancel", "roll back"], [94, 3, 3])[0] if kind != "engine.batch" else ""
    over_http = not turn and dice.random() < 0.4
    return Wish(name, kind, {"name": name, **own}, dice.randint(1, 10), dice.randrange(OWNERS), turn, over_http)
