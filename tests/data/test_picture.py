"""Pictures of digits, as people have them, become images of MNIST."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.data.mnist import Digits
from mnist_sweeps.data.picture import read_digit


@pytest.fixture
def seen(tmp_path: Path) -> Callable[..., NDArray[np.int64]]:
    """Saves a picture and reads it back as a digit."""

    def save(picture: Image.Image, name: str = "digit.png") -> NDArray[np.int64]:
        picture.save(tmp_path / name)
        return read_digit(tmp_path / name).astype(int)

    return save


Seen = Callable[..., NDArray[np.int64]]


def large(
    image: NDArray[np.uint8], size: tuple[int, int] = (400, 300), place: tuple[int, int] = (130, 20)
) -> Image.Image:
    """Black on white, the digit somewhere on a larger sheet."""
    sheet = Image.new("L", size, 255)
    sheet.paste(Image.fromarray(255 - image).resize((196, 196), Image.Resampling.BICUBIC), place)
    return sheet


def test_an_image_of_mnist_stays_as_it_is(mnist5k: tuple[Digits, Digits], seen: Seen) -> None:
    for image in mnist5k[1].images[:50]:
        np.testing.assert_array_equal(seen(Image.fromarray(image)), image)


def test_dark_ink_on_light_paper_is_inverted(mnist5k: tuple[Digits, Digits], seen: Seen) -> None:
    for image in mnist5k[1].images[:50]:
        np.testing.assert_array_equal(seen(Image.fromarray(255 - image)), image)


def test_a_large_picture_is_scaled_and_centred_as_mnist_was(mnist5k: tuple[Digits, Digits], seen: Seen) -> None:
    images = mnist5k[1].images[:50]
    found = np.stack([seen(large(image)) for image in images])
    longer = [max(np.ptp(np.flatnonzero((digit > 20).any(axis=axis))) + 1 for axis in (0, 1)) for digit in found]
    assert set(longer) <= {19, 20, 21}
    assert np.abs(found - images).mean() < 0.3 * images.mean()


@pytest.mark.parametrize("size", [(400, 300), (300, 400), (250, 260)])
def test_its_place_does_not_matter(mnist5k: tuple[Digits, Digits], seen: Seen, size: tuple[int, int]) -> None:
    image = mnist5k[1].images[3]
    np.testing.assert_array_equal(seen(large(image, size, (10, 30))), seen(large(image)))


@pytest.mark.parametrize("name", ["digit.jpg", "digit.gif", "digit.bmp", "digit.webp", "digit.tif"])
def test_other_kinds_of_files_are_read(mnist5k: tuple[Digits, Digits], seen: Seen, name: str) -> None:
    picture = large(mnist5k[1].images[5])
    assert np.abs(seen(picture, name) - seen(picture)).mean() < 3


def test_colours_transparency_and_16_bits_are_read(mnist5k: tuple[Digits, Digits], seen: Seen) -> None:
    picture = large(mnist5k[1].images[5])
    expected, ink = seen(picture), np.asarray(picture)
    clear = np.zeros((*ink.shape, 4), np.uint8)
    clear[..., 3] = 255 - ink
    kinds = [picture.convert("RGB"), Image.fromarray(clear), Image.fromarray(ink.astype(np.uint16) * 257)]
    for kind in kinds:
        assert np.abs(seen(kind) - expected).max() <= 2


def test_a_tall_stroke_stays_inside(seen: Seen) -> None:
    pixels = np.full((100, 60), 255, np.uint8)
    pixels[5:95, 30:34] = 0
    pixels[80:95, 20:44] = 0
    digit = seen(Image.fromarray(pixels))
    assert np.ptp(np.flatnonzero(digit.any(axis=1))) + 1 == 20


def test_what_shows_no_digit_is_refused(tmp_path: Path, seen: Seen) -> None:
    with pytest.raises(ConfigError, match=r"digit\.png: expected a picture of a digit, got a plain one"):
        seen(Image.new("L", (50, 50), 200))
    (tmp_path / "text.png").write_text("seven")
    with pytest.raises(ConfigError, match=r"text\.png: not a picture that Pillow can read"):
        read_digit(tmp_path / "text.png")
    with pytest.raises(ConfigError, match=r"nothing\.png: not a picture that Pillow can read"):
        read_digit(tmp_path / "nothing.png")


def test_a_file_that_is_cut_short_is_refused(tmp_path: Path, mnist5k: tuple[Digits, Digits]) -> None:
    large(mnist5k[1].images[5]).save(tmp_path / "digit.png")
    (tmp_path / "short.png").write_bytes((tmp_path / "digit.png").read_bytes()[:200])
    with pytest.raises(ConfigError, match=r"short\.png: not a picture that Pillow can read"):
        read_digit(tmp_path / "short.png")
