"""The data sets of MNIST's family: images of 28 x 28 in the same files, of clothes, letters and other digits."""

from __future__ import annotations

import string
from dataclasses import dataclass
from typing import Any

from mnist_sweeps.data.mnist import DIGIT_NAMES


@dataclass(frozen=True)
class FamilyFiles:
    """A data set of the family.

    `counts` are the numbers of training and test images, `balanced` says whether all classes have equally many.
    `first_label` is the label of the first class in its files, `transposed` whether they hold rows as columns. `hint`
    is a part of the file names where one folder holds several data sets. `url` is the folder of its `files`, each with
    the md5 of the packed file; `cache` is where Keras keeps them, below `datasets/`.
    """

    classes: tuple[str, ...]
    counts: tuple[int, int]
    url: str
    files: dict[str, str]
    cache: str
    balanced: bool = True
    first_label: int = 0
    transposed: bool = False
    hint: str = ""


EMNIST: dict[str, Any] = {
    "url": "https://www.itl.nist.gov/iaui/vip/cs_links/EMNIST/",
    "files": {"gzip.zip": "58c8d27c78d21e728a6bc7b3cc06412e"},  # 536 MB with all its data sets
    "cache": "emnist",
    "transposed": True,
}
FAMILY = {
    "fashion_mnist": FamilyFiles(
        (
            "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
            "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
        ),
        (60_000, 10_000),
        "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
        {
            "train-images-idx3-ubyte.gz": "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
            "train-labels-idx1-ubyte.gz": "25c81989df183df01b3e8a0aad5dffbe",
            "t10k-images-idx3-ubyte.gz": "bef4ecab320f06d8554ea6380940ec79",
            "t10k-labels-idx1-ubyte.gz": "bb300cfdad3c16e7a12a480ee83cd310",
        },
        "fashion-mnist",
    ),
    "kmnist": FamilyFiles(
        ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
        (60_000, 10_000),
        "http://codh.rois.ac.jp/kmnist/dataset/kmnist/",
        {
            "train-images-idx3-ubyte.gz": "bdb82020997e1d708af4cf47b453dcf7",
            "train-labels-idx1-ubyte.gz": "e144d726b3acfaa3e44228e80efcd344",
            "t10k-images-idx3-ubyte.gz": "5c965bf0a639b31b8f53240b1b52f4d7",
            "t10k-labels-idx1-ubyte.gz": "7320c461ea6c1c855c0b718fb2a4b134",
        },
        "kmnist",
    ),
    "emnist_digits": FamilyFiles(DIGIT_NAMES, (240_000, 40_000), hint="emnist-digits", **EMNIST),
    "emnist_letters": FamilyFiles(
        tuple(string.ascii_uppercase), (124_800, 20_800), hint="emnist-letters", first_label=1, **EMNIST
    ),
    "qmnist": FamilyFiles(
        DIGIT_NAMES,
        (60_000, 60_000),
        "https://raw.githubusercontent.com/facebookresearch/qmnist/master/",
        {
            "qmnist-train-images-idx3-ubyte.gz": "ed72d4157d28c017586c42bc6afe6370",
            "qmnist-train-labels-idx2-int.gz": "0058f8dd561b90ffdd0f734c6a30e5e4",
            "qmnist-test-images-idx3-ubyte.gz": "1394631089c404de565df7b7aeaf9412",
            "qmnist-test-labels-idx2-int.gz": "5b5b05890a5e13444e108efe57b788aa",
        },
        "qmnist",
        balanced=False,
        hint="qmnist",
    ),
}  # fmt: skip
