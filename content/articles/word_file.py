"""Word files. Imported when one is written: see exporting.py."""

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

if TYPE_CHECKING:
    from content.articles.exporting import Block, Run


def written(title: str, blocks: "Iterable[Block]") -> bytes:
    """A file with these blocks; no author is named."""
    document = Document()
    document.core_properties.title, document.core_properties.author = title, ""
    for block in blocks:
        paragraph = document.add_paragraph(style=block.style)
        for run in block.runs:
            _add(paragraph, run)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _add(paragraph, run: "Run") -> None:
    made = paragraph.add_run(run.text)
    made.bold, made.italic = run.bold or None, run.italic or None
    if run.href:
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), paragraph.part.relate_to(run.href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
        link.append(made._r)
        paragraph._p.append(link)
