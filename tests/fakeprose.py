"""Plausible English of any length, always the same for the same prompt. No two prompts get the same text."""

import hashlib
import random
import re

OPENINGS = """
In practice; Over a season; For most people; At first sight; After a few weeks; On closer inspection; In a small
flat; Among neighbours; By the second month; With a little patience; On a tight budget; In colder regions; For a
beginner; Year after year; According to gardeners and builders alike; When time is short; Without special tools; In
the long run
"""
SUBJECTS = """
a simple routine; the first careful step; an honest comparison; a written plan; the right container; good
preparation; regular checking; a second opinion; the cheapest option; a quiet corner; one small habit; the usual
advice; a short list; careful measuring; the local climate; an early start; a clear goal; the weekly review
"""
VERBS = """
saves more than it costs; turns out to matter most; keeps mistakes small; makes the next choice easier; is easily
underrated; pays for itself within months; prevents the usual trouble; brings results sooner than expected; needs
less work than people fear; decides how the rest will go; leaves room for later changes; works best when it is
repeated; separates success from luck; removes most of the guesswork; builds confidence step by step
"""
ENDINGS = """
even when the weather does not help; and nobody has to hurry; as long as someone keeps notes; because small errors
add up; which is why experienced hands begin there; while larger plans can wait; if the basics are right; and the
difference is visible within days; since the materials are easy to find; although few guides mention it; once the
first doubts are gone; so that the whole household can join in; before anything expensive is bought; and it leaves
time for other things; as several families have reported
"""


def prose(prompt: str, words: int) -> str:
    """Paragraphs of `words` words or a sentence more, mentioning what the prompt puts in quotation marks."""
    dice = random.Random(hashlib.sha256(prompt.encode()).digest())
    openings, subjects, verbs, endings = (_phrases(text) for text in (OPENINGS, SUBJECTS, VERBS, ENDINGS))
    named = re.findall(r"[\"“]([^\"”\n]{3,60})[\"”]", prompt)[:3]
    sentences: list[str] = []
    count = 0
    while count < words:
        subject = dice.choice(subjects)
        if named and len(sentences) % 5 == 1:
            subject = named[len(sentences) // 5 % len(named)]
        sentence = f"{dice.choice(openings)}, {subject} {dice.choice(verbs)}, {dice.choice(endings)}."
        if sentence not in sentences:
            sentences.append(sentence)
            count += len(sentence.split())
    return "\n\n".join(" ".join(sentences[i : i + 4]) for i in range(0, len(sentences), 4))


def _phrases(text: str) -> list[str]:
    return [" ".join(phrase.split()) for phrase in text.split(";")]


def fill(schema: dict, prompt: str):
    """A value that fits the JSON `schema` (objects, arrays, texts, numbers, switches, enums)."""
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            return {name: fill(part, prompt + name) for name, part in schema.get("properties", {}).items()}
        case "array":
            return [fill(schema["items"], f"{prompt}{i}") for i in range(schema.get("minItems", 1))]
        case "integer" | "number":
            return schema.get("minimum", 0) + 4
        case "boolean":
            return True
        case _:
            return prose(prompt, 12)
