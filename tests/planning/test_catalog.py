"""What there is to choose, read from the files."""

from pathlib import Path

import pytest

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.planning import catalog, conf_paths
from mnist_sweeps.planning.catalog import GROUPS, Option, SweepEntry

SWEEP = """\
# mnist-sweeps sweep=mine
# 2 cores: 1.5 min
question: Which?
variants: {a: {}, b: {}, c: {}}
grid: {optimizer: [sgd, adam], training.epochs: [1, 2]}
"""


def written(folder: Path, group: str, name: str, content: str) -> None:
    (folder / group).mkdir(parents=True, exist_ok=True)
    (folder / group / f"{name}.yaml").write_text(content)


def test_an_option_says_what_it_is_in_its_first_comment(tmp_path: Path) -> None:
    written(tmp_path, "size", "b", "# @package _global_\n# Anything, in seconds.\nseeds: 1\n")
    written(tmp_path, "size", "a", "seeds: 1\n")
    assert catalog.options([tmp_path], "size") == [Option("a", ""), Option("b", "Anything, in seconds.")]


def test_a_sweep_is_listed_with_its_question_rows_and_minutes(tmp_path: Path) -> None:
    written(tmp_path, "sweep", "mine", SWEEP)
    assert catalog.sweeps([tmp_path]) == [SweepEntry("mine", "Which?", 12, "1.5 min")]


def test_a_search_has_a_row_for_each_trial_and_the_winner(tmp_path: Path) -> None:
    written(tmp_path, "sweep", "mine", "search: {trials: 35, winner: {}}\n")
    written(tmp_path, "sweep", "plain", "search: {trials: 35}\n")
    assert [sweep.rows for sweep in catalog.sweeps([tmp_path])] == [36, 35]


def test_a_sweep_without_time_or_variants_is_listed_too(tmp_path: Path) -> None:
    written(tmp_path, "sweep", "mine", "grid: {optimizer: [sgd, adam]}\n")
    assert catalog.sweeps([tmp_path]) == [SweepEntry("mine", "", 2, None)]


def test_options_of_several_folders_stand_in_one_order(tmp_path: Path) -> None:
    written(tmp_path / "one", "model", "b", "")
    written(tmp_path / "two", "model", "a", "")
    found = catalog.options([tmp_path / "one", tmp_path / "two"], "model")
    assert [option.name for option in found] == ["a", "b"]


def test_a_file_that_is_no_yaml_is_named_in_one_line(tmp_path: Path) -> None:
    written(tmp_path, "sweep", "broken", "variants: [a\n")
    with pytest.raises(ConfigError, match=r"broken.yaml: not valid YAML") as refused:
        catalog.sweeps([tmp_path])
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_utf8_is_named_in_one_line(tmp_path: Path) -> None:
    for group in ("sweep", "model"):
        (tmp_path / group).mkdir()
        (tmp_path / group / "latin.yaml").write_bytes("question: café\n".encode("latin-1"))
    for read in (lambda: catalog.sweeps([tmp_path]), lambda: catalog.options([tmp_path], "model")):
        with pytest.raises(ConfigError, match=r"^/.*/latin.yaml: not UTF-8 \(.* at byte 13\); save it in UTF-8$"):
            read()


@pytest.mark.parametrize(
    "content",
    ["[1, 2]", "text", "grid: 3", "variants: 3", "search: {trials: few}", "- " * 3000, "search: {trials: .inf}"],
)
def test_a_file_that_is_no_sweep_is_named_in_one_line(tmp_path: Path, content: str) -> None:
    written(tmp_path, "sweep", "odd", content)
    with pytest.raises(ConfigError, match=r"odd.yaml: not a sweep; `mnist-sweeps check sweep=odd` says why"):
        catalog.sweeps([tmp_path])


def test_every_shipped_option_says_what_it_is() -> None:
    for group in GROUPS:
        options = catalog.options([conf_paths.shipped()], group)
        assert options
        assert all(option.about for option in options), group


def test_every_shipped_sweep_says_what_it_asks_and_how_long_it_takes() -> None:
    for sweep in catalog.sweeps([conf_paths.shipped()]):
        assert sweep.question.endswith("?"), sweep.name
        assert sweep.minutes, sweep.name
        first = (conf_paths.shipped() / "sweep" / f"{sweep.name}.yaml").read_text().splitlines()[0]
        assert first == f"# mnist-sweeps sweep={sweep.name}"
