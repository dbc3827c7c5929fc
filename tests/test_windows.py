from hypothesis import given
from hypothesis import strategies as st

from reftel.tag.windows import STEP, Window, Words, at_words, read_words, rows, sentence_starts, windows
from reftel.tag.wordpiece import WordPiece

LETTERS = "abcdefghijklmnopqrstuvwxyz"
VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *LETTERS, *(f"##{c}" for c in LETTERS), ".", ","]
SPLIT = WordPiece(VOCABULARY)
SPECIAL = SPLIT.id("[CLS]"), SPLIT.id("[SEP]")
LIMIT = 104


def cut(*texts: str) -> tuple[Words, list[Window]]:
    """The words of one cable, and its windows."""
    words = read_words(texts, SPLIT, LIMIT)
    return words, list(windows(words, [len(texts)], LIMIT))


def pieces(words: Words, window: Window) -> list[str]:
    return [VOCABULARY[number] for number in rows(words, [window], SPECIAL)[0][0]]


def shown(texts: list[str], words: Words, window: Window) -> list[str]:
    own = slice(window.first, window.last)
    places = zip(words.units[own], words.starts[own], words.ends[own], strict=True)
    return [texts[unit][start:end] for unit, start, end in places]


def test_a_sentence_ends_at_a_stop_before_a_capital() -> None:
    text = 'He left. "Iran will wait," he said. Next day'
    assert [text[a:][:4] for a in sentence_starts(text)] == ["He l", '"Ira', "Next"]


def test_titles_initials_and_us_do_not_end_a_sentence() -> None:
    assert sentence_starts("Gen. Petraeus met J. Smith of the U.S. Embassy and Mr. Jones.") == [0]


def test_capitals_break_into_sentences_too() -> None:
    assert len(sentence_starts("HE LEFT AT NOON. THE EMBASSY KNOWS NOTHING; REPORT FOLLOWS.")) == 3


def test_short_neighbouring_units_share_a_window_with_a_separator_between() -> None:
    words, (window,) = cut("ab cd.", "ef.")
    assert " ".join(pieces(words, window)) == "[CLS] a ##b c ##d . [SEP] e ##f . [SEP]" + " [PAD]" * 5
    assert words.units.tolist() == [0, 0, 0, 1, 1]
    assert at_words(words, window).tolist() == [1, 3, 5, 7, 9]


def test_a_window_keeps_the_limit_and_breaks_between_sentences() -> None:
    texts = ["Aaaa bbbb cccc dddd. " * 30]
    words, found = cut(*texts)
    assert all(window.size <= LIMIT for window in found)
    assert all(shown(texts, words, window)[-1] == "." for window in found)


def test_windows_of_one_cable_are_of_about_one_size() -> None:
    sizes = [window.size for window in cut("Aaaa bbbb cccc dddd. " * 31)[1]]
    assert min(sizes) > max(sizes) / 2


def test_a_sentence_longer_than_the_limit_is_cut_at_a_word() -> None:
    _, found = cut("abcd " * 200)
    assert all(window.size <= LIMIT for window in found)
    assert sum(window.last - window.first for window in found) == 200


def test_no_text_gives_no_window() -> None:
    assert cut()[1] == []
    assert cut("", " \n", "\x00")[1] == []


def test_a_window_never_reaches_over_two_cables() -> None:
    words = read_words(["ab cd.", "", "ef gh.", "ij."], SPLIT, LIMIT)
    found = list(windows(words, [1, 1, 2], LIMIT))
    assert [(window.first, window.last) for window in found] == [(0, 3), (3, 8)]


def test_a_window_is_the_same_whatever_cables_stand_beside_its_own() -> None:
    texts = ["Aaaa bbbb, cccc. " * 9, "Dd ee."]
    alone = [pieces(*pair) for pair in ((cut(*texts)[0], window) for window in cut(*texts)[1])]
    words = read_words(["Zz.", *texts, "Yy."], SPLIT, LIMIT)
    among = [pieces(words, window) for window in windows(words, [1, 2, 1], LIMIT)]
    assert among[1:-1] == alone


@given(st.lists(st.text(alphabet="abY .,;!\n\x00é東-", max_size=400), max_size=5))
def test_every_word_stands_in_just_one_window_in_order(texts: list[str]) -> None:
    columns, found = cut(*texts)
    assert [at for window in found for at in range(window.first, window.last)] == list(range(len(columns.units)))
    places = zip(columns.units.tolist(), columns.starts.tolist(), columns.ends.tolist(), strict=True)
    words = [
        (unit, start, end) for unit, text in enumerate(texts) for start, end, *_ in zip(*SPLIT.words(text), strict=True)
    ]
    assert list(places) == words


@given(st.lists(st.text(alphabet="abY .,;!\n", max_size=600), max_size=4))
def test_every_window_keeps_the_limit_and_is_filled_up_to_a_step(texts: list[str]) -> None:
    words, found = cut(*texts)
    for window in found:
        assert len(pieces(words, window)) == window.size <= LIMIT
        assert window.size % STEP == 0


@given(st.lists(st.text(alphabet="abY .,;!\n", max_size=300), max_size=4))
def test_each_word_has_its_own_pieces_and_case_in_its_window(texts: list[str]) -> None:
    words, found = cut(*texts)
    listed = [word for text in texts for word in zip(*SPLIT.words(text), strict=True)]
    for window in found:
        ids, cases = (row[0].tolist() for row in rows(words, [window], SPECIAL))
        for at, (_, _, own, case) in zip(at_words(words, window), listed[window.first : window.last], strict=True):
            assert tuple(ids[at : at + len(own)]) == own
            assert set(cases[at : at + len(own)]) == {case}
