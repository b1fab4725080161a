"""Sweep files as bytes: valid ones, valid ones edited in a place or two, and YAML's darker corners."""

from typing import Any

import yaml
from hypothesis import strategies as st
from tests.fuzz.odd_values import edited

SETTINGS: dict[str, list[Any]] = {
    "model": ["softmax", "mlp_small", "cnn_small", {"hidden": [8], "dropout": 0.1}, {"conv": {"filters": [4]}}],
    "model.hidden": [[8], [8, 4], []],
    "model.dropout": [0.1, [0.1, 0.2], 0],
    "model.conv.filters": [[4], []],
    "model.activation": ["relu", {"name": "leaky_relu", "negative_slope": 0.1}],
    "optimizer": ["sgd", "adam", {"name": "sgd", "learning_rate": 0.1}],
    "optimizer.learning_rate": [0.1, 0.01, {"name": "cosine_decay", "initial_learning_rate": 0.1, "decay_steps": 9}],
    "initializer": ["he_normal", "zeros"],
    "preprocessing": ["scaled", "pca"],
    "training.epochs": [1, 3],
    "training.batch_size": [32],
    "training.early_stopping.patience": [2, None],
    "training": ["epochs_20", {"epochs": 2, "early_stopping": {"patience": 1}}],
    "data.folds": [2, None],
    "data.validation": ["none", "test", 0.1, 50],
    "data": ["mnist5k", {"train_size": 250}],
    "seeds": [1, 2, [3], [0, 2]],
    "threads": [1],
    "backend": ["jax"],
    "workers": [2, "auto"],
    "keep_models": ["none"],
}
SPACE = ["choice(1, 2)", "range(1, 9)", "interval(0.1, 1)", "int(interval(1, 9))", "tag(log, interval(1e-4, 1))"]
CORNERS = [
    "# @package _global_\n", "defaults:\n  - override /model: softmax\n", "defaults: [sweep]\n",
    "defaults: [nothing]\n", "- a list\n", "\ttabs: 1\n", "a: &a [*a]\n", "x: &x {y: *x}\n",
    "common: &c {seeds: 1}\nvariants: {a: *c, b: {<<: *c}}\n", "seeds: 1\nseeds: 2\n", "variants: {a: {}, a: {}}\n",
    "common: {seeds: 1, seeds: 2}\n", "--- 1\n--- 2\n", "%YAML 9.9\n---\n", "%TAG ! !\n", "? [a, b]\n: 1\n",
    "? {a: b}\n: 1\n", "!!python/object/apply:os.mkdir ['../trap']\n",
    "question: !!python/object/apply:os.mkdir ['../trap']\n", "question: !unknown x\n", "question: !!binary AAAA\n",
    "question: !!set {a, b}\n", "question: !!omap [a: 1]\n", "question: !!int x\n", "question: 2026-99-99\n",
    "common: !!float x\n", "question: |\n  several\n  lines\n", "common: {<<: 1}\n", "common: {<<: [1]}\n",
    "common: {=: 1}\n", "...\n", "~\n", "\x00", "question: \"\\ud800\"\n", "question: \"\\x00\"\n", "[" * 300,
    "{a: " * 300, "a: " + "[" * 3000, "- " * 3000, "&a " * 50,
]  # fmt: skip


def chosen(key: str) -> st.SearchStrategy[Any]:
    return st.sampled_from(SETTINGS[key])


@st.composite
def settings_of(draw: st.DrawFn, most: int = 3) -> dict[str, Any]:
    picked = draw(st.lists(st.sampled_from(sorted(SETTINGS)), max_size=most, unique=True))
    return {key: draw(chosen(key)) for key in picked}


@st.composite
def contents(draw: st.DrawFn) -> dict[str, Any]:
    """A sweep file of each kind: variants, a grid, both, a search; most of them can be trained."""
    content: dict[str, Any] = {"question": "Which?", "common": draw(settings_of())}
    kind = draw(st.sampled_from(["variants", "variants", "grid", "both", "search"]))
    names = draw(
        st.lists(st.sampled_from(["plain", "a", "b, c", "Ä/ö", "x" * 100, "A"]), min_size=1, max_size=3, unique=True)
    )
    if kind in ("variants", "both"):
        content["variants"] = {name: draw(settings_of(2)) for name in names}
        content["baseline"] = names[0]
        if draw(st.booleans()):
            content["compare"] = {names[-1]: names[0]}
            content["reference"] = {"columns": ["test_accuracy"], names[-1]: [0.98]}
            content["claims"] = [
                {"row": names[-1], "is": "lower", "says": "it is lower", "against": names[0]},
                {"row": names[0], "is": "at least", "value": 0.9, "says": "it learns"},
            ]
    if kind in ("grid", "both"):
        picked = draw(st.lists(st.sampled_from(sorted(SETTINGS)), min_size=1, max_size=2, unique=True))
        content["grid"] = {key: draw(st.lists(chosen(key), min_size=1, max_size=2)) for key in picked}
    if kind == "search":
        space = {key: draw(st.sampled_from(SPACE)) for key in ("optimizer.learning_rate", "model.hidden.0")}
        content["search"] = {"trials": 2, "sampler": "random", "space": space, "winner": {"training.epochs": 2}}
    content["margin"] = draw(st.sampled_from([0.2, 1]))
    return content


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """A sweep file, as bytes."""
    content = draw(st.one_of(contents(), contents().flatmap(edited), contents().flatmap(edited)))
    text = yaml.dump(content, allow_unicode=True, sort_keys=False)
    corner = draw(st.sampled_from([None] * 3 + CORNERS))
    if corner is not None:
        text = draw(st.sampled_from([corner, corner + text, text + corner]))
    written = text.encode("utf-8", "surrogatepass")
    match draw(st.sampled_from(["as it is"] * 6 + ["cut", "byte", "utf-16", "latin-1", "bom", "crlf"])):
        case "cut":
            written = written[: draw(st.integers(0, len(written)))]
        case "byte":
            place = draw(st.integers(0, len(written)))
            written = written[:place] + bytes([draw(st.integers(0, 255))]) + written[place + 1 :]
        case "utf-16":
            written = text.encode("utf-16", "surrogatepass")
        case "latin-1":
            written = text.encode("latin-1", "replace")
        case "bom":
            written = b"\xef\xbb\xbf" + written
        case "crlf":
            written = written.replace(b"\n", b"\r\n")
    return written
