import pytest

from reftel.tag.wordpiece import CASES, GLUED, WordPiece, case_of, normal

PIECES = "[PAD] [UNK] [CLS] [SEP] em ##bass ##y embassy mu ##bara ##k ' s . ( ) 東"
VOCABULARY = PIECES.split()


@pytest.fixture
def split() -> WordPiece:
    return WordPiece(VOCABULARY)


def pieces(split: WordPiece, text: str) -> list[str]:
    return [VOCABULARY[number] for ids in split.words(text).ids for number in ids]


def test_the_longest_piece_wins(split: WordPiece) -> None:
    assert pieces(split, "embassy") == ["embassy"]


def test_a_word_outside_the_vocabulary_falls_into_pieces(split: WordPiece) -> None:
    assert pieces(split, "MUBARAK") == ["mu", "##bara", "##k"]


def test_punctuation_stands_alone_and_is_marked_as_glued(split: WordPiece) -> None:
    words = split.words("(Embassy)'s")
    assert list(zip(words.starts, words.ends, strict=True)) == [(0, 1), (1, 8), (8, 9), (9, 10), (10, 11)]
    assert [case >= GLUED for case in words.cases] == [False, True, True, True, True]


def test_offsets_are_code_points_of_the_text_as_given(split: WordPiece) -> None:
    text = "\u00a0Émbassy \U0001f600 MU\u0301BARAK."
    assert [text[start:end] for start, end, *_ in zip(*split.words(text), strict=True)] == [
        "Émbassy",
        "\U0001f600",
        "MU\u0301BARAK",
        ".",
    ]


def test_accents_and_case_do_not_matter_to_the_pieces(split: WordPiece) -> None:
    assert pieces(split, "ÉMBÀSSY e\u0301mbassy") == ["embassy", "embassy"]


def test_a_control_character_inside_a_word_is_skipped_but_counted(split: WordPiece) -> None:
    assert split.words("emb\x00assy")[:3] == ([0], [8], [(VOCABULARY.index("embassy"),)])


def test_a_chinese_character_is_a_word(split: WordPiece) -> None:
    assert pieces(split, "em東em") == ["em", "東", "em"]


def test_a_word_without_pieces_is_unknown(split: WordPiece) -> None:
    assert pieces(split, "zebra") == ["[UNK]"]


def test_a_word_of_more_than_a_hundred_letters_is_unknown(split: WordPiece) -> None:
    assert pieces(split, "em" * 51) == ["[UNK]"]


@pytest.mark.parametrize("text", ["", " \n\t", "\x00\x01", "\ud800\udfff", "\ufffd"])
def test_text_without_a_letter_may_give_no_words(split: WordPiece, text: str) -> None:
    assert split.words(text).starts == []


def test_a_second_reading_gives_the_same_words(split: WordPiece) -> None:
    text = "Embassy (Mubarak)'s EMBASSY."
    assert split.words(text) == split.words(text)


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("embassy", "lower"),
        ("Embassy", "title"),
        ("GOI", "upper"),
        ("S", "letter"),
        ("MoD", "mixed"),
        ("1979", "digit"),
        ("f16", "lower"),
        ("F16", "upper"),
        ("-", "punct"),
        ("東", "mixed"),
        ("€", "other"),
    ],
)
def test_every_word_has_a_case_class(word: str, name: str) -> None:
    assert CASES[case_of(word)] == name


def test_normal_form_is_bert_s() -> None:
    assert normal("Zürich") == "zurich"
    assert normal("A\x07B") == "ab"


def test_a_word_broken_at_the_end_of_a_line_is_read_as_one(split: WordPiece) -> None:
    words = split.words("EM- BASSY.")
    assert words.starts == [0, 9]
    assert words.ends == [9, 10]
    assert words.ids[0] == (VOCABULARY.index("embassy"),)


@pytest.mark.parametrize("text", ["EM- S", "EM - BASSY", "EM-  BASSY", "Em- BASSY", "em- and", "1- em"])
def test_other_hyphens_stay(split: WordPiece, text: str) -> None:
    assert len(split.words(text).starts) == 3
