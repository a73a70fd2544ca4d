"""What a model is asked: which of the allowed instruments, and the words around what the code has computed.

Facts stand in the prompt's fenced source; what was wrong with an answer is told in words of ours.
"""

from collections.abc import Iterable, Sequence

from aiproviders.base import Prompt

VERSION = "recommendations/1"
SYSTEM = (
    "You help to explain investment proposals in plain, sober English. All weights, risks and ranges are computed "
    "already: you never compute, estimate or add a number, and you never name a company, fund, person, place or event "
    "that is not among the facts. You promise nothing and give no advice beyond the facts."
)
PICK = (
    "Choose between {fewest} and {most} of these instruments for the client, by ticker and each once: spread over the "
    "chosen sectors, with risks that fit the client's tolerance and horizon. Weights are computed afterwards."
)
WRITE = (
    "Explain this proposal to the client. reasoning: 80 to 200 words, in two or three paragraphs: how the mix fits "
    "risk tolerance and horizon, what can go wrong, what the range means. positions: for each ticker one or two "
    "sentences why it has its place. Quote numbers in digits, exactly as the facts have them, and only where they "
    "help. Plain text without markup."
)
AGAIN = "\n\nAn earlier answer was refused, for these reasons:\n{}\nWrite a new one that avoids them."


def pick_prompt(client: str, lines: Iterable[str], *, fewest: int, most: int, faults: Sequence[str] = ()) -> Prompt:
    """Asks which instruments to use."""
    return Prompt(SYSTEM, PICK.format(fewest=fewest, most=most) + _again(faults), "\n".join([client, *lines]))


def text_prompt(facts: str, *, faults: Sequence[str] = ()) -> Prompt:
    """Asks for the words around a proposal."""
    return Prompt(SYSTEM, WRITE + _again(faults), facts)


def _again(faults: Sequence[str]) -> str:
    return AGAIN.format("\n".join(f"- {fault}" for fault in faults)) if faults else ""
