"""Files of digits: IDX, gzip and npz, whole and damaged, honest and not."""

import gzip
import io
import zipfile
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

COUNTS = {"training": 12, "test": 7}  # instead of 60,000 and 10,000
RANDOM = np.random.default_rng(0)
ARRAYS: dict[str, NDArray[np.uint8]] = {
    "x_train": RANDOM.integers(0, 256, (12, 28, 28), dtype=np.uint8),
    "y_train": RANDOM.integers(0, 10, 12, dtype=np.uint8),
    "x_test": RANDOM.integers(0, 256, (7, 28, 28), dtype=np.uint8),
    "y_test": RANDOM.integers(0, 10, 7, dtype=np.uint8),
}
NAMES = ["train-images-idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images-idx3-ubyte.gz", "t10k-labels"]


def idx(array: NDArray[Any]) -> bytes:
    """The bytes of an IDX file; of any type, which the header does not say."""
    return bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes() + array.tobytes()


def npy(array: Any) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def header(text: str, body: bytes = b"") -> bytes:
    """An npy file with any header."""
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode() + body


HEADERS = [
    header("{'descr': '|u1', 'fortran_order': False, 'shape': (1000000000000,), }\n"),
    header(f"{{'descr': '|u1', 'fortran_order': False, 'shape': ({10**30}, 28, 28), }}\n"),
    header("{'descr': '|u1', 'fortran_order': False, 'shape': (-1,), }\n"),
    header("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n", b"cos\nsystem\n(S'touch trap'\ntR."),
    header("{'descr': [('a', '|u1')], 'fortran_order': True, 'shape': (12,), }\n", bytes(12)),
    header("{'descr': '<M8[s]', 'fortran_order': True, 'shape': (12,), }\n", bytes(96)),
    header("{'descr': '<c16', 'fortran_order': True, 'shape': (12,), }\n", bytes(192)),
    header("{'descr': '<f8', 'fortran_order': True, 'shape': (12,), }\n", np.full(12, np.nan).tobytes()),
    header("{'descr': '|V0', 'fortran_order': True, 'shape': (12,), }\n"),
    header("{'descr': '|u1', 'fortran_order': False, 'shape': (0, 28, 28), }\n"),
    header("(" * 2000), header("__import__('os')"), header("{'descr': '|u1'}\n"), header("{" + "'a'" * 9 + "\n"),
    header("{'descr': '|u1', 'fortran_order': False, 'shape': (True,), }\n", b"\x00"), header("\x00"),
    b"\x93NUMPY\x09\x00", b"",
]  # fmt: skip

DTYPES = ["uint8", "int8", "int64", "float32", "float16", "bool", "complex64", "U4", "S4", "M8[s]"]


@st.composite
def variations(draw: st.DrawFn, array: NDArray[Any]) -> NDArray[Any]:
    """The array as it is, in another shape or type, scaled, shuffled, inverted or cut."""
    match draw(
        st.sampled_from(["same"] * 5 + ["flat", "column", "type", "scaled", "shuffled", "inverted", "cut", "zeros"])
    ):
        case "flat":
            return array.reshape(len(array), -1)
        case "column":
            return array[..., None]
        case "type":
            return array.astype(draw(st.sampled_from(DTYPES)))
        case "scaled":
            return array / 255
        case "shuffled":
            return array[::-1]
        case "inverted":
            return 255 - array
        case "cut":
            return array[: draw(st.integers(0, len(array)))]
        case "zeros":
            return np.zeros(draw(st.lists(st.integers(0, 30), max_size=4)), draw(st.sampled_from(DTYPES)))
    return array


@st.composite
def damaged(draw: st.DrawFn, content: bytes) -> bytes:
    """The bytes as they are, cut, with one changed or more appended."""
    place = draw(st.integers(0, max(len(content) - 1, 0)))
    if draw(st.booleans()):
        place = min(place, 40)  # where the headers are
    match draw(st.sampled_from(["same"] * 3 + ["cut", "byte", "byte", "append"])):
        case "cut":
            return content[:place]
        case "byte":
            return content[:place] + bytes([draw(st.integers(0, 255))]) + content[place + 1 :]
        case "append":
            return content + draw(st.binary(max_size=20))
    return content


@st.composite
def archives(draw: st.DrawFn) -> bytes:
    """An npz, or what has its name."""
    buffer = io.BytesIO()
    names = list(ARRAYS)
    method = draw(st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]))
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name in draw(st.permutations(names)):
            entry = draw(
                st.sampled_from([name + ".npy"] * 5 + [name, f"../{name}.npy", "/x.npy", "é.npy", "a" * 300 + ".npy"])
            )
            content = draw(
                st.one_of(variations(ARRAYS[name]).map(npy), st.just(npy(ARRAYS[name])), st.sampled_from(HEADERS))
            )
            if entry not in archive.namelist():
                archive.writestr(zipfile.ZipInfo(entry), draw(damaged(content)), method)
    written = buffer.getvalue()
    kinds = [written] * 5 + [npy(ARRAYS["x_train"]), b"", gzip.compress(written), _encrypted(written)]
    return draw(damaged(draw(st.sampled_from(kinds))))


def _encrypted(written: bytes) -> bytes:
    """The archive with the flag of encryption set in each entry."""
    content = bytearray(written)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(mark)
        while place >= 0:
            content[place + offset] |= 1
            place = content.find(mark, place + 4)
    return bytes(content)


@st.composite
def folders(draw: st.DrawFn) -> dict[str, bytes]:
    """Files by name: the four of MNIST, in one form or another."""
    files = {}
    for name, array in zip(NAMES, ARRAYS.values(), strict=True):
        content = draw(damaged(idx(draw(variations(array)))))
        if draw(st.booleans()):
            content = draw(damaged(gzip.compress(content, mtime=0)))
        files[draw(st.sampled_from([name, name, name, f"raw/{name}", f"MNIST/raw/{name}", "x", "é\n"]))] = content
    if draw(st.booleans()):
        bomb = gzip.compress(bytes(10**6), mtime=0)
        files["more"] = draw(
            st.sampled_from([b"", b"\x1f\x8b", b"\x00\x00\x08", b"\x00\x00\x08\xff" + b"\xff" * 1020, bomb])
        )
    return files


sources = st.one_of(archives(), folders())
