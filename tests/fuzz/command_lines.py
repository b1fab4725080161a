"""Words after `mnist-sweeps`: commands, overrides and flags, valid and not."""

from typing import Any

from hypothesis import strategies as st
from tests.fuzz.odd_values import ODD_TEXT, values
from tests.fuzz.sweep_files import SETTINGS, chosen

from mnist_sweeps.config.sweep_spec import text
from mnist_sweeps.planning.override_values import quoted

# What cannot be an argument of a process, and a byte that is no UTF-8 as Python hands it over.
TEXT = [*(word for word in ODD_TEXT if "\x00" not in word), "\udcff"]
KEYS = [
    *SETTINGS, "sweep", "size", "fresh", "overwrite", "trials", "sweep.question", "sweep.margin",
    "sweep.variants.plain", "sweep.variants", "sweep.grid", "sweep.claims", "sweep.search.trials", "sweep.baseline",
    "sweep.compare", "model.conv", "optimizer.name", "data.name", "data.path", "data.train_size", "training.floor",
    "hydra.verbose", "hydra.job.name", "hydra.launcher.workers", "hydra.mode", "hydra/job_logging", "device", "engine",
    "", "model..hidden", "x@y", "model@x",
]  # fmt: skip
OPTIONS = {
    "sweep": ["mine", "folds", "quickstart", "nothing"],
    "size": ["smoke", "full"],
    "fresh": [True],
    "overwrite": [True],
}
FLAGS = [
    "--help", "-h", "--version", "--hydra-help", "--cfg", "job", "all", "--info", "defaults", "--resolve", "--package",
    "model", "--multirun", "-m", "--run", "-q", "--verbose", "--shell-completion", "query=bash", "-sc", "install=bash",
    "--config-dir", "--config-name", "mine", "conf", "--config-path", "--unknown", "-x", "--", "-",
]  # fmt: skip
FOLDERS = ["outputs/mine", "outputs/folds", "outputs", "conf", "nowhere", "conf/sweep/mine.yaml", *TEXT]
ARGUMENTS = {
    "check": ["sweep=mine"],  # without an override it plans every sweep there is: 10 s
    "report": ["--draw", "--pair", "4,9", "4,4", "--by", "true", "predicted", "--fail-if-worse", "0.1", "nan"],
    "export": [], "list": [], "status": [], "lst": [],
}  # fmt: skip

without_nulls = values.filter(lambda value: "\\x00" not in repr(value))


@st.composite
def overrides(draw: st.DrawFn) -> str:
    key = draw(st.one_of(st.sampled_from(sorted(SETTINGS)), st.sampled_from(KEYS), st.sampled_from(TEXT)))
    known: st.SearchStrategy[Any] = chosen(key) if key in SETTINGS else st.sampled_from(OPTIONS.get(key, [None]))
    entries = draw(st.lists(st.one_of(known, known, without_nulls), min_size=1, max_size=2))
    write = draw(st.sampled_from([quoted, text, str]))
    prefix = draw(st.sampled_from([""] * 6 + ["+", "++", "~"]))
    return prefix + key + draw(st.sampled_from(["="] * 9 + ["", " = "])) + ",".join(map(_written(write), entries))


def _written(write: Any) -> Any:
    def safe(value: Any) -> str:
        try:
            return str(write(value))
        except TypeError:  # a mapping with keys that our own writers never meet
            return repr(value)

    return safe


@st.composite
def lines(draw: st.DrawFn) -> list[str]:
    """A whole command line."""
    word = st.one_of(overrides(), overrides(), overrides(), st.sampled_from(FLAGS), st.sampled_from(TEXT))
    if draw(st.integers(0, 3)):
        return draw(st.lists(word, max_size=4))
    command = draw(st.sampled_from(sorted(ARGUMENTS)))
    first = ["sweep=mine"] if command == "check" else []
    own = st.sampled_from([*ARGUMENTS[command], "-q", "--help"])
    return [
        command,
        *first,
        *draw(st.lists(st.one_of(st.sampled_from(FOLDERS), st.sampled_from(FOLDERS[:2]), own, word), max_size=4)),
    ]
