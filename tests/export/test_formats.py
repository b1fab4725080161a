"""A format whose packages are missing is refused before anything is done."""

import pytest

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.export import formats


@pytest.mark.parametrize(("name", "package"), [("onnx", "tf2onnx"), ("tflite", "ai_edge_litert")])
def test_a_missing_package_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch, name: str, package: str) -> None:
    monkeypatch.setattr(formats, "find_spec", lambda asked: None if asked == package else object())
    expected = f"export --{name}: {package} is not installed; pip install 'mnist-sweeps[{name}]' installs it"
    with pytest.raises(ConfigError) as refused:
        formats.require([name])
    assert str(refused.value) == expected


def test_without_other_formats_nothing_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "find_spec", lambda asked: None)
    formats.require([])
