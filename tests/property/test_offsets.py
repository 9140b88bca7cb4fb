"""Normalised text and its map: every character is accounted for, every span gives its text."""

from hypothesis import given
from hypothesis import strategies as st

from mining.spans import OffsetMap, Span
from mining.steps.normalize import normalize_text
from mining.tabular.tabletext import tokenize

# Everything that normalisation touches, mixed with text and table signs.
_PIECES = st.sampled_from(
    [
        "本年", "新收", "申请", "1", "２３", "，", "（", "Ａ", " ", "\u3000", "\u00a0", "\n",
        "\r\n", "\r", "\u2028", "\u200b", "\ufeff", "\u00ad", "㈠", "㈩", "⑴", "⒈", "⒛", "|", "｜",
        "\t",
        "[bookmark: _GoBack]", "[bookmark:", "\v", "\f", "－", "％", "〘", "𠀀", "\0",
    ]
)  # fmt: skip
_RAW = st.lists(_PIECES, max_size=40).map("".join)


@given(raw=_RAW)
def test_unchanged_stretches_line_up_and_edits_cover_the_rest(raw: str) -> None:
    text, offsets = normalize_text(raw)

    at_raw = at_text = 0
    for edit in offsets.edits:
        assert edit.raw_start - at_raw == edit.start - at_text >= 0
        assert edit.raw_end > edit.raw_start
        at_raw, at_text = edit.raw_end, edit.end
    assert len(raw) - at_raw == len(text) - at_text


@given(raw=_RAW)
def test_nothing_but_noise_is_lost_and_a_second_pass_changes_nothing(raw: str) -> None:
    text, _ = normalize_text(raw)

    assert text.count("申请") == raw.count("申请")
    assert text.count("\t") == raw.count("\t")
    assert not set(text) & set("\r\u2028\u200b\ufeff\u00ad\u3000｜２㈠⑴")
    assert "[bookmark: _GoBack]" not in text or "[bookmark: _GoBack]" not in raw


@given(raw=_RAW, data=st.data())
def test_a_span_traced_to_the_raw_text_covers_its_source(raw: str, data: st.DataObject) -> None:
    text, offsets = normalize_text(raw)
    start = data.draw(st.integers(0, len(text)))
    span = Span(start, data.draw(st.integers(start, len(text))))

    source = offsets.to_raw(span)

    assert 0 <= source.start <= source.end <= len(raw)
    if len(span):
        assert span.of(text) in normalize_text(source.of(raw))[0]
        assert offsets.to_text(source).contains(span)


@given(raw=_RAW)
def test_the_map_keeps_order(raw: str) -> None:
    text, offsets = normalize_text(raw)

    starts = [offsets.to_raw(Span(i, i + 1)).start for i in range(len(text))]

    assert starts == sorted(starts)


@given(raw=_RAW)
def test_tokens_tell_where_their_text_stands(raw: str) -> None:
    text, _ = normalize_text(raw)

    tokens = tokenize(text, start=5)

    assert all(t.text in {text[t.start - 5 : t.end - 5], ""} or "\n" in t.text for t in tokens)
    for token in tokens:
        printed = text[token.start - 5 : token.end - 5]
        assert [p.strip() for p in printed.split("\n")] == token.text.split("\n")
    assert [t.start for t in tokens] == sorted(t.start for t in tokens)


@given(raw=_RAW)
def test_no_character_of_a_table_text_is_lost(raw: str) -> None:
    text, _ = normalize_text(raw)

    read = "".join("".join(t.text.split()) for t in tokenize(text))

    assert read == "".join(text.replace("|", " ").split())


def test_an_empty_map_changes_nothing() -> None:
    assert OffsetMap().to_raw(Span(3, 7)) == Span(3, 7)
    assert OffsetMap().to_text(Span(3, 7)) == Span(3, 7)
