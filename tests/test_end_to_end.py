"""The command as a person types it, in a process of its own, with real training."""

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

import mnist_sweeps
from mnist_sweeps.cli.main import run_command
from mnist_sweeps.config.errors import ConfigError

QUICKSTART = ["sweep=quickstart", "size=smoke"]
ROWS = ["MLP 512-256", "softmax", "no batch norm", "no dropout", "SGD", "small CNN"]
RUN_FILES = {"run.json", "history.csv", "predictions.npz", "weights.npz", "preprocessing.npz", "model.keras"}
COLUMNS = {
    "variant", "status", "runs", "changes", "compared_with", "test_accuracy_mean", "test_accuracy_sd",
    "test_accuracy_ci_low", "test_accuracy_ci_high", "test_loss_mean", "val_accuracy_mean", "parameters", "epochs",
    "seconds", "accuracy_difference", "accuracy_difference_ci_low", "accuracy_difference_ci_high", "p_adjusted",
    "verdict", "rank",
}  # fmt: skip
METRICS = {"test_loss", "test_accuracy", "val_loss", "val_accuracy", "train_loss", "train_accuracy", "best_epoch"}
ORIGINS = {"versions", "git", "backend", "engine", "device", "threads", "data_digest", "command", "time"}


def command(*words: str, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    typed = [sys.executable, "-m", "mnist_sweeps", *words]
    environment = {**os.environ, **variables}
    return subprocess.run(typed, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=300)


def imported(words: list[str], modules: list[str]) -> set[str]:
    """Those of the modules that a command imports."""
    code = (
        "import sys\n"
        "from mnist_sweeps.cli import main\n"
        "assert main.cli() == 0\n"
        f"print('imported:', *(set(sys.modules) & set({modules!r})))"
    )
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split()[1:])


@pytest.fixture(scope="module")
def somewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working directory far from the checkout, with a name that needs care (Hydra itself cannot bear `${` there)."""
    folder = tmp_path_factory.mktemp("somewhere") / "it's, my [größer] folder=1"
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A home and a folder for temporary files, both empty but for our cache and Matplotlib's list of fonts."""
    folders = {name: tmp_path_factory.mktemp(name) for name in ("home", "tmp")}
    (folders["home"] / ".cache").mkdir()
    for cache in (Path("~/.cache").expanduser() / name for name in ("mnist_sweeps", "matplotlib")):
        cache.mkdir(parents=True, exist_ok=True)
        (folders["home"] / ".cache" / cache.name).symlink_to(cache)
    return folders


@pytest.fixture(scope="module")
def quickstart(somewhere: Path, elsewhere: dict[str, Path]) -> subprocess.CompletedProcess[str]:
    """The one real sweep that most tests here read: 6 rows, 1 seed, 1 epoch."""
    return command(*QUICKSTART, cwd=somewhere, HOME=str(elsewhere["home"]), TMPDIR=str(elsewhere["tmp"]))


@pytest.fixture(scope="module")
def out(quickstart: subprocess.CompletedProcess[str], somewhere: Path) -> Path:
    assert quickstart.returncode == 0, quickstart.stderr
    return somewhere / "outputs" / "quickstart,size=smoke"


@pytest.fixture(scope="module")
def records(out: Path) -> dict[str, dict[str, Any]]:
    """The run.json of each row's run."""
    variants = yaml.safe_load((out / "sweep.yaml").read_text())["variants"]
    return {row["name"]: json.loads((out / row["folder"] / "seed-0" / "run.json").read_text()) for row in variants}


def test_the_table_is_printed_and_nothing_else_is_noise(
    quickstart: subprocess.CompletedProcess[str], out: Path
) -> None:
    told = quickstart.stdout
    assert "6 runs in outputs/quickstart,size=smoke" in told
    assert (out / "report.txt").read_text().strip() in told
    assert all(f"| {row} " in told for row in ROWS)
    assert all(f" {row}, seed 0: validation " in told for row in ROWS)
    assert re.findall(r"^(\d)/6 ", told, re.MULTILINE) == list("123456")
    assert quickstart.stderr == ""


