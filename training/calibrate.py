"""Fits the two numbers that turn a raw score into the chance that a mention is right."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from data import Document
from reftel.tag.model import load_tagger
from score import gold_of, tagged


def fit_scores(model: Path, documents: list[Document]) -> tuple[float, float]:
    """Return slope and offset of the log-odds, by logistic regression on documents held out.

    The model's manifest must hold slope 1 and offset 0.
    """
    answers = tagged(load_tagger(model), documents, capitals=False)
    pairs = [
        (score, float(row in gold_of(document)))
        for document, found in zip(documents, answers, strict=True)
        for row, score in found.items()
    ]
    raw, right = np.array(pairs).T
    raw = raw.clip(0.001, 0.999)
    rows = np.stack([np.log(raw / (1 - raw)), np.ones_like(raw)], 1)
    weights = np.array([0.5, 0.0])
    for _ in range(100):
        chance = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (chance - right)
        curve = (rows * (chance * (1 - chance))[:, None]).T @ rows + 1e-2 * np.eye(2)
        weights -= np.clip(np.linalg.solve(curve, slope), -0.2, 0.2)
    return float(weights[0]), float(weights[1])
