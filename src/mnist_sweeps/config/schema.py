"""What a run is: plain dataclasses; `checks` says which of them make sense."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from mnist_sweeps.config.until_decided import is_rule, parse_rule

# Per-layer settings are `Any`: a scalar, or a list with one entry per layer (OmegaConf has no such union).


@dataclass
class Conv:
    """The convolution blocks before the dense layers: Conv -> activation -> normalization -> pool -> dropout."""

    filters: list[int] = field(default_factory=list)  # empty: no convolutions
    kernel_size: Any = 3
    strides: Any = 1
    padding: Any = "valid"
    separable: Any = False  # per layer: SeparableConv2D in place of Conv2D
    activation: Any = "relu"
    batch_norm: Any = False
    normalization: Any = None  # per layer null, or {name: group_normalization, groups: 8}
    pool_after: list[int] = field(default_factory=list)  # 1-based layers that a pooling follows
    pool: Any = "max"  # or average; one entry per pooling where a list
    pool_size: Any = 2  # one entry per pooling where a list
    pool_padding: Any = "valid"  # one entry per pooling where a list
    dropout: Any = 0.0
    kernel_regularizer: Any = None  # per layer null, or {name: l2, l2: 1.0e-4}
    kernel_constraint: Any = None  # per layer null, or {name: max_norm, max_value: 3, axis: [0, 1, 2]}
    global_pooling: str | None = None  # max or average: one number per filter for the dense layers


@dataclass
class Model:
    """Dense blocks: Dense -> activation -> normalization -> dropout; then the softmax over ten digits."""

    hidden: list[int] = field(default_factory=list)  # empty: softmax regression
    activation: Any = "relu"
    batch_norm: Any = False
    normalization: Any = None  # per layer null, or {name: layer_normalization, position: before}
    dropout: Any = 0.0
    input_dropout: float = 0.0
    kernel_regularizer: Any = None  # per layer null, or {name: l2, l2: 1.0e-4}; not of the output
    kernel_constraint: Any = None  # per layer null, or {name: max_norm, max_value: 3}; not of the output
    residual: bool = False  # the input of a block is added to its output, where both have the same shape
    conv: Conv = field(default_factory=Conv)


@dataclass
class Data:
    """Which images; subsets are stratified and the same for every seed."""

    name: str = "mnist5k"
    path: str | None = None  # of its files: an npz, or a folder with the four IDX files; own images: data/own.py
    train_size: int | None = None
    test_size: int | None = None
    validation: Any = 0.1  # none | test | a count | a fraction of the training images
    holdout: str = "stratified"  # or first
    folds: int | None = None  # of what is not held out: each run is scored on the fold that it leaves out
    evaluate: Any = None  # [clean, rotated]: corrupted copies of the test images that are scored, too


@dataclass
class EarlyStopping:
    """Keras's EarlyStopping, by its own names; off without a patience."""

    monitor: str = "val_loss"
    patience: int | None = None
    min_delta: float = 0.0
    start_from_epoch: int = 0  # epochs (from 0) before this one neither stop a run nor are restored
    restore_best: bool = False


@dataclass
class ReduceOnPlateau:
    """Keras's ReduceLROnPlateau, by its own names; off without a patience."""

    monitor: str = "val_loss"
    patience: int | None = None
    factor: float = 0.1
    min_delta: float = 1e-4
    cooldown: int = 0  # epochs after a reduction that do not count
    min_lr: float = 0.0


@dataclass
class Augmentation:
    """Moves each training image anew in each epoch, by the factors of Keras's random layers."""

    translation: float = 0.0  # largest shift down and right, either way, as a share of the side
    rotation: float = 0.0  # largest angle, either way, as a share of a full turn
    zoom: float = 0.0  # largest change of size, either way, as a share of it

    @property
    def is_on(self) -> bool:
        """Whether any image is moved."""
        return bool(self.translation or self.rotation or self.zoom)


