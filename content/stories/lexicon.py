"""The words that the local scores are made of. Whoever changes a word, a weight or a rule raises VERSION.

Each line is "weight kind: words"; kind n is a noun, v a verb, a an adjective, x a word or phrase as it stands. Their
inflections are found too (inflections.py): of a phrase, the last word of a noun and the first of a verb.
"""

from dataclasses import dataclass

from content.stories.inflections import forms

VERSION = "lexicon/1"

HYPE = """
3 a: revolutionary; unprecedented; groundbreaking; miraculous; unbelievable; mind blowing; jaw dropping
3 a: earth shattering; unimaginable
3 n: game changer; quantum leap; miracle; silver bullet; holy grail; paradigm shift; moonshot
3 v: revolutionize; revolutionise; reinvent; change everything; change the world; blow your mind; upend
3 x: ground breaking; game changing; once in a generation; never before; world changing; the future of everything
2 a: incredible; astonishing; astounding; extraordinary; spectacular; stunning; sensational; phenomenal
2 a: disruptive; visionary; limitless; unstoppable; unparalleled; unrivalled; unmatched; flawless; ultimate; magical
2 n: breakthrough; disruption; revolution; megatrend; singularity; utopia; gold rush; rocket ship; unicorn
2 v: disrupt; skyrocket; supercharge; dominate; obliterate; turbocharge; unleash
2 x: cutting edge; next generation; world class; state of the art; best ever; first ever; record breaking; historic
1 a: amazing; remarkable; impressive; dramatic; massive; huge; innovative; futuristic; exclusive; thrilling; surprising
1 a: promising; powerful; exciting; bold; radical; viral; exponential; transformative; guaranteed; effortless
1 n: hype; buzz; frenzy; boom; milestone; leap; surge; wonder; craze; superpower
1 v: transform; soar; surge; astonish; amaze; wow; promise; guarantee; boast; tout; pioneer
1 x: very first; all important; must have; as never before; sooner than you think; forever
"""

ETHICS = """
3 n: discrimination; surveillance; exploitation; human rights violation; data breach; genocide; child labour
3 n: child labor; hate speech
3 v: discriminate; exploit; surveil; dehumanize; dehumanise; defraud; blackmail
3 a: unethical; racist; sexist; discriminatory; inhumane; exploitative
3 x: without consent; without their consent; without permission; facial recognition; deep fake; civil rights; war crimes
2 n: bias; privacy; consent; misuse; manipulation; misinformation; disinformation; deepfake; injustice; inequality
2 n: lawsuit; fraud; victim; harassment; violation; whistleblower; leak; weapon; harm; addiction; casualty; fatality
2 v: mislead; manipulate; harm; violate; abuse; misuse; censor; deceive; leak; weaponize; weaponise; kill; injure
2 a: biased; unfair; deceptive; harmful; invasive; illegal; opaque; addictive; unsafe; lethal
2 x: lack of transparency; black box; job losses; mass layoffs; dark pattern; dark patterns; died; stolen; dead
1 n: concern; risk; danger; threat; controversy; accountability; transparency; regulation; safeguard; oversight; layoff
1 n: ethics; fairness; safety; responsibility; complaint; investigation; regulator; vulnerability; liability; copyright
1 v: warn; criticize; criticise; regulate; sue; accuse; allege; investigate; ban; displace; threaten; protest
1 a: ethical; controversial; dangerous; risky; sensitive; questionable; accountable; vulnerable; unregulated; worrying
1 x: personal data; protected group; minors; human rights; fined
"""

# One of these up to three words before a word, in the same clause, takes its weight away.
NEGATIONS = frozenset(
    "no not never none neither nor without hardly barely scarcely cannot isnt arent wasnt werent dont doesnt didnt "
    "wont wouldnt cant couldnt shouldnt hasnt havent hadnt aint".split()
)
# These make a negation none: "not only revolutionary", "no doubt a breakthrough".
STRENGTHENED = frozenset("only just merely simply doubt wonder less".split())


@dataclass(frozen=True)
class Entry:
    """`word` as the lexicon has it, of which topic ("hype" or "ethics") and how heavy (1 to 3)."""

    word: str
    topic: str
    weight: int


def _table() -> dict[str, list[tuple[tuple[str, ...], Entry]]]:
    """First word -> the phrases that begin with it, the longest first."""
    table: dict[str, dict[tuple[str, ...], Entry]] = {}
    for topic, text in (("hype", HYPE), ("ethics", ETHICS)):
        for line in text.strip().splitlines():
            head, _, words = line.partition(": ")
            weight, kind = head.split()
            for word in words.split("; "):
                for form in forms(word, kind):
                    table.setdefault(form[0], {}).setdefault(form, Entry(word, topic, int(weight)))
    return {first: sorted(found.items(), key=lambda item: -len(item[0])) for first, found in table.items()}


TABLE = _table()
