"""A picture of one handwritten digit, from a file, as an image of MNIST.

MNIST's digits are white on black, scaled so that the longer side has 20 pixels, and shifted so that their centre of
mass is at pixel 14, 14 of 28 x 28 (yann.lecun.com/exdb/mnist; of the 60,000 training images 59,987 have these 20
pixels, and their centres are within half a pixel of 14).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from mnist_sweeps.config.errors import ConfigError

SIDE, DIGIT, CENTRE = 28, 20, 14  # pixels
FAINT = 0.2  # of the darkest ink: fainter pixels are paper, and do not count for the size of the digit
Pixels = NDArray[np.float32]  # [height, width], from 0 to 255


def read_digit(path: Path) -> NDArray[np.uint8]:
    """The picture as an image of MNIST, uint8 [28, 28].

    One of 28 x 28 pixels keeps its place and size; any other is cut out, scaled and centred as MNIST's were. Dark ink
    on light paper is inverted: the paper is what most pixels of the border show. Colours become grey, and transparent
    parts white.

    Raises:
        ConfigError: The file is not a picture, or shows no digit.
    """
    pixels = _grey(path)
    paper = np.median(np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]]))
    if pixels.shape == (SIDE, SIDE):
        return (255 - pixels if paper > 127 else pixels).round().astype(np.uint8)
    ink = np.clip(paper - pixels if paper > 127 else pixels - paper, 0, None)
    if ink.max() < 1:
        raise ConfigError(f"predict {path}: expected a picture of a digit, got a plain one")
    return _centred(_scaled(_cut(ink * (255 / ink.max()))))


def read_image(path: Path, height: int, width: int) -> NDArray[np.uint8]:
    """The picture as grey pixels, uint8 [height, width], scaled where it has another size; nothing is inverted.

    Args:
        path: The file.
        height: Of the images that a model takes, in pixels.
        width: Of those images.

    Raises:
        ConfigError: The file is not a picture.
    """
    pixels = _grey(path)
    if pixels.shape != (height, width):
        reduced = pixels.shape[0] > height
        method = Image.Resampling.BOX if reduced else Image.Resampling.BILINEAR
        pixels = np.asarray(Image.fromarray(pixels).resize((width, height), method))
    return pixels.round().astype(np.uint8)


def _grey(path: Path) -> Pixels:
    try:
        with Image.open(path) as file:
            picture = ImageOps.exif_transpose(file)  # a photograph may lie on its side
            if picture.mode.startswith("I;16"):  # of 16 bits a pixel: Pillow would cut them off at 255
                return np.asarray(picture, np.float32) / np.float32(257)
            picture = picture.convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:  # as Pillow raises them
        raise ConfigError(f"predict {path}: not a picture that Pillow can read: {error}") from error
    paper = Image.new("RGBA", picture.size, "white")
    return np.asarray(Image.alpha_composite(paper, picture).convert("L"), np.float32)


def _cut(ink: Pixels) -> Pixels:
    """The smallest rectangle with all of the ink that is not faint."""
    rows, columns = (np.flatnonzero((ink > FAINT * 255).any(axis=axis)) for axis in (1, 0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _scaled(ink: Pixels) -> Pixels:
    """Scaled to 20 pixels on the longer side; what is reduced is averaged, as MNIST's was."""
    factor = DIGIT / max(ink.shape)
    height, width = (max(1, round(factor * side)) for side in ink.shape)
    method = Image.Resampling.BOX if factor < 1 else Image.Resampling.BILINEAR
    return np.asarray(Image.fromarray(ink).resize((width, height), method))


def _centred(digit: Pixels) -> NDArray[np.uint8]:
    """In the middle of 28 x 28 by its centre of mass, as far as it then stays inside."""
    image = np.zeros((SIDE, SIDE), np.float32)
    places = []
    for axis, size in enumerate(digit.shape):
        centre = (digit.sum(axis=1 - axis) * np.arange(size)).sum() / digit.sum()
        places.append(int(np.clip(round(CENTRE - centre), 0, SIDE - size)))
    top, left = places
    image[top : top + digit.shape[0], left : left + digit.shape[1]] = digit
    return image.round().astype(np.uint8)
