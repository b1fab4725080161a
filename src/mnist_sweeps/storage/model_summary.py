"""The layers of a network as a table, from the `effective` of a run.json."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Line = tuple[str, str, str, str]  # name, kind, output shape, parameters
HEADER: Line = ("layer", "kind", "output shape", "parameters")


def lines(effective: Mapping[str, Any]) -> list[Line]:
    """A line for the input and for each layer; none for a run.json of before it kept shapes.

    The line of an `Add` names the layer whose output it adds to that of the line above. With such layers the network is
    a functional model, which the first line says; else it is a `keras.Sequential`.
    """
    if "input_shape" not in effective:
        return []
    functional = any("adds" in layer for layer in effective["layers"])
    first = ("input", "functional model" if functional else "", _shape(effective["input_shape"]), "")
    return [first, *(_line(layer) for layer in effective["layers"])]


def text(lines: Sequence[Line], parameters: Mapping[str, int]) -> str:
    """What model.txt holds: the lines below each other, and the numbers of parameters."""
    table = [HEADER, *lines]
    widths = [max(len(line[column]) for line in table) for column in range(len(HEADER))]
    drawn = [_padded(line, widths) for line in table]
    return "\n".join([drawn[0], "-" * len(drawn[0]), *drawn[1:], "", counts(parameters)]) + "\n"


def counts(parameters: Mapping[str, int]) -> str:
    """`538,890 parameters: 537,354 trainable, 1,536 not`."""
    total, trainable, fixed = (parameters[key] for key in ("total", "trainable", "non_trainable"))
    return f"{total:,} parameters: {trainable:,} trainable, {fixed:,} not"


def _line(layer: Mapping[str, Any]) -> Line:
    sizes = [layer.get(key) for key in ("kernel_size", "pool_size", "padding", "activation", "rate")]
    kind = ", ".join([layer["class"], *(_word(size) for size in sizes if size is not None), *layer.get("adds", [])[1:]])
    return layer["name"], kind, _shape(layer["output_shape"]), f"{layer['parameters']:,}"


def _word(size: Any) -> str:
    return _shape(size) if isinstance(size, (list, tuple)) else str(size)


def _shape(sizes: Sequence[int]) -> str:
    """`28 x 28 x 1`."""
    return " x ".join(map(str, sizes))


def _padded(line: Line, widths: Sequence[int]) -> str:
    """Words to the left, numbers to the right."""
    sides = ("<", "<", ">", ">")
    return "  ".join(f"{words:{side}{width}}" for words, side, width in zip(line, sides, widths, strict=True)).rstrip()
