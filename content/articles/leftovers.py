"""Phrases that a model leaves behind when it talks about its task instead of doing it."""

import re

from content.articles.sentences import words

# Never acceptable in a finished article; the quality check refuses them.
REFUSALS = (
    r"\bas an? (?:ai|artificial intelligence|virtual assistant|(?:large )?language model)\b[^.]{0,20}\bi\b",
    r"\b(?:i am|i'm) (?:sorry|unable|not able|an? (?:ai|assistant|language model))\b",
    r"\bi (?:can(?:no|')t|cannot|won't|will not) (?:help|assist|write|provide|fulfil)",
    r"\bmy (?:training data|knowledge cut-?off|programming)\b",
)
PREAMBLES = (
    r"^(?:sure|certainly|absolutely|of course|okay|great)\b[,!.:]",
    r"\bhere(?:'s| is| are) (?:a|an|the|your|my|some|two|three) [^.]{0,60}"
    r"(?:article|paragraphs?|section|text|version|sample|draft|examples?)\b",
    r"\b(?:hope this helps|let me know if|feel free to (?:ask|contact|reach)|happy to help|word count)\b",
)
PLACEHOLDERS = (
    r"\[(?:your|insert|name|link|company|brand|source|date|topic|keyword)\b[^\]]*\]",
    r"\{\{|\}\}",
    r"\blorem ipsum\b",
    r"\b(?-i:TODO)\b",
    r"<\|[a-z_]+\|>",
)
FORBIDDEN = [re.compile(pattern, re.IGNORECASE) for pattern in (*REFUSALS, *PREAMBLES, *PLACEHOLDERS)]

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


def forbidden_in(text: str) -> list[str]:
    """The phrases in `text` that no finished article may hold, as they stand there."""
    return [match.group().strip() for pattern in FORBIDDEN if (match := pattern.search(_plain(text)))]


def is_aside(sentence: str, *, about: str) -> bool:
    """Does it speak about the text, to the customer, or of an "I"? Words that the theme `about` holds are no sign."""
    return bool(forbidden_in(sentence)) or _matches(ASIDES, sentence, about)


def is_doubtful(sentence: str, *, about: str) -> bool:
    """Does it report what somebody would have to know, talk about editing, or say nothing at all?"""
    return _matches(DOUBTFUL, sentence, about)


def _matches(patterns: list[re.Pattern], sentence: str, about: str) -> bool:
    theme = {word.casefold() for word in words(about)}
    found = (match for pattern in patterns if (match := pattern.search(_plain(sentence))))
    return any((words(match.group()) or [""])[-1].casefold() not in theme for match in found)


def _plain(text: str) -> str:
    return text.replace("’", "'")
