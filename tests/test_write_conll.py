"""CoNLL columns."""

from __future__ import annotations

from reftel.model import Cable, Mention, MentionType, Span, Unit
from reftel.write import to_conll


def columns(text: str, *names: str, kind: MentionType = "PER") -> list[str]:
    """The rows of one unit's text, each as "token tag", with names mentioned; sentences end in an empty row."""
    mentions = tuple(Mention(0, text.index(name), text.index(name) + len(name), kind, name) for name in names)
    rows = to_conll(Cable(units=(Unit("body", text),), mentions=mentions)).split("\n")
    return [row.replace("\t", " ") for row in rows[4:-2]]


def test_a_document_opens_with_its_number_and_each_unit_with_its_index_kind_and_number() -> None:
    units = (Unit("subject", "VISIT"), Unit("summary", "Oda left.", 1), Unit("signature", ""))
    cable = Cable(mrn="09LILONGWE12", units=units, mentions=(Mention(1, 0, 3, "PER", "Oda"),))
    assert to_conll(cable) == (
        "-DOCSTART-\tO\n\n# mrn = 09LILONGWE12\n# unit = 0 subject\nVISIT\tO\n\n"
        "# unit = 1 summary 1\nOda\tB-PER\nleft\tO\n.\tO\n\n# unit = 2 signature\n"
    )


def test_a_cable_without_a_number_says_so() -> None:
    assert "# mrn = -\n" in to_conll(Cable())


def test_a_sentence_ends_in_a_blank_line() -> None:
    assert columns("Oda left. She stayed.") == ["Oda O", "left O", ". O", "", "She O", "stayed O", ". O"]


def test_tags_are_iob2() -> None:
    rows = columns("Lodge Two Malawi Lake", "Lodge Two", "Malawi Lake", kind="LOC")
    assert rows == ["Lodge B-LOC", "Two I-LOC", "Malawi B-LOC", "Lake I-LOC"]


def test_a_token_is_cut_where_a_mention_begins_or_ends() -> None:
    assert columns("met Ahn/Lind", "Ahn", "Lind") == ["met O", "Ahn B-PER", "/ O", "Lind B-PER"]


def test_no_sentence_ends_inside_a_mention() -> None:
    rows = columns("met Oda. Kenji left", "Oda. Kenji")
    assert rows == ["met O", "Oda B-PER", ". I-PER", "Kenji I-PER", "left O"]


def test_of_two_overlapping_mentions_the_longer_counts() -> None:
    assert columns("Lodge of Oda", "Lodge", "Lodge of Oda", "Oda") == ["Lodge B-PER", "of I-PER", "Oda I-PER"]


def test_protected_names_are_masked_unless_told_otherwise() -> None:
    cable = Cable(units=(Unit("body", "Oda left"),), protected=(Span(0, 0, 3),))
    assert "███\tO\n" in to_conll(cable)
    assert "Oda\tO\n" in to_conll(cable, masked=False)
