"""axe-core in the browser that is there: what a page does wrong for those who cannot see it, or use no mouse."""

from pathlib import Path
from typing import Any

import axe_playwright_python

_SCRIPT = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
_ALL = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


OF_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}  # all that colours can break


def violations(page: Any, rules: dict[str, Any] = _ALL) -> list[str]:
    """One line for each rule that the open page breaks, with the first places where; none is what is wanted."""
    page.evaluate(f"() => {{ if (window.axe) return; {_SCRIPT}\n window.axe = window.axe || axe; }}")
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    found = page.evaluate("options => axe.run(document, options).then(r => r.violations)", options)
    return [f"{one['id']}: {one['help']} {[node['html'][:160] for node in one['nodes'][:3]]}" for one in found]
