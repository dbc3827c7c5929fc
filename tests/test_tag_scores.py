"""Raw scores to chances."""

from __future__ import annotations

import pytest

from reftel.tag.rules import Span
from reftel.tag.scores import Calibration, Curve, calibrated, in_capitals

BOTH = Calibration(mixed=Curve(), capitals=Curve(offset=-1.0))


@pytest.mark.parametrize(
    ("text", "capitals"),
    [
        ("THE MINISTER WENT TO LIMA.", True),
        ("THE MINISTER WEnT TO LIMA ON 3 MAY.", True),
        ("The Minister went to LIMA.", False),
        ("1975 -- 12", False),
        ("", False),
    ],
)
def test_a_text_is_in_capitals_when_hardly_a_letter_is_small(text: str, capitals: bool) -> None:
    assert in_capitals(text) == capitals


def test_scores_in_capitals_have_a_curve_of_their_own() -> None:
    span = Span(0, 4, "LOC", 0.5)
    assert calibrated("Lima is dry.", [span], BOTH)[0].score == 0.5
    assert calibrated("LIMA IS DRY.", [span], BOTH)[0].score == 0.269


def test_a_curve_is_a_chance_and_rises() -> None:
    scores = [Curve(1.2, -0.4)(raw / 20) for raw in range(21)]
    assert scores == sorted(scores)
    assert all(0 <= score <= 1 for score in scores)