def test_every_file_that_was_promised_is_there(out: Path) -> None:
    for name in ("sweep.yaml", "report.txt", "report.md", "report.csv", "report.html", "histories.csv"):
        assert (out / name).stat().st_size
    variants = [path.parent for path in out.glob("*/log.txt")]
    assert len(variants) == len(ROWS)
    for variant in variants:
        assert {path.name for path in (variant / "seed-0").iterdir()} == RUN_FILES
        assert (variant / ".hydra" / "config.yaml").exists()
        assert {path.name for path in (variant / "figures").iterdir()} == {"curves.png", "weights.png"}


@pytest.mark.slow
def test_the_other_figures_are_drawn_where_asked(out: Path, somewhere: Path) -> None:
    assert command("report", str(out), "--draw", "--format", "svg", cwd=somewhere).returncode == 0
    for variant in (path.parent for path in out.glob("*/log.txt")):
        assert {path.stem for path in (variant / "figures").glob("*.svg")} >= {
            "curves",
            "weights",
            "confusion",
            "errors",
        }
    assert (out / "MLP-512-256" / "figures" / "batch_norm.svg").exists()
    assert not (out / "no-batch-norm" / "figures" / "batch_norm.svg").exists()


def test_nothing_is_left_half_written(out: Path, somewhere: Path) -> None:
    assert [path.name for path in somewhere.iterdir()] == ["outputs"]
    assert [path for path in out.rglob("*") if path.suffix == ".part" or path.name.startswith(".tmp-")] == []


@pytest.mark.usefixtures("out")
def test_nothing_is_left_outside_of_the_working_directory(elsewhere: dict[str, Path]) -> None:
    assert [path for folder in elsewhere.values() for path in folder.rglob("*") if path.is_file()] == []


def test_a_run_says_all_that_was_promised(records: dict[str, dict[str, Any]]) -> None:
    assert list(records) == ROWS
    assert len({record["digest"] for record in records.values()}) == len(ROWS)
    for name, record in records.items():
        assert (record["status"], record["variant"], record["sweep"]) == ("completed", name, "quickstart,size=smoke")
        assert (record["seed"], record["fold"], record["metrics"]["epochs_run"]) == (0, None, 1)
        assert record["metrics"].keys() >= METRICS
        assert record["parameters"].keys() == {"total", "trainable", "non_trainable"}
        assert len(record["seconds"]["epochs"]) == 1
        assert record["provenance"].keys() >= ORIGINS
        assert record["provenance"]["command"] == "mnist-sweeps sweep=quickstart size=smoke"


def test_what_was_built_is_read_back(records: dict[str, dict[str, Any]]) -> None:
    layers = {name: [layer["class"] for layer in record["effective"]["layers"]] for name, record in records.items()}
    assert layers["softmax"] == ["Dense"]
    assert layers["MLP 512-256"] == ["Dense", "BatchNormalization", "Dropout"] * 2 + ["Dense"]
    assert layers["no batch norm"] == ["Dense", "Dropout"] * 2 + ["Dense"]
    assert layers["no dropout"] == ["Dense", "BatchNormalization"] * 2 + ["Dense"]
    assert layers["small CNN"] == ["Conv2D", "MaxPooling2D"] * 2 + ["Flatten", "Dense"]
    assert records["MLP 512-256"]["parameters"]["total"] == 538_890
    effective = records["SGD"]["effective"]
    assert effective["optimizer"]["name"] == "SGD"
    assert {name: spec["name"] for name, spec in effective["initializers"].items()} == {
        "hidden_1": "HeNormal", "hidden_2": "HeNormal", "output": "GlorotUniform",
    }  # fmt: skip


def test_the_files_of_a_run_hold_what_was_promised(out: Path, records: dict[str, dict[str, Any]]) -> None:
    run = out / "MLP-512-256" / "seed-0"
    with (run / "history.csv").open() as file:
        (epoch,) = csv.DictReader(file)
    assert list(epoch) == ["epoch", "loss", "accuracy", "val_loss", "val_accuracy"]
    assert float(epoch["val_accuracy"]) == records["MLP 512-256"]["metrics"]["val_accuracy"]
    predictions = dict(np.load(run / "predictions.npz"))
    assert (predictions["predicted"].dtype, predictions["predicted"].shape) == (np.uint8, (200,))
    assert (predictions["confidence"].dtype, predictions["confidence"].shape) == (np.float16, (200,))
    weights = dict(np.load(run / "weights.npz"))
    summarized = {"hidden_1/kernel", "hidden_2/kernel", "output/kernel", "hidden_1_batch_norm/gamma"}
    for key in (f"{layer}/{when}" for layer in summarized for when in ("initial", "trained")):
        assert weights[f"{key}/quantiles"].shape == (2001,)
        assert weights[f"{key}/moments"].shape == (4,)


