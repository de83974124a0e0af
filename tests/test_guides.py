"""The guides: every picture they show is there, every page of the menu is in the guide for admins."""

import re
from pathlib import Path

import pytest

from aspal.core.claims import PROMISE_REACH
from aspal.demo.banner import CASE
from aspal.demo.exports import SAMPLE, read
from aspal.web.menu import MENU

DOCS = Path(__file__).parents[1] / "docs"
GUIDES = sorted(DOCS.glob("*.md"))


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_every_link_and_picture_leads_somewhere(guide: Path) -> None:
    text = guide.read_text("utf-8")
    anchors = {
        re.sub(r"[^\w\s-]", "", heading.strip().lower()).replace(" ", "-")
        for heading in re.findall(r"^#+ (.+)$", text, re.M)
    }
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, anchor = target.partition("#")
        if path.startswith(("http:", "https:", "mailto:")):
            continue
        assert not path or (guide.parent / path).exists(), target
        assert path or anchor in anchors, target


def test_the_readmes_example_is_a_complaint_of_the_demo() -> None:
    numbers = set(re.findall(r"aspal (?:why|show complaint) (\d+)", (DOCS.parent / "README.md").read_text("utf-8")))
    assert numbers == {CASE}
    row = next(row for row in read(SAMPLE / "roster.csv") if row["Tracking ID"] == CASE)
    assert row["Tanggal Disposisi"] == "10/08/2026"  # the day on which the README's story begins


def test_the_guides_name_the_reach_of_a_promise_as_it_is() -> None:
    assert f"Paling jauh {PROMISE_REACH} hari kerja" in (DOCS / "panduan-penghubung.md").read_text("utf-8")
    assert "reaches five" not in (DOCS / "decisions.md").read_text("utf-8")


def test_no_picture_lies_there_unused() -> None:
    shown = "".join(guide.read_text("utf-8") for guide in (*GUIDES, DOCS.parent / "README.md"))
    unused = [path.name for path in (DOCS / "img").rglob("*.png") if path.name not in shown]
    assert unused == []


def test_the_guide_for_admins_speaks_of_every_page() -> None:
    text = (DOCS / "panduan-admin.md").read_text("utf-8")
    labels = {entry.label for _, entries in MENU for entry in entries} - {"Simulator"}
    assert [label for label in sorted(labels) if label not in text] == []


def test_what_the_guide_for_admins_tells_to_press_is_on_a_page() -> None:
    """What stands in bold is a page, a button or a heading, in the words that it has there."""
    web = DOCS.parent / "aspal"
    sources = (*web.rglob("*.html"), *web.rglob("*.py"))
    pages = " ".join(" ".join(path.read_text("utf-8") for path in sources).split()).lower()
    bold = re.findall(r"\*\*(.+?)\*\*", (DOCS / "panduan-admin.md").read_text("utf-8"))
    assert len(bold) > 40
    assert [words for phrase in bold for words in phrase.split(" → ") if words.lower() not in pages] == []
