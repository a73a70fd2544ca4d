"""The extract writer says nothing that its source does not say."""

import random
import re
import subprocess
import sys

import pytest

from aiproviders.backends.extract import Extract
from aiproviders.base import Endpoint, Prompt
from aiproviders.errors import ProviderError
from tests.aiproviders.test_extraction import STORY
from tests.fakeprose import prose

BRIEF = """Topic: Composting on a balcony
Niche: gardening
Keyword: compost bin
Target URL: https://shop.example/bins
Anchor text: a compost bin
Notes: keep it short, mention worms"""
FRAMES = re.compile(
    r"The source is mainly about |Key passages:|Figures to check before publishing: "
    r"|The source gives this as “|”: “|”\.$|^> |, (?=\S+(?: and|,))| and (?=\S+(?: \w+)?\.$)",
    re.MULTILINE,
)


def write(source: str, text: str = "Write a section.", max_tokens: int = 2048) -> str:
    prompt = Prompt(system="", text=text, source=source)
    reply = Extract(Endpoint("extract")).complete(
        prompt, model="extract/1", schema=None, deadline=5, max_tokens=max_tokens
    )
    assert (reply.model, reply.finish) == ("extract/1", "stop")
    return reply.text


def invented(text: str, source: str) -> list[str]:
    """The words of `text` that are neither in `source` nor part of a fixed frame."""
    known = set(re.findall(r"\w+", source))
    return [word for word in re.findall(r"\w+", FRAMES.sub(" ", text)) if word not in known]


def quotations(text: str) -> list[str]:
    return re.findall(r"^> (.+)$", text, re.MULTILINE) + re.findall(r": “(.+)”\.$", text, re.MULTILINE)


@pytest.mark.parametrize("source", [STORY, *(prose(f"subject {n}", 40 + 40 * n) for n in range(12))])
def test_it_only_quotes(source):
    text = write(source)

    assert invented(text, source) == []
    assert quotations(text)
    assert all(quotation in " ".join(source.split()) for quotation in quotations(text))


def test_it_only_quotes_whatever_the_source_is_made_of():
    dice = random.Random(11)
    alphabet = [
        "The",
        "harbour",
        "is",
        "open",
        ".",
        "!",
        "?",
        '"',
        "“",
        "”",
        "3.5",
        "Dr.",
        "\n",
        "> ",
        "# ",
        "é",
        "a.b",
    ]
    for _ in range(300):
        source = " ".join(dice.choice(alphabet) for _ in range(dice.randrange(120)))
        try:
            text = write(source)
        except ProviderError as error:
            assert error.kind == "empty"
            continue
        assert invented(text, source) == []


def test_an_order_is_quoted_fact_by_fact_without_its_address():
    text = write(BRIEF)

    assert "The source gives this as “Topic”: “Composting on a balcony”." in text
    assert quotations(text) == ["Composting on a balcony", "gardening", "compost bin", "a compost bin",
                                "keep it short, mention worms"]  # fmt: skip
    assert "://" not in text


@pytest.mark.parametrize(
    "source", ["", "   \n", "Too short.", "One short line. And another one.", "URL: https://x.example"]
)
def test_too_little_to_quote_is_refused(source):
    with pytest.raises(ProviderError) as caught:
        write(source)

    assert caught.value.kind == "empty" and caught.value.permanent


def test_a_schema_is_refused():
    with pytest.raises(ProviderError) as caught:
        Extract(Endpoint("extract")).complete(
            Prompt("", "x", STORY), model="extract/1", schema={"type": "object"}, deadline=5, max_tokens=99
        )

    assert caught.value.kind == "bad_request"


def test_different_sections_quote_different_passages():
    first, second = write(STORY, "What about the budget?", 40), write(STORY, "Were the swimmers safe inside buoys?", 40)

    assert quotations(first) != quotations(second)


def test_it_keeps_to_the_asked_length():
    assert len(write(prose("long", 900), max_tokens=60).split()) < 80


def test_another_process_writes_the_same_words():
    code = (
        "from tests.aiproviders import test_extract as t; import sys; sys.stdout.reconfigure(encoding='utf-8');"
        "print(t.write(t.STORY), t.write(t.prose('p', 300)), sep='|', end='')"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    }

    assert outputs == {f"{write(STORY)}|{write(prose('p', 300))}"}
