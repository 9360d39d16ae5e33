"""Make pages that stand alone: templates that escape, one stylesheet, one policy.

A page asks for nothing from outside; its content policy forbids everything but the
stylesheet, and the script if there is one, that it carries.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import importlib.resources
import re
from collections.abc import Iterable, Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from reports import markdown
from reports.drawing.palette import DARK, dark_rules
from reports.drawing.picture import Picture

TEMPLATES = importlib.resources.files("reports") / "templates"
PERCENT = re.compile(r"(?<=\d) (?=%)")
"""The blank that a line must not end at."""


@functools.cache
def environment() -> Environment:
    """Return the environment of the templates; every text is escaped.

    Markdown and Python have no common escaping: their templates call a filter (such as
    `md` or `literal`) for every text.
    """
    made = Environment(
        autoescape=select_autoescape(
            disabled_extensions=("md.j2", "py.j2"),
            default=True,
            default_for_string=True,
        ),
        loader=PackageLoader("reports"),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.filters |= {
        "md": markdown.escape,
        "md_code": markdown.code,
        "md_inline": markdown.escape_inline,
        "md_prose": markdown.prose,
        "commands": markdown.split_commands,
        "unbroken": unbroken,
    }
    return made


def unbroken(text: str) -> str:
    """Return text in which no line ends between a number and its percent sign."""
    return PERCENT.sub("\N{NO-BREAK SPACE}", text)


def stylesheet(script: str = "", *, more: Sequence[str] = ()) -> tuple[Markup, str]:
    """Return the style of every page, and the content policy that allows only it.

    Args:
        script: The one script that the page may run.
        more: Names of templates with further rules.
    """
    css = joined("report.css", *more)
    colors = "\n".join(f"  {rule}" for rule in dark_rules(DARK).splitlines())
    css = f"{css}\n@media screen and (prefers-color-scheme: dark) {{\n{colors}\n}}\n"
    scripts = f" script-src '{_digest(script)}';" if script else ""
    policy = (
        f"default-src 'none'; style-src '{_digest(css)}';{scripts} img-src data:;"
        " base-uri 'none'; form-action 'none'"
    )
    # It was made here: files of this package and our colors.
    return Markup(css), policy  # noqa: S704


def joined(*names: str) -> str:
    """Return the text of these files of the package, one after the other."""
    return "\n".join(TEMPLATES.joinpath(n).read_text(encoding="utf-8") for n in names)


def drawings(pictures: Iterable[Picture]) -> dict[str, Markup]:
    """Return every drawing as what it is, our own SVG, so that it is not escaped."""
    return {picture.svg: Markup(picture.svg) for picture in pictures}  # noqa: S704


def _digest(text: str) -> str:
    """Return the name by which a content policy allows a text."""
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"sha256-{digest}"
