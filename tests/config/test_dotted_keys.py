from mnist_sweeps.config.dotted_keys import flat, section_names
from mnist_sweeps.config.schema import Config


def test_sections_are_named_as_deep_as_they_go() -> None:
    assert list(section_names(Config())) == [
        "model",
        "model.conv",
        "optimizer",
        "initializer",
        "output_initializer",
        "preprocessing",
        "data",
        "training",
        "training.augmentation",
        "training.early_stopping",
        "training.reduce_on_plateau",
    ]


def test_values_are_flat_by_their_keys() -> None:
    nested = {"model": {"hidden": [8], "conv": {"filters": []}}, "seeds": 3}
    assert flat(nested) == {"model.hidden": [8], "model.conv.filters": [], "seeds": 3}
