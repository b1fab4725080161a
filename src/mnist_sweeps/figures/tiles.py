"""Many digits as one image: one artist draws in a tenth of the time of one for each."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

GAP = 2  # pixels between images


def tiles(images: ArrayLike, columns: int) -> NDArray[np.float64]:
    """The images, row by row, as one picture [rows * (height + 2) - 2, columns * (width + 2) - 2], nan between them.

    `images` has the shape [n, height, width]; without any, the result is one empty row. A missing image is nan, too.
    """
    digits = np.asarray(images, dtype=np.float64)
    height, width = digits.shape[1:]
    rows = max(1, math.ceil(len(digits) / columns))
    sheet = np.full((rows * (height + GAP) - GAP, columns * (width + GAP) - GAP), np.nan)
    for place, digit in enumerate(digits):
        row, column = divmod(place, columns)
        top, left = row * (height + GAP), column * (width + GAP)
        sheet[top : top + height, left : left + width] = digit
    return sheet
