"""Values that nobody should write, and valid trees of values with one of these somewhere."""

import datetime
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

ODD_TEXT = [
    "", " ", "x" * 5000, "\x00", "\x1b[31m", "a\nb", "a\r\nb", "\t", "é" * 90, "数字", "🙂", "\u202ereversed", "\ufeff",
    "..", "../..", "/", "/etc/passwd", "a/b", "~", "con", ".hidden", "-x", "*", "%s", "{}", "'", '"', "\\", "`id`",
    "$HOME", "${seeds}", "${training.epochs}", "${oc.env:HOME}", "${oc.env:NO_SUCH_VARIABLE}", "${unknown:1}", "${",
    "\\${seeds}", "${model}", "${sweep}", "???", "null", "None", "nan", "yes", "1e3", "0x10", "1_000", "-0",
    "choice(1,2)", "range(1,3)", "interval(0,1)", "glob(*)", "a,b", "[1", "{a:1", "key=value", "name", "_target_",
    "auto", "figures", "export",
]  # fmt: skip
ODD_NUMBERS = [
    0, -1, 1, 3, 2**31, 2**63, 10**30, 10**400, -(10**30), 0.0, -0.0, 0.5, 1.0, -0.1, 1e-320, 1e308, float("inf"),
    float("-inf"), float("nan"),
]  # fmt: skip


def nested(depth: int, kind: str) -> Any:
    """`[[[...]]]` or `{a: {a: ...}}`."""
    value: Any = 1
    for _ in range(depth):
        value = [value] if kind == "list" else {"a": value}
    return value


scalars = st.one_of(
    st.sampled_from([None, True, False, *ODD_NUMBERS, *ODD_TEXT]),
    st.sampled_from([datetime.date(2026, 11, 30), datetime.datetime(2026, 11, 30, 1, 2), b"\x00\xff"]),
    st.integers(-5, 200),
    st.floats(),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
)
keys = st.one_of(
    st.sampled_from(ODD_TEXT), st.sampled_from([None, True, 0, -1, 1.5, float("nan")]), st.text(max_size=5)
)
values = st.one_of(
    scalars,
    st.lists(scalars, max_size=3),
    st.dictionaries(st.sampled_from(["name", "a", "learning_rate", *ODD_TEXT]), scalars, max_size=3),
    st.builds(nested, st.sampled_from([1, 3, 60]), st.sampled_from(["list", "dict"])),
)  # fmt: skip


@st.composite
def edited(draw: st.DrawFn, tree: Any, replacements: st.SearchStrategy[Any] = values) -> Any:
    """`tree` with up to three of its entries replaced, renamed, removed, copied elsewhere, or joined by others."""
    tree = deepcopy(tree)
    for _ in range(draw(st.integers(0, 3))):
        containers = [node for node in nodes(tree) if isinstance(node, (dict, list)) and node]
        if not containers:
            return draw(replacements)
        node = draw(st.sampled_from(range(len(containers))).map(containers.__getitem__))
        places = list(node) if isinstance(node, dict) else list(range(len(node)))
        place = draw(st.sampled_from(range(len(places))).map(places.__getitem__))
        match draw(st.sampled_from(["replace", "replace", "rename", "remove", "add", "copy"])):
            case "replace":
                node[place] = draw(replacements)
            case "rename" if isinstance(node, dict):
                node[draw(keys)] = node.pop(place)
            case "remove":
                del node[place]
            case "add" if isinstance(node, dict):
                node[draw(keys)] = draw(replacements)
            case "copy":
                node[place] = deepcopy(draw(st.sampled_from(range(len(containers))).map(containers.__getitem__)))
            case _:
                node[place] = draw(replacements)
    return tree


def nodes(tree: Any) -> list[Any]:
    """The tree and every value below it, by depth first."""
    below = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ()
    return [tree, *(node for value in below for node in nodes(value))]
