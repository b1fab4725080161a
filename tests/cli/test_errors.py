"""What a person reads who typed something wrong: one line, exit code 2, and nothing left behind."""

import json
import signal
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from mnist_sweeps.cli import main
from mnist_sweeps.config.schema import Config, restore
from mnist_sweeps.sweeps import driver, dry_run
from mnist_sweeps.sweeps.dry_run import Built

Typed = Callable[..., tuple[int, str]]


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Typed]:
    """Types a command in an empty folder: its exit code, and what it says on standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HYDRA_FULL_ERROR", "0")  # the command sets it
    monkeypatch.setattr(driver, "dry_run", built_in_this_process)
    on_end = signal.getsignal(signal.SIGTERM)

    def command(*words: str) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["mnist-sweeps", *words])
        return main.cli(), capsys.readouterr().err

    yield command
    signal.signal(signal.SIGTERM, on_end)


def built_in_this_process(configs: list[Config]) -> list[Built]:
    """A dry run spared the seconds of its child process; test_dryrun has the child."""
    build = dry_run._builder()
    return [build(restore(json.loads(json.dumps(asdict(config))))) for config in configs]


WRONG = {
    "wrong key": (["modle=mlp"], ["modle=mlp", "did you mean model?", "optimizer"]),
    "wrong key in a group": (["model.hiden=[64]"], ["model.hiden=[64]", "did you mean hidden?", "dropout"]),
    "wrong key, appended": (["+model.hiden=3"], ["model.hiden", "did you mean hidden?"]),
    "wrong key, forced": (["++epochs=3"], ["epochs", "no such key", "training"]),
    "a key without its group": (["epochs=3"], ["epochs=3: there is no such key; did you mean training.epochs?"]),
    "a keyword without its group": (["learning_rate=3"], ["learning_rate=3", "did you mean optimizer.learning_rate?"]),
    "a key of a sweep": (["baseline=a"], ["baseline=a: there is no such key; did you mean sweep.baseline?"]),
    "wrong type": (["training.epochs=many"], ["training.epochs=many", "whole number"]),
    "wrong type, half": (["training.batch_size=1.5"], ["training.batch_size=1.5", "whole number"]),
    "wrong type, a boolean": (["training.epochs=true"], ["training.epochs=True", "whole number"]),
    "wrong type, no list": (["model.hidden=64"], ["model.hidden=64", "expected a list"]),
    "wrong type in a list": (["model.hidden=[64,wide]"], ["model.hidden[1]=wide", "whole number"]),
    "wrong type, no boolean": (["model.batch_norm=7"], ["model.batch_norm=7", "true or false"]),
    "wrong type, no settings": (["model.conv=3"], ["model.conv=3", "expected settings"]),
    "wrong type of a flag": (["overwrite=perhaps"], ["overwrite=perhaps", "true or false"]),
    "wrong type of a keyword": (["optimizer=sgd", "optimizer.nesterov=7"], ["optimizer.nesterov=7", "true or false"]),
    "no rate": (["optimizer.learning_rate=fast"], ["optimizer.learning_rate=fast", "above 0"]),
    "rate of zero": (["optimizer.learning_rate=0"], ["optimizer.learning_rate=0", "above 0"]),
    "unknown optimizer": (["optimizer=adm"], ["optimizer=adm", "did you mean adam?", "momentum"]),
    "unknown optimizer of Keras": (["optimizer.name=adm"], ["optimizer.name=adm", "did you mean adam?", "rmsprop"]),
    "unknown keyword": (["optimizer.momentum=0.9"], ["optimizer.momentum=0.9", "adam", "beta_1"]),
    "unknown initializer": (["initializer.name=he_norml"], ["initializer.name=he_norml", "did you mean he_normal?"]),
    "unknown activation": (["model.activation=rleu"], ["model.activation=rleu", "did you mean relu?"]),
    "unknown preprocessing": (["preprocessing.name=pac"], ["preprocessing.name=pac", "pca"]),
    "list too short": (["model.dropout=[0.1]"], ["model.dropout=[0.1]", "1 entries for 2 hidden layers"]),
    "list too long": (["model=cnn_3", "model.conv.kernel_size=[3,3,3,3]"], ["kernel_size=[3, 3, 3, 3]", "4"]),
    "list of initial spreads": (
        ["initializer=random_normal", "initializer.stddev=[0.1]"],
        ["initializer.stddev=[0.1]", "1 entries for 2 layers"],
    ),
    "dropout": (["model.dropout=1.2"], ["model.dropout=1.2", "at least 0 and below 1"]),
    "dropout of everything": (["model.dropout=1"], ["model.dropout=1", "below 1"]),
    "impossible kernel": (["model=cnn_small", "model.conv.kernel_size=40"], ["model.conv.kernel_size=40", "28"]),
    "impossible pooling": (["model=cnn_small", "model.conv.pool_after=[3]"], ["model.conv.pool_after=[3]", "1 to 2"]),
    "convolutions without pixels": (["model=cnn_small", "preprocessing=pca"], ["preprocessing.name=pca", "pixels"]),
    "no width": (["model.hidden=[0]"], ["model.hidden=0", "at least 1"]),
    "no epochs": (["training.epochs=0"], ["training.epochs=0", "at least 1"]),
    "no seeds": (["seeds=0"], ["seeds=0", "at least 1"]),
    "seeds twice": (["seeds=[1,1]"], ["seeds=[1, 1]", "different"]),
    "unknown sweep": (["sweep=quikstart"], ["sweep=quikstart", "did you mean quickstart?"]),
    "unknown size": (["size=smok"], ["size=smok", "did you mean smoke?"]),
    "unknown baseline": (["sweep=quickstart", "sweep.baseline=sofmax"], ["sweep.baseline", "did you mean softmax?"]),
    "no GPU": (["device=gpu:97"], ["device=gpu:97", "0 GPUs"]),
    "no device": (["device=tpu"], ["device=tpu", "cpu, gpu"]),
    "no backend": (["backend=torch"], ["backend=torch", "jax, tensorflow"]),
    "no threads": (["threads=0"], ["threads=0", "at least 1"]),
    "no data": (["data=mnits"], ["data=mnits", "did you mean mnist?"]),
    "no file": (["data=mnist", "data.path=/nowhere/mnist.npz"], ["data.path=/nowhere/mnist.npz", "MNIST_SWEEPS_DATA"]),
    "more held out than there is": (["data.validation=4000"], ["data.validation=4000", "4,000"]),
    "more to train on than there is": (["data.train_size=4001"], ["data.train_size=4001", "4,000"]),
    "watching what is not there": (
        ["training=early_stopping", "data.validation=none"],
        ["training.early_stopping.monitor=val_loss", "monitor loss"],
    ),
    "a bracket left open": (["model.hidden=[64,64"], ["model.hidden=[64,64", "quote brackets"]),
    "no override": (["adam"], ["adam: no such command", "optimizer=sgd"]),
    "removed": (["~model.dropout"], ["~model.dropout", "cannot be removed"]),
    "an interval": (["model.dropout=interval(0,1)"], ["model.dropout=interval(0,1)"]),
    "an interpolation of nothing": (["training.epochs=${nothing}"], ["training.epochs: ", "'nothing' not found"]),
    "unknown launcher": (["hydra/launcher=moon"], ["hydra/launcher=moon", "basic"]),
    "a sweep that is nowhere": (["status", "outputs/nothing"], ["status outputs/nothing", "sweep.yaml"]),
    "a report of nothing": (["report", "outputs/nothing"], ["report outputs/nothing", "sweep.yaml"]),
    "an export of nothing": (["export", "outputs/nothing"], ["export outputs/nothing", "sweep.yaml"]),
    "unknown flag": (["--nonsense"], ["mnist-sweeps: unrecognized arguments: --nonsense", "--hydra-help"]),
    "flags of Hydra that exclude each other": (["--run", "--cfg", "job"], ["Only one of --run, --multirun, --cfg"]),
    "a flag of Hydra that needs another": (["--resolve"], ["--resolve", "--cfg"]),
    "a folder of options that is nowhere": (["check", "--config-dir", "nowhere"], ["nowhere: no such folder"]),
    "a status of two": (["status", "a", "b"], ["mnist-sweeps status: unrecognized arguments: b"]),
}  # fmt: skip


@pytest.mark.parametrize(("words", "parts"), WRONG.values(), ids=WRONG.keys())
def test_is_told_in_one_line_and_leaves_nothing(
    typed: Typed, tmp_path: Path, words: list[str], parts: list[str]
) -> None:
    code, said = typed(*words)
    (line,) = said.splitlines()
    assert [part for part in parts if part not in line] == []
    assert code == 2
    assert list(tmp_path.iterdir()) == []


def test_each_fault_has_a_line_and_names_its_rows(typed: Typed, tmp_path: Path) -> None:
    code, said = typed(
        "optimizer=adam,sgd", "optimizer.momentum=0.9", "model=cnn_small,mlp", "model.conv.kernel_size=40"
    )
    assert code == 2
    assert all(line.startswith("row optimizer=") for line in said.splitlines())
    assert len(said.splitlines()) == 2  # the convolutions of both, and the momentum that Adam does not have
    assert "and 1 more: model.conv.kernel_size=40" in said
    assert list(tmp_path.iterdir()) == []


def test_an_option_named_like_a_shipped_one_is_refused(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "conf" / "model").mkdir(parents=True)
    (tmp_path / "conf" / "model" / "mlp.yaml").write_text("hidden: [8]\n")
    code, said = typed("model=mlp")
    assert (code, len(said.splitlines())) == (2, 1)
    assert "conf/model/mlp.yaml: a shipped option has that name" in said


@pytest.mark.parametrize("words", [["sweep=mine"], ["check", "sweep=mine"], ["list"]])
def test_a_file_that_is_not_utf8_is_named_whoever_reads_it(typed: Typed, tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "conf" / "sweep").mkdir(parents=True)
    (tmp_path / "conf" / "sweep" / "mine.yaml").write_bytes("question: café\n".encode("latin-1"))
    code, said = typed(*words)
    assert (code, len(said.splitlines())) == (2, 1)
    assert "conf/sweep/mine.yaml: not UTF-8" in said


def test_a_file_named_yml_is_told_how_to_be_named(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "mine" / "sweep").mkdir(parents=True)
    (tmp_path / "mine" / "sweep" / "a.yml").write_text("variants: {a: {}}\n")
    code, said = typed("sweep=a", "--config-dir", "mine")
    assert (code, said) == (2, f"sweep=a: options are files named .yaml; rename {tmp_path}/mine/sweep/a.yml\n")


def test_a_name_that_yaml_reads_as_a_boolean_is_told_in_one_line(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "conf" / "sweep").mkdir(parents=True)
    (tmp_path / "conf" / "sweep" / "mine.yaml").write_text("variants: {on: {}, off: {}}\n")
    code, said = typed("sweep=mine")
    (line,) = said.splitlines()
    assert code == 2
    assert "sweep.variants: the name yes, on or true is read by YAML as true or false; put it in quotes" in line
    assert [path.name for path in tmp_path.iterdir()] == ["conf"]


def test_what_is_no_fault_of_the_configuration_is_not_hidden(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(configs: list[Config]) -> list[Built]:
        raise RuntimeError("a bug of ours")

    monkeypatch.setattr(driver, "dry_run", broken)
    with pytest.raises(RuntimeError, match="a bug of ours"):
        typed("optimizer=sgd")


def test_an_interrupt_is_exit_code_130(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(configs: list[Config]) -> list[Built]:
        raise KeyboardInterrupt

    monkeypatch.setattr(driver, "dry_run", interrupted)
    code, said = typed("optimizer=sgd")
    assert code == 130
    assert "run the same command again to resume" in said
