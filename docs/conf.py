"""How the handbook of the Python package is built: `cargo xtask test handbook`."""

import re
from importlib.metadata import version as version_of

project = "mailproto"
author = "the mailproto contributors"
version = release = version_of("mailproto")

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
]
exclude_patterns = ["README.md"]
# Docstrings name things in single backquotes.
default_role = "code"

myst_enable_extensions = ["colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 3

# Both protocols have an `Event`; in a signature it is the one of its own module.
suppress_warnings = ["ref.python"]

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_default_options = {"show-inheritance": True}
autodoc_preserve_defaults = True
html_theme = "furo"
html_title = "mailproto"

ARGUMENT = re.compile(r"(?P<names>[a-z_]+(, [a-z_]+)*): (?P<text>.*)")


def make_markup(app, what, name, obj, options, lines):
    """Docstrings are written to be read at a prompt: what layout says there, markup says here."""
    lines[:] = mark_arguments(mark_code(lines))


def mark_code(lines):
    """An indented paragraph is code."""
    marked = []
    for line in lines:
        said = next((text for text in reversed(marked) if text), "")
        if line.startswith("    ") and marked and not marked[-1] and not said.startswith(" "):
            if said.endswith(":"):
                marked[marked.index(said, -3)] += ":"
            else:
                marked += ["::", ""]
        marked.append(line)
    return marked


def mark_arguments(lines):
    """A paragraph of `argument: what it is` is a list of fields."""
    marked, within = [], False
    for line in lines:
        argument = ARGUMENT.fullmatch(line)
        if argument and (within or not marked or not marked[-1]):
            marked.append(f":{argument['names']}: {argument['text']}")
            within = True
        else:
            within = within and line.startswith(" ")
            marked.append(line)
    return marked


def setup(app):
    app.connect("autodoc-process-docstring", make_markup)
