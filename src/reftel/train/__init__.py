"""train: a model folder that goes on learning from a user's own marked cables.

The only room that knows PyTorch and onnx, an extra of the package (`pip install 'reftel[train]'`); importing it
imports neither.
"""

from __future__ import annotations

from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from reftel.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reftel.evaluate import GoldFile
    from reftel.train.finetune import Trained

__all__ = ["train"]


def train(
    files: Sequence[GoldFile],
    out: Path,
    *,
    model: Path | None = None,
    epochs: int = 4,
    report: Callable[[int, int, float], None] = lambda step, total, loss: None,  # noqa: ARG005  # says nothing
) -> Trained:
    """Train the shipped model, or that of another folder, on marked cables and write it as a model folder to `out`.

    One cable in eight is held out to score the model before and after. `report` is called after each step with its
    number, the number of all steps and the loss. Raises UsageError where PyTorch or onnx is missing or there are fewer
    than two files, and ModelError where the model is damaged or cannot be trained on.
    """
    missing = [name for name in ("torch", "onnx") if find_spec(name) is None]
    if missing:
        raise UsageError(f"training needs {' and '.join(missing)}; install them with: pip install 'reftel[train]'")
    from reftel.train.finetune import finetune  # noqa: PLC0415  # needs what may be missing
    from reftel.train.fit import Settings  # noqa: PLC0415  # see above

    with resources.as_file(resources.files("reftel") / "data" / "models" / "default") as shipped:
        return finetune(files, model or Path(shipped), out, Settings(epochs=epochs), report)
