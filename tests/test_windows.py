from hypothesis import given
from hypothesis import strategies as st

from reftel.tag.windows import Window, sentence_starts, windows
from reftel.tag.wordpiece import WordPiece

LETTERS = "abcdefghijklmnopqrstuvwxyz"
VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *LETTERS, *(f"##{c}" for c in LETTERS), ".", ","]
SPLIT = WordPiece(VOCABULARY)
LIMIT = 104


def cut(*texts: str) -> list[Window]:
    return list(windows(texts, SPLIT, LIMIT))


def shown(texts: list[str], window: Window) -> list[str]:
    return [texts[p.unit][p.start : p.end] for p in window.places]


def test_a_sentence_ends_at_a_stop_before_a_capital() -> None:
    text = 'He left. "Iran will wait," he said. Next day'
    assert [text[a:][:4] for a in sentence_starts(text)] == ["He l", '"Ira', "Next"]


def test_titles_initials_and_us_do_not_end_a_sentence() -> None:
    assert sentence_starts("Gen. Petraeus met J. Smith of the U.S. Embassy and Mr. Jones.") == [0]


def test_capitals_break_into_sentences_too() -> None:
    assert len(sentence_starts("HE LEFT AT NOON. THE EMBASSY KNOWS NOTHING; REPORT FOLLOWS.")) == 3


def test_short_neighbouring_units_share_a_window_with_a_separator_between() -> None:
    (window,) = cut("ab cd.", "ef.")
    assert [VOCABULARY[n] for n in window.pieces].count("[SEP]") == 2
    assert [p.unit for p in window.places] == [0, 0, 0, 1, 1]


def test_a_window_keeps_the_limit_and_breaks_between_sentences() -> None:
    texts = ["Aaaa bbbb cccc dddd. " * 30]
    found = cut(*texts)
    assert all(len(w.pieces) <= LIMIT for w in found)
    assert all(shown(texts, w)[-1] == "." for w in found)


def test_windows_of_one_cable_are_of_about_one_size() -> None:
    sizes = [len(w.pieces) for w in cut("Aaaa bbbb cccc dddd. " * 31)]
    assert min(sizes) > max(sizes) / 2


def test_a_sentence_longer_than_the_limit_is_cut_at_a_word() -> None:
    found = cut("abcd " * 200)
    assert all(len(w.pieces) <= LIMIT for w in found)
    assert sum(len(w.places) for w in found) == 200


def test_no_text_gives_no_window() -> None:
    assert cut() == []
    assert cut("", " \n", "\x00") == []


@given(st.lists(st.text(alphabet="abY .,;!\n\x00é東-", max_size=400), max_size=5))
def test_every_word_stands_in_just_one_window_in_order(texts: list[str]) -> None:
    places = [(p.unit, p.start, p.end) for w in cut(*texts) for p in w.places]
    words = [(unit, w.start, w.end) for unit, text in enumerate(texts) for w in SPLIT.words(text)]
    assert places == words


@given(st.lists(st.text(alphabet="abY .,;!\n", max_size=600), max_size=4))
def test_every_window_keeps_the_limit(texts: list[str]) -> None:
    for window in cut(*texts):
        assert len(window.pieces) == len(window.cases) <= LIMIT