def test_the_report_is_data(out: Path) -> None:
    table = pd.read_csv(out / "report.csv")
    assert set(table.columns) >= COLUMNS
    assert list(table.variant) == ROWS
    assert set(table.status) == {"completed"}
    assert list(table.changes.fillna("")) == ["", "model", "batch_norm", "dropout", "optimizer", "model"]
    assert list(pd.read_csv(out / "histories.csv").variant) == ROWS


def test_the_same_command_again_trains_nothing(out: Path, somewhere: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in out.rglob("run.json")}
    again = command(*QUICKSTART, cwd=somewhere)
    assert again.returncode == 0, again.stderr
    assert "6 runs kept, made 20" in again.stdout
    assert {path: path.stat().st_mtime_ns for path in out.rglob("run.json")} == before


def test_the_table_is_a_data_frame(out: Path) -> None:
    assert list(mnist_sweeps.load(out).variant) == ROWS
    with pytest.raises(FileNotFoundError, match=r"sweep.yaml"):
        mnist_sweeps.load(out / "softmax")


def test_a_report_is_rebuilt_without_any_backend(out: Path) -> None:
    before = (out / "report.csv").read_bytes()
    (out / "report.csv").unlink()
    assert imported(["report", str(out)], ["tensorflow", "jax", "keras", "hydra"]) == set()
    assert (out / "report.csv").read_bytes() == before


