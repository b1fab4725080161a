"""Many digits as one image: one artist draws in a tenth of the time of one for each."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

SIDE, GAP = 28, 2  # pixels of a digit, and between digits


def tiles(images: ArrayLike, columns: int) -> NDArray[np.float64]:
    """The images, row by row, as one [rows * 30 - 2, columns * 30 - 2]; nan between them and where one is missing.

    `images` has the shape [n, 28, 28] or [n, 784]; without any, the result is one empty row.
    """
    digits = np.asarray(images, dtype=np.float64).reshape(-1, SIDE, SIDE)
    rows, step = max(1, math.ceil(len(digits) / columns)), SIDE + GAP
    sheet = np.full((rows * step - GAP, columns * step - GAP), np.nan)
    for place, digit in enumerate(digits):
        top, left = (step * number for number in divmod(place, columns))
        sheet[top : top + SIDE, left : left + SIDE] = digit
    return sheet
