import html
import re

import markdown as python_markdown
import pytest
from markdown_it import MarkdownIt

from reports.markdown import code, escape, prose, table

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "[x](javascript:1)",
    "![x](http://a.example/x.png)",
    "a|b||c",
    "`x` and ``y``",
    "*bold* and **more** and _under_ but snake_case",
    "__proto__ and ___x___",
    "0.5 is not item 0.",
    "12.",
    "~~gone~~ $math$ a@b.example",
    "http://a.example and www.a.example",
    "&lt;already&gt; &amp; &#64;",
    "# heading",
    "- item",
    "+ item",
    "12. item",
    "1) item",
    "back\\slash \\* \\|",
    "{{7*7}} ${7*7} {% raw %}",
    "[95.1 %, 96.0 %]",
    "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{PERSONAL COMPUTER}",
]


def by_markdown_it(source):
    return MarkdownIt("commonmark", {"html": True}).enable("table").render(source)


def by_python_markdown(source):
    return python_markdown.markdown(source, extensions=["tables"])


RENDERERS = [by_markdown_it, by_python_markdown]


def cells(page):
    """Return the text of every body cell, and the tags in them."""
    inner = re.findall(r"<td>(.*?)</td>", page, re.DOTALL)
    tags = {tag for cell in inner for tag in re.findall(r"<(\w+)", cell)}
    return [html.unescape(cell) for cell in inner], tags


@pytest.mark.parametrize("render", RENDERERS)
def test_a_cell_shows_the_text_itself_in_two_engines(render):
    page = render(table(["text"], [[escape(text)] for text in HOSTILE]))
    texts, tags = cells(page)
    assert texts == HOSTILE
    assert not tags


@pytest.mark.parametrize("render", RENDERERS)
@pytest.mark.parametrize("text", HOSTILE)
def test_a_paragraph_shows_the_text_itself_in_two_engines(render, text):
    assert html.unescape(render(escape(text)).strip()) == f"<p>{text}</p>"


def test_text_stays_on_one_line():
    assert escape("a\r\n\n| b\n# c") == "a &#124; b # c"


@pytest.mark.parametrize("render", RENDERERS)
def test_only_our_own_commands_become_code(render):
    page = render(prose("Not run. `ablations run x_1 --seeds 3` runs it, `x` <b>."))
    assert "<code>ablations run x_1 --seeds 3</code> runs it, `x` &lt;b" in page


def test_code_holds_backticks():
    assert code("a `b`") == "`` a `b` ``"
