"""report.html and the page of a diff: templates filled with their content."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from mnist_sweeps.report.diff import SweepDiff
from mnist_sweeps.report.load import Report
from mnist_sweeps.report.page import diff_content, library, scripts
from mnist_sweeps.report.page.content import content

HERE = Path(__file__).parent
# Only these scripts and this style run, and nothing is loaded.
POLICY = (
    "default-src 'none'; img-src data:; style-src {style}; script-src {scripts}; base-uri 'none'; form-action 'none'"
)


@dataclass(frozen=True)
class Reload:
    """Of a page that is served while its sweep runs: what it is called, and how often it asks for a newer one."""

    version: str
    seconds: float


def render(report: Report, reload: Reload | None = None) -> str:
    """The page of a report: self-contained, and complete without scripts except for the charts across rows.

    Args:
        report: The report.
        reload: None for a file.
    """
    return _filled("page.html.j2", content(report), reload)


def render_diff(diff: SweepDiff) -> str:
    """The page of a diff, like that of a sweep."""
    return _filled("diff.html.j2", diff_content.content(diff))


def _filled(template: str, shown: dict[str, Any], reload: Reload | None = None) -> str:
    style, own, charts = _file("page.css"), scripts.script(), library.script()
    policy = POLICY.format(style=_hash(style), scripts=" ".join(map(_hash, (charts, own))))
    page: str = (
        _templates()
        .get_template(template)
        .render(
            **shown,
            reload=reload,
            policy=policy,
            style=style,
            scripts=[charts, own],
            data=_json({**shown["charts"], "specs": _specs()}),
        )
    )
    return page


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _file(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def _specs() -> dict[str, Any]:
    """The Vega-Lite specifications of the charts by name."""
    return {
        path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted((HERE / "charts").glob("*.json"))
    }


def _hash(source: str) -> str:
    """The source of a script or style, as a Content-Security-Policy names it."""
    digest = hashlib.sha256(source.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def _json(value: Any) -> str:
    """JSON that can stand inside a script element: `<` is escaped, so that no name can end it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
