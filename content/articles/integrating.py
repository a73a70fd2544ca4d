"""Weaves an ordered link into an article that is there already, and changes nothing else."""

from dataclasses import dataclass
from itertools import count

from aiproviders import services as aiproviders
from content.articles import prompts
from content.articles.asking import answer
from content.articles.brief import Brief
from content.articles.document import escaped, linked
from content.articles.draft import Draft
from content.articles.improving import UNUSABLE, Try, improve
from content.articles.linking import find, invitation
from content.articles.markup import plain_paragraphs
from content.articles.quality.check import check_integration
from content.articles.quality.parsed import Block, ParsedArticle
from content.articles.texts import Text
from queues.errors import Fail
from queues.running import RunningJob

SENTENCE_WORDS = 60
SCHEMA = {
    "type": "object",
    "properties": {
        "paragraph": {"type": "integer", "description": "The number of the paragraph."},
        "sentence": {"type": "string", "description": "The sentence that is added at its end."},
    },
    "required": ["paragraph", "sentence"],
    "additionalProperties": False,
}


def integrate_link(text: Text, brief: Brief, notes: str, *, job: RunningJob) -> Draft:
    """`text` with the ordered link in one paragraph: around the anchor's words if they stand there, else in a sentence
    that a model writes. If none writes a fitting one it is a standard sentence, which the check reports.

    Raises Fail("no_place") for a text without a paragraph, ProviderError, and what the job's checkpoints raise.
    """
    job.progress(0, 4, "preparing")
    weaver = _Weaver(text, brief, notes, job)
    check = lambda draft: check_integration(draft, brief, base=text.markdown)  # noqa: E731
    if not notes.strip() and (ready := weaver.around_words_that_are_there()):
        return improve(lambda _: ready, check, model=brief.model, job=job, parts=1)
    if aiproviders.first_choice(model=brief.model).is_demo:
        job.log("No language model that can do this is configured: a standard sentence has the link", level="warning")
        return improve(lambda _: weaver.with_standard_sentence(), check, model=brief.model, job=job, parts=1)
    try:
        draft = improve(weaver.with_sentence_of_model, check, model=brief.model, job=job, parts=1)
    except Fail as error:
        if error.kind != UNUSABLE:
            raise
        return weaver.with_standard_sentence()
    return weaver.with_standard_sentence() if check(draft).blocking else draft


@dataclass
class _Weaver:
    text: Text
    brief: Brief
    notes: str
    job: RunningJob

    def __post_init__(self) -> None:
        self.blocks = ParsedArticle(self.text.markdown).source_blocks
        parsed = ((number, ParsedArticle(source).blocks) for number, source in enumerate(self.blocks))
        paragraphs = [(number, found[0]) for number, found in parsed if len(found) == 1 and not found[0].level]
        # Neither in the first nor in the last paragraph, where there are others.
        self.places: dict[int, Block] = dict(paragraphs[1:-1] or paragraphs)
        if not self.places:
            raise Fail("The article has no paragraph that could take a link.", kind="no_place")

    def around_words_that_are_there(self) -> Draft | None:
        for number, block in self.places.items():
            found = find(self.brief.anchor, block.text)
            if found and not block.links and self.blocks[number] == escaped(block.text):
                return self._draft(number, linked(block.text, [(*found.span(), self.brief.target_url)]))
        return None

    def with_sentence_of_model(self, attempt: Try) -> Draft:
        self.job.progress(1 if attempt.number == 1 else 2, 4, "generating")
        numbered = [(number, block.text) for number, block in zip(count(1), self.places.values())]
        prompt = prompts.integration_prompt(self.brief, numbered, self.notes, complaints=attempt.complaints)
        given = self.job.step(
            attempt.step(f"link into {self.text.fingerprint}"),
            lambda: answer(prompt, words=SENTENCE_WORDS, attempt=attempt, job=self.job, schema=SCHEMA),
        )
        chosen = given["data"]["paragraph"]
        number = list(self.places)[chosen - 1 if 1 <= chosen <= len(numbered) else len(numbered) // 2]
        sentence = " ".join(plain_paragraphs(given["data"]["sentence"]))
        return self._draft(number, self._added(number, sentence), given["provider"], given["model"])

    def with_standard_sentence(self) -> Draft:
        number = list(self.places)[len(self.places) // 2]
        return self._draft(number, self._added(number, invitation(self.brief, 0)))

    def _added(self, number: int, sentence: str) -> str:
        found = find(self.brief.anchor, sentence)
        link = [(*found.span(), self.brief.target_url)] if found else []
        return f"{self.blocks[number]} {linked(sentence, link)}"

    def _draft(self, number: int, block: str, provider: str = "", model: str = "") -> Draft:
        markdown = "\n\n".join([*self.blocks[:number], block, *self.blocks[number + 1 :]]) + "\n"
        text = self.text
        return Draft(text.title, markdown, provider, model, text.generator, text.is_demo, prompts.VERSION)
