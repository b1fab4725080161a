"""The comment behind each field of a dataclass: what a person reads about a key."""

from __future__ import annotations

import ast
import inspect
import textwrap
import tokenize
from io import StringIO


def field_comments(section: type) -> dict[str, str]:
    """The comment at the end of each field's line, by the field's name; fields without a comment are left out."""
    source = textwrap.dedent(inspect.getsource(section))
    tokens = tokenize.generate_tokens(StringIO(source).readline)
    comments = {token.start[0]: token.string.lstrip("# ") for token in tokens if token.type == tokenize.COMMENT}
    (definition,) = ast.parse(source).body
    assert isinstance(definition, ast.ClassDef)
    return {
        node.target.id: comments[node.lineno]
        for node in definition.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.lineno in comments
    }