@dataclass
class Training:
    """How long, and in what portions."""

    epochs: int = 20
    batch_size: int = 128
    loss: str = "categorical_crossentropy"  # of training and validation; the test loss is always the crossentropy
    label_smoothing: float = 0.0  # share of each training and validation label spread over all ten digits
    time_limit: str | None = None  # 90 s, 30 min, 2 h: a run ends after the epoch in which its training passes it
    class_weight: Any = None  # balanced, or weights by label, {8: 2.0}: how much an image counts in the training loss
    metrics: Any = None  # [f1_score]: of Keras, computed after training on the test and the validation images
    evaluate_train: bool = False  # scores the training images after training as well, with dropout off
    augmentation: Augmentation = field(default_factory=Augmentation)
    early_stopping: EarlyStopping = field(default_factory=EarlyStopping)
    reduce_on_plateau: ReduceOnPlateau = field(default_factory=ReduceOnPlateau)
    floor: Any = None  # best validation accuracy so far that each epoch must reach, [0.5, 0.8]: below, a run ends


class RunKey(NamedTuple):
    """One training of a config: its seed, and the fold (from 0) that it leaves out where there are folds."""

    seed: int
    fold: int | None = None

    def __str__(self) -> str:
        """`seed 3`, `seed 3 fold 0`."""
        return f"seed {self.seed}" if self.fold is None else f"seed {self.seed} fold {self.fold}"


@dataclass
class Config:
    """One variant: everything that a person can choose about a row of the table."""

    model: Model = field(default_factory=Model)
    optimizer: dict[str, Any] = field(default_factory=lambda: {"name": "adam", "learning_rate": 0.001})
    initializer: dict[str, Any] = field(default_factory=lambda: {"name": "he_normal"})
    output_initializer: dict[str, Any] = field(default_factory=lambda: {"name": "glorot_uniform"})
    preprocessing: dict[str, Any] = field(default_factory=lambda: {"name": "scaled"})
    data: Data = field(default_factory=Data)
    training: Training = field(default_factory=Training)
    precision: str = "float32"  # or mixed_bfloat16, mixed_float16: Keras's dtype policy of all layers but the output
    seeds: Any = 1  # a count, a list, or until decided
    device: str = "auto"  # cpu | gpu | gpu:N
    backend: str = "auto"  # tensorflow | jax
    engine: str = "auto"  # fit | compiled
    threads: int | None = None  # of the backend on a CPU, for each worker; none: the cores divided among them
    workers: Any = "auto"  # processes that train rows at the same time, or how many: see `device.side_by_side`
    keep_models: str = "best"  # of a variant's runs; all | none
    keep_state: bool = False  # of each run after its last epoch: `extend DIR training.epochs=N` goes on from it
    continue_from: str | None = None  # folder of the same sweep with fewer epochs, whose runs have kept their states
    tracker: Any = None  # mlflow | tensorboard | wandb, or a list of them; each run is sent to them

    @property
    def runs(self) -> list[RunKey]:
        """Every training that the variant asks for."""
        return run_keys(self.seeds, self.data.folds)


def seed_list(seeds: Any) -> list[int]:
    """`3` as [0, 1, 2]; a list as it stands; of `until decided` the seeds of the first round."""
    if is_rule(seeds):
        rule = parse_rule(seeds)
        return rule.seeds(rule.at_least)
    return list(seeds) if isinstance(seeds, (list, tuple)) else list(range(seeds))


def run_keys(seeds: Any, folds: int | None) -> list[RunKey]:
    """Every run of a config in the order of training: fold by fold, since the seeds of a fold share its arrays."""
    return [RunKey(seed, fold) for fold in (range(folds) if folds else [None]) for seed in seed_list(seeds)]


def restore(content: dict[str, Any]) -> Config:
    """The config whose `dataclasses.asdict` is `content`, as run.json keeps it."""
    model, training = content["model"], content["training"]
    sections = {
        "early_stopping": EarlyStopping(**training["early_stopping"]),
        "reduce_on_plateau": ReduceOnPlateau(**training.get("reduce_on_plateau", {})),  # older records have none
        "augmentation": Augmentation(**training.get("augmentation", {})),
    }
    return Config(**{
        **content,
        "model": Model(**{**model, "conv": Conv(**model["conv"])}),
        "data": Data(**content["data"]),
        "training": Training(**{**training, **sections}),
    })  # fmt: skip
