"""Sentences in which a model talks about its task, or says what it cannot know."""

import re

from content.texts.leftovers import forbidden_in, plain
from content.texts.sentences import words

# What no article needs, whoever wrote it: talk about the text itself, an "I" who does not exist, calls to subscribe.
_TEXT = r"(?:article|blog(?: post)?|text|passage|section|paragraphs?|sentences?|essay|piece of writing|keyword|post)"
ABOUT_THE_TEXT = (
    rf"\b(?:this|these|the|an?|your|our|my|following|first|second|third|next|final|two) (?:magazine )?{_TEXT}\b",
    r"\b(?:this|the|your) (?:topic|subject|theme|title|headline|source|prompt|instructions?)\b",
    r"\bhere's\b|\b(?:here|below|following) (?:is|are|you)\b",
    r"\[[^\]]*\]|^[A-Z]:|</?\w+",
)
FIRST_PERSON = (r"\b(?:i|i'm|i've|i'd|i'll|me|my|mine|myself)\b",)
CALLS = (
    r"\b(?:subscribe|stay tuned|click (?:here|below)|sign up|our (?:website|company|team|shop))\b",
    r"\b(?:contact|follow|join) us\b|^(?:hello|hi|welcome|thank you|good luck|dear)\b|^p\.\s?s\.",
    r"\b(?:let's|let us|let me) (?:start|take|dive|look|talk|explore|say|begin|add|work|get)\b",
)
# What a model that knows little falls back on: findings, people and events; how it edited; the state of the world.
CLAIMS = (
    r"\b(?:stud(?:y|ies)|research(?:ers)?|surveys?|scientists?|statistics|reports?|according to)\b",
    r"\b(?:named|called|founded|launched|invented)\b|\b(?:stor(?:y|ies)|tales?|experts?)\b",
    r"\b(?:years? ago|last (?:year|month|week)|yesterday|recently|pandemic)\b",
)
EDITING = (
    r"^(?:changed|added|removed|replaced|corrected|edited)\b|\b(?:clarity|concise|grammar|grammatical|emphasis)\b",
    r"\b(?:the|this|your|an?) (?:language used|wording|edit(?:ed)?|revision|original|revised|message|version|phrase)\b",
    r"\b(?:few|elaborate|short|long|simple|flowing) (?:sentences|paragraphs)\b|\bbold text\b|\brewrit",
    r"\bquot(?:es|ation marks)\b|\b(?:plain english|(?:simple|descriptive) language|the readers?|gives? readers)\b",
    r"\b(?:this|the) (?:story|author|writer|magazine|user) (?:is|are|goes|ends|begins|shows|wants|has)\b",
    r"\byou (?:could|can|might) (?:add|say|write)\b",
    r"^it (?:also )?(?:discusses|mentions|emphasi[sz]es|highlights|explains|describes|conveys|covers|explores)\b",
    r"^(?:the |an? )?(?:simple |short |yet |profound )*(?:example|answer)\b[^.]{0,40}:",
)
EMPTY = (r"^in (?:a|the|this|today's|our) [^,]{0,40}(?:world|age|era)\b",)
ASIDES = [re.compile(pattern, re.IGNORECASE) for pattern in (*ABOUT_THE_TEXT, *FIRST_PERSON, *CALLS)]
DOUBTFUL = [re.compile(pattern, re.IGNORECASE) for pattern in (*CLAIMS, *EDITING, *EMPTY)]


def is_aside(sentence: str, *, about: str) -> bool:
    """Does it speak about the text, to the customer, or of an "I"? Words that the theme `about` holds are no sign."""
    return bool(forbidden_in(sentence)) or _matches(ASIDES, sentence, about)


def is_doubtful(sentence: str, *, about: str) -> bool:
    """Does it report what somebody would have to know, talk about editing, or say nothing at all?"""
    return _matches(DOUBTFUL, sentence, about)


def _matches(patterns: list[re.Pattern], sentence: str, about: str) -> bool:
    theme = {word.casefold() for word in words(about)}
    found = (match for pattern in patterns if (match := pattern.search(plain(sentence))))
    return any((words(match.group()) or [""])[-1].casefold() not in theme for match in found)
