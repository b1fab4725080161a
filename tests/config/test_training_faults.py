from collections.abc import Callable
from typing import Any

import pytest

from mnist_sweeps.config.allowed import METRICS
from mnist_sweeps.config.schema import Config
from mnist_sweeps.config.validate import check

Make = Callable[[dict[str, Any]], Config]
Refusal = Callable[[dict[str, Any]], str]

GOOD = [
    pytest.param({"training.early_stopping.patience": 0}, id="no patience"),
    pytest.param(
        {"data.folds": 2, "data.validation": "none", "training.early_stopping.patience": 2},
        id="stopping by the fold left out",
    ),
    pytest.param(
        {
            "training.early_stopping.patience": 3,
            "training.early_stopping.monitor": "loss",
            "data.validation": "none",
        },
        id="stopping by the training loss",
    ),
    pytest.param({"training.early_stopping.monitor": "nonsense"}, id="monitor without a patience"),
    pytest.param({"training.floor": [0, 0.5, 1.0]}, id="a floor from 0 to 1"),
    pytest.param(
        {"training.floor": [0.5], "data.validation": "none", "data.folds": 60_000}, id="a floor for the fold left out"
    ),
]

WHOLE = "expected a whole number of at least 1"
RATE = "expected a rate of at least 0 and below 1"
PATIENT = {"training.early_stopping.patience": 2}
PLATEAU = {"training.reduce_on_plateau.patience": 2}

FAULTS = [
    ({"training.epochs": 0}, f"training.epochs=0: {WHOLE}"),
    ({"training.batch_size": 0.5}, f"training.batch_size=0.5: {WHOLE}"),
    ({"training.label_smoothing": 1.0}, f"training.label_smoothing=1.0: {RATE}"),
    ({**PATIENT, "training.early_stopping.monitor": "val_acuracy"},
     "training.early_stopping.monitor=val_acuracy: did you mean val_accuracy? "
     "allowed: accuracy, loss, val_accuracy, val_loss"),
    ({**PATIENT, "data.validation": "none"},
     "training.early_stopping.monitor=val_loss: there is no validation to watch (data.validation=none); "
     "hold images out, or monitor loss"),
    ({"training.floor": 0.5}, "training.floor=0.5: expected accuracies from 0 to 1, one an epoch: [0.5, 0.8]"),
    ({"training.floor": [1.5]}, "training.floor=[1.5]: expected accuracies from 0 to 1, one an epoch: [0.5, 0.8]"),
    ({"training.floor": [50]}, "training.floor=[50]: expected accuracies from 0 to 1, one an epoch: [0.5, 0.8]"),
    ({"training.floor": [0.5], "data.validation": "none"},
     "training.floor=[0.5]: there is no validation; hold images out: data.validation=0.1"),
    ({"training.early_stopping.patience": -1},
     "training.early_stopping.patience=-1: expected a whole number of at least 0"),
    ({**PATIENT, "training.early_stopping.min_delta": float("nan")},
     "training.early_stopping.min_delta=nan: expected a finite number"),
    ({"training.loss": "mean_squared_eror"},
     "training.loss=mean_squared_eror: did you mean mean_squared_error? allowed: categorical_crossentropy, "
     "categorical_focal_crossentropy, categorical_hinge, mean_squared_error"),
    ({"training.loss": "categorical_hinge", "training.label_smoothing": 0.1},
     "training.label_smoothing=0.1: training.loss=categorical_hinge takes none; only for "
     "categorical_crossentropy and categorical_focal_crossentropy"),
    ({"training.class_weight": {"eight": 2.0}},
     "training.class_weight={'eight': 2.0}: expected null, balanced, or weights of at least 0 by label: {8: 2.0}"),
    ({"training.time_limit": "2 days"},
     "training.time_limit=2 days: expected a time, like 90 s, 30 min or 2 h"),
    ({"training.metrics": ["f1_scor"]},
     f"training.metrics=f1_scor: did you mean f1_score? allowed: {', '.join(METRICS)}"),
    ({"training.metrics": "f1_score"}, "training.metrics=f1_score: expected a list of different metrics: "
     "[f1_score, {name: top_k_categorical_accuracy, k: 2}]"),
    ({"training.metrics": ["auc", {"name": "auc"}]},
     "training.metrics=['auc', {'name': 'auc'}]: expected a list of different metrics: "
     "[f1_score, {name: top_k_categorical_accuracy, k: 2}]"),
    ({"training.class_weight": "equal"},
     "training.class_weight=equal: expected null, balanced, or weights of at least 0 by label: {8: 2.0}"),
    ({"training.augmentation.rotation": -0.1},
     "training.augmentation.rotation=-0.1: expected a factor of at least 0 and below 1"),
    ({"training.augmentation.zoom": 0.1, "preprocessing": {"name": "pca"}},
     "training.augmentation.zoom=0.1: moves pixels, which preprocessing.name=pca does not give; "
     "only for preprocessing=scaled"),
    ({"training.reduce_on_plateau.patience": -1},
     "training.reduce_on_plateau.patience=-1: expected a whole number of at least 0"),
    ({**PLATEAU, "training.reduce_on_plateau.factor": 1.0},
     "training.reduce_on_plateau.factor=1.0: expected a number between 0 and 1"),
    ({**PLATEAU, "training.reduce_on_plateau.min_lr": -1.0},
     "training.reduce_on_plateau.min_lr=-1.0: expected a finite number of at least 0"),
    ({**PLATEAU, "data.validation": "none"},
     "training.reduce_on_plateau.monitor=val_loss: there is no validation to watch (data.validation=none); "
     "hold images out, or monitor loss"),
    ({**PLATEAU, "optimizer": {"name": "sgd", "learning_rate": {"name": "cosine_decay"}}},
     "training.reduce_on_plateau.patience=2: cannot reduce a schedule (optimizer.learning_rate.name=cosine_decay); "
     "give a number as learning rate, or patience=null"),
    ({**PATIENT, "training.early_stopping.start_from_epoch": -1},
     "training.early_stopping.start_from_epoch=-1: expected a whole number of at least 0"),
]  # fmt: skip


@pytest.mark.parametrize("settings", GOOD)
def test_good_settings_pass(configured: Make, settings: dict[str, Any]) -> None:
    check(configured(settings))


@pytest.mark.parametrize(
    ("settings", "line"), [pytest.param(settings, line, id=line.partition(":")[0]) for settings, line in FAULTS]
)
def test_a_fault_is_one_line_with_key_value_and_the_way_out(
    refusal: Refusal, settings: dict[str, Any], line: str
) -> None:
    assert refusal(settings) == line
