"""A page as a reader sees it, as plain text, taken apart into what an editor types.

Blocks are separated by blank lines: links elsewhere, the search prompt, "Section: descriptor", the
headline, the picture (alternative text, then caption with "Image Credit: ..."), the story with its
subheads, "Written By", the biography. A block of the story without a full stop at its end is a
subhead.
"""

import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class PrintedPage:
    social: str
    search_prompt: str
    section: str
    descriptor: str
    headline: str
    alt: str
    caption: str
    credit: str
    blocks: tuple[str, ...]
    author: str
    title: str
    biography: str

    @property
    def subheads(self) -> list[str]:
        return [block for block in self.blocks if is_subhead(block)]

    @property
    def paragraphs(self) -> list[str]:
        return [block for block in self.blocks if not is_subhead(block)]

    @property
    def standfirst(self) -> str:
        """The page has none; its first sentence serves."""
        return re.split(r"(?<=[.!?]) ", self.paragraphs[0])[0]


def is_subhead(block: str) -> bool:
    return not re.search(r"[.!?…][”\"’']?$", block)


def read(path: Path) -> PrintedPage:
    """The page in that file; ValueError when it has another shape."""
    blocks = [block.strip() for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8"))]
    social, prompt, section, headline, picture, *story = [block for block in blocks if block]
    name, _, descriptor = section.partition(": ")
    alt, _, legend = picture.partition("\n")
    caption, _, credit = legend.partition(" Image Credit: ")
    written_by = [block.casefold() for block in story].index("written by")
    biography = "\n\n".join(story[written_by + 1 :])
    author, _, rest = biography.partition(" is ")
    if not all((descriptor, caption, credit, author, rest)):
        message = f"{path} is not a page as printed_page.py describes it."
        raise ValueError(message)
    return PrintedPage(
        social=social,
        search_prompt=prompt,
        section=name,
        descriptor=descriptor,
        headline=headline,
        alt=alt,
        caption=caption,
        credit=credit.rstrip("."),
        blocks=tuple(story[:written_by]),
        author=author,
        title=rest.split(". ")[0].rstrip("."),
        biography=biography,
    )


def words(text: str) -> str:
    """The text without what type setting changes: kinds of quotes and dashes, runs of space."""
    text = re.sub("[“”]", '"', re.sub("[‘’]", "'", text))
    return re.sub(r"\s+", " ", re.sub("[–—]|--", "-", text)).strip()
