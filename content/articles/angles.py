"""The sides from which a section can look at a theme: its heading and what the model is asked to do.

Headings put the keyword before a colon or a preposition that suits every noun, because code cannot know whether it
is singular, plural or a verb. Instructions hold no word of the customer's.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Angle:
    """`heading` may hold {keyword}; `instruction` completes the sentence "Write ... that ..."."""

    heading: str
    instruction: str


OPENING = (
    Angle("{keyword}: the basics", "explain what it is and how it works"),
    Angle("{keyword}: what to know first", "explain what it is and why people care about it"),
    Angle("{keyword} in plain words", "explain what it is, with an example from everyday life"),
)
MIDDLE = (
    Angle("Why it matters", "explain why it matters and who benefits from it"),
    Angle("How to get started", "tell a beginner how to start"),
    Angle("What to look for", "explain what to look for and compare before deciding"),
    Angle("Common mistakes and how to avoid them", "describe common mistakes and how to avoid them"),
    Angle("{keyword} in everyday practice", "describe how people do it in everyday life"),
    Angle("Time, effort and cost", "explain how much time, effort and money it takes"),
    Angle("Making it last", "explain how to keep it going over the years"),
)
CLOSING = (
    Angle("Where to go from here", "sum up the most important points and name a good next step"),
    Angle("What to remember", "sum up what is worth remembering"),
    Angle("The next step", "say what to do next and why it is worth the effort"),
)
