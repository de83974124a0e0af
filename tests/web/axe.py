"""axe-core in the browser that is there: what a page does wrong for those who cannot see it, or use no mouse."""

from pathlib import Path
from typing import Any

import axe_playwright_python

_SCRIPT = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Any) -> list[str]:
    """One line for each rule that the open page breaks, with the first places where; none is what is wanted."""
    page.evaluate(f"() => {{ {_SCRIPT}\n window.axe = window.axe || axe; }}")
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}}).then(r => r.violations)", _RULES
    )
    return [f"{one['id']}: {one['help']} {[node['html'][:160] for node in one['nodes'][:3]]}" for one in found]
