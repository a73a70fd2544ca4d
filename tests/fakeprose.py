"""Plausible English of any length, always the same for the same prompt. No two prompts get the same text."""

import hashlib
import random
import re

# No phrase is longer than five words, so that long texts do not repeat six words in a row.
OPENINGS = """
in practice; over a season; for most people; at first sight; after a few weeks; on closer inspection; in a small flat;
among neighbours; by the second month; with a little patience; on a tight budget; in colder regions; for a beginner;
year after year; when time is short; without special tools; in the long run; on a quiet morning; before the first frost
"""
SUBJECTS = """
a simple routine; the first careful step; an honest comparison; a written plan; the right container; good preparation;
regular checking; a second opinion; the cheapest option; a quiet corner; one small habit; the usual advice;
a short list; careful measuring; the local climate; an early start; a clear goal; the weekly review;
a spare pair of hands
"""
VERBS = """
saves; shapes; protects; simplifies; explains; improves; steadies; decides; speeds up; slows down; supports; replaces;
reveals; limits; settles; prepares; sharpens; repays
"""
OBJECTS = """
the next choice; most of the work; an ordinary week; the whole plan; a cautious budget; every later stage;
the final result; a tired gardener; the daily round; what neighbours notice; the weakest point; a growing family;
the larger project; old habits; the cost of repairs; the mood at home; a wet spring; the patience of everybody
"""
LINKS = """
because; although; while; as long as; so that; even if; which means that; and; but; provided that; until; once; since;
whereas; just as; in case; wherever; unless
"""


def prose(prompt: str, words: int) -> str:
    """Paragraphs of `words` words or a sentence more, mentioning what the prompt puts in quotation marks."""
    dice = random.Random(hashlib.sha256(prompt.encode()).digest())
    pools = [_phrases(text) for text in (OPENINGS, SUBJECTS, VERBS, OBJECTS, LINKS, SUBJECTS, VERBS, OBJECTS)]
    named = re.findall(r"[\"“]([^\"”\n]{3,60})[\"”]", prompt)[:3]
    sentences: list[str] = []
    count = 0
    while count < words:
        opening, subject, verb, thing, link, *clause = [dice.choice(pool) for pool in pools]
        if named and len(sentences) % 5 == 1:
            subject = named[len(sentences) // 5 % len(named)]
        sentences.append(f"{opening.capitalize()}, {subject} {verb} {thing}, {link} {' '.join(clause)}.")
        count += len(sentences[-1].split())
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