def test_the_best_model_by_validation_is_exported(
    out: Path, records: dict[str, dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    import keras

    from mnist_sweeps.config.schema import Data
    from mnist_sweeps.data import dataset

    assert run_command("export", [str(out)]) == 0
    best = max(records.values(), key=lambda record: record["metrics"]["val_accuracy"])
    assert f"{best['variant']}, seed 0" in capsys.readouterr().out
    card = (out / "export" / "README.md").read_text()
    assert f"# {best['variant']}, seed 0" in card
    test = dataset.load(Data(train_size=500, test_size=200, validation=100)).test
    model = keras.saving.load_model(out / "export" / "model.keras", safe_mode=True)
    _, accuracy = model.evaluate(*test, verbose=0)
    assert accuracy == pytest.approx(best["metrics"]["test_accuracy"])
    assert f"test accuracy {accuracy:.2%}" in card


def test_the_status_of_a_finished_sweep(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run_command("status", [str(out)])
    assert capsys.readouterr().out == "quickstart,size=smoke: 6 completed\n"


@pytest.mark.slow
def test_a_grid_of_plain_hydra_has_a_row_for_every_combination(tmp_path: Path) -> None:
    words = ["-m", "optimizer=adam,sgd", "model.dropout=0,0.5", "model=mlp_small", "size=smoke"]
    done = command(*words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (folder,) = (tmp_path / "outputs").iterdir()
    assert folder.name == "optimizer,model.dropout,model=mlp_small,size=smoke"
    table = mnist_sweeps.load(folder)
    assert list(table.variant) == [
        f"optimizer={name}, model.dropout={rate}" for name in ("adam", "sgd") for rate in ("0", "0.5")
    ]
    assert set(table.status) == {"completed"}


@pytest.mark.slow
def test_a_sweep_of_ones_own_in_which_a_row_diverges(tmp_path: Path) -> None:
    fast = "it's ${too} fast, [1e30]"
    rows = {"fine": {}, fast: {"optimizer.learning_rate": 1e30}}
    sweep = {"common": {"model": "tiny", "optimizer": "sgd"}, "variants": rows}
    for name, content in (("model/tiny.yaml", {"hidden": [8]}), ("sweep/mine.yaml", sweep)):
        (tmp_path / "conf" / name).parent.mkdir(parents=True)
        (tmp_path / "conf" / name).write_text(yaml.safe_dump(content))
    done = command("-m", "sweep=mine", "size=smoke", cwd=tmp_path)  # -m is harmless
    assert done.returncode == 1, done.stderr
    out = tmp_path / "outputs" / "mine,size=smoke"
    table = mnist_sweeps.load(out)
    assert dict(zip(table.variant, table.status, strict=True)) == {"fine": "completed", fast: "diverged"}
    assert (out / "report.txt").read_text().strip() in done.stdout


@pytest.mark.slow
def test_hydras_own_sweeper_works_unchanged(tmp_path: Path) -> None:
    done = command("hydra/sweeper=basic", "optimizer=adam,sgd", "model=softmax", "size=smoke", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert len(list(tmp_path.rglob("run.json"))) == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--cfg", "job"], "optimizer:\n  name: adam"),
        (["--cfg", "job", "optimizer=sgd"], "optimizer:\n  name: sgd"),
        (["--help"], "a question is one YAML file"),
        (["list"], "sweep=NAME"),
        (["--hydra-help"], "Hydra"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_only_tells_is_exit_code_0(tmp_path: Path, words: list[str], told: str) -> None:
    done = command(*words, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert told in done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("word", ["--help", "-h", "list"])
def test_what_only_tells_imports_nothing_heavy(word: str) -> None:
    heavy = ["hydra", "omegaconf", "keras", "tensorflow", "jax", "pandas", "matplotlib", "scipy"]
    assert imported([word], heavy) == set()


def test_a_wrong_key_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    done = command("modle=mlp", cwd=tmp_path)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert "did you mean model?" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_check_builds_a_sweep_and_trains_nothing(tmp_path: Path) -> None:
    done = command("check", *QUICKSTART, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "538,890" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_build_is_the_net_that_would_be_trained() -> None:
    model = mnist_sweeps.build(["model=cnn_small", "optimizer=sgd", "optimizer.learning_rate=0.5", "size=smoke"])
    assert model.count_params() == 12_810
    assert type(model.optimizer).__name__ == "SGD"
    assert float(model.optimizer.learning_rate) == 0.5
    assert model.predict(np.zeros((1, 28, 28, 1)), verbose=0).shape == (1, 10)


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        (["modle=mlp"], "modle=mlp: there is no such key"),
        (["model.dropout=2"], "model.dropout=2: expected a rate"),
        (["optimizer=adam,sgd"], "build: expected one variant, got 2"),
        (["optimizer.name=adm", "size=smoke"], "optimizer.name=adm: no Keras optimizer; did you mean adam?"),
    ],
)
def test_build_refuses_what_the_command_refuses(overrides: list[str], said: str) -> None:
    with pytest.raises(ConfigError) as refused:
        mnist_sweeps.build(overrides)
    assert str(refused.value).startswith(said)


SEARCH = """\
common: {model: softmax, data.train_size: 400, data.test_size: 200, data.validation: 100, training.epochs: 1}
search:
  trials: 3
  space: {optimizer.learning_rate: "tag(log, interval(1e-4, 1e-1))", training.batch_size: "choice(16, 64)"}
  winner: {training.epochs: 2, seeds: [1, 2]}
"""


@pytest.mark.slow
def test_a_search_that_is_killed_goes_on_to_its_winner(tmp_path: Path) -> None:
    (tmp_path / "conf" / "sweep").mkdir(parents=True)
    (tmp_path / "conf" / "sweep" / "tiny.yaml").write_text(SEARCH)
    folder = tmp_path / "outputs" / "tiny"
    typed = [sys.executable, "-m", "mnist_sweeps", "sweep=tiny"]
    with subprocess.Popen(typed, cwd=tmp_path, stdout=subprocess.DEVNULL, start_new_session=True) as broken:
        while not list(folder.glob("trial-02*/seed-0")):
            assert broken.poll() is None
            time.sleep(0.05)
        os.killpg(broken.pid, signal.SIGKILL)
    begun = yaml.safe_load((folder / "sweep.yaml").read_text())["search"]["drawn"]
    first = {path: path.stat().st_mtime_ns for path in folder.glob("trial-01*/seed-0/run.json")}
    done = command("sweep=tiny", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    search = yaml.safe_load((folder / "sweep.yaml").read_text())["search"]
    assert search["drawn"][: len(begun)] == begun and len(search["drawn"]) == 3
    assert len(first) == 1 and {path: path.stat().st_mtime_ns for path in first} == first
    table = mnist_sweeps.load(folder).set_index("variant")
    assert list(table.status) == ["completed"] * 4
    assert table.runs["winner"] == 2
    assert table.drop("winner").val_accuracy_mean.max() == table.val_accuracy_mean[search["winner"]["trial"]]
    assert imported(["report", str(folder)], ["optuna", "keras"]) == set()
