import numpy as np

from mnist_sweeps.figures.tiles import tiles

DIGITS = np.arange(1, 8)[:, None, None] * np.ones((1, 28, 28))


def test_digits_lie_in_rows_with_gaps_between():
    sheet = tiles(DIGITS, 5)
    assert sheet.shape == (58, 148)
    assert [sheet[0, 30 * column] for column in range(5)] == [1, 2, 3, 4, 5]
    assert [sheet[57, 27], sheet[30, 57]] == [6, 7]
    assert np.isnan(sheet[28:30]).all() and np.isnan(sheet[:, 28:30]).all() and np.isnan(sheet[30:, 58:]).all()


def test_images_need_not_be_square():
    assert tiles(DIGITS[:, :9, :6], 5).shape == (2 * 11 - 2, 5 * 8 - 2)


def test_a_digit_is_not_turned():
    digit = np.arange(784).reshape(1, 28, 28)
    assert np.array_equal(tiles(digit, 1), digit[0])


def test_none_is_an_empty_row():
    assert np.isnan(tiles(np.empty((0, 28, 28)), 5)).all()
