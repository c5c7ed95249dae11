"""What a body may hold, what is read out of it, and what readers get of it."""

import gc
import json
import re
import sys
import time
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsroom import richtext
from newsroom.richtext import Reference, References, Subhead, blocks, cleaning
from newsroom.richtext.characters import printable
from tests.newsroom.hostile import KINDS, LINKS, REDIRECTS, VECTORS, faults

QUICK = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))

TAGS = (
    "p", "h1", "h2", "h3", "h6", "strong", "b", "em", "i", "s", "del", "sub", "sup", "ul", "ol",
    "li", "blockquote", "cite", "hr", "br", "a", "q", "span", "font", "table", "caption", "thead",
    "tbody", "tfoot", "tr", "th", "td", "figure", "figcaption", "aside", "div", "section", "pre",
    "svg", "math", "script", "style", "title", "textarea", "noscript", "template", "iframe",
    "select"
)  # fmt: skip
ATTRIBUTES = (
    "",
    ' data-note="1"',
    ' data-image="3" data-size="wide"',
    ' data-article="4"',
    " data-quote",
    " data-notes",
    ' href="/x?a=1&amp;b=2" title="a &quot;b&quot; <c>"',
    ' href="https://www.google.com/url?q=javascript:alert(1)"',
    ' href="java&#9;script:alert(1)"',
    ' start="3" rowspan="2" colspan="1" scope="row"',
    ' data-embed="https://youtu.be/abcdefghijk?si=x"',
    ' style="font-weight:bold"',
    ' style="font-weight:normal;font-style:italic"',
    ' onclick="alert(1)',
)
WORDS = (
    "words", " ", "\n", "  ", "1", "&amp;", "&lt;", "&nbsp;", "\u0338", "e\u0301", "&#x301;", "“x”",
    "<", ">", '"', "<!--", "-->", "<![CDATA[", "</", "&#0;", "\x00", "\r\n", "\u2028", "\ud800", "😀",
)  # fmt: skip
fragments = st.one_of(
    st.builds("<{}{}>".format, st.sampled_from(TAGS), st.sampled_from(ATTRIBUTES)),
    st.builds("</{}>".format, st.sampled_from(TAGS)),
    st.sampled_from(WORDS),
    st.sampled_from(VECTORS),
)
PIECES = (
    "a", "b ", " c", " ", "é", "\u0301", "\u2003", "&nbsp;", "&amp;", "&lt;", "<br>", "<em>x</em>", "<strong>y</strong>",
    "<strong>z </strong>", "<s></s>", "<em> </em>", "<small>q</s>", '<a href="/x">l</a>', '<a href="/x?b=1&c">m</a>',
    '<a href="x">n</a>', "<a>o</a>", '<sup data-note="1">1</sup>', '<sup data-note="2">1</sup>', "<em><s>d</s></em>",
)  # fmt: skip
lines = st.builds(
    "<{0}>{1}</{0}>".format,
    st.sampled_from(("p", "h2", "h3", "li", "td", "figcaption")),
    st.lists(st.sampled_from(PIECES), max_size=8).map("".join),
)
blocks_of_lines = st.builds(
    "{}{}".format,
    st.sampled_from(("", "<ul>", "<table><tr>", "<blockquote>", '<figure data-image="3">')),
    st.lists(lines, max_size=4).map("".join),
)
sources = st.lists(fragments, max_size=30).map("".join)
characters = st.text(st.characters(codec=None), max_size=60)


def shown(reference: Reference) -> str:
    return f"[{reference.kind} {reference.value} {reference.size}]{reference.inner}[/]"


# Clean: nothing gets in


def test_corpus_has_at_least_120_different_attacks() -> None:
    assert len(set(VECTORS)) == len(VECTORS) >= 120


@pytest.mark.parametrize("kind", KINDS)
def test_no_attack_leaves_more_than_the_allow_list(kind: str) -> None:
    for vector in KINDS[kind]:
        for source in (vector, f"<p>a {vector} b</p>", f"<table><tr><td>{vector}", vector * 3):
            html = richtext.clean(source)
            assert faults(html) == [], source
            assert richtext.clean(html) == html, source


@pytest.mark.parametrize("kind", KINDS)
def test_no_attack_comes_back_when_the_clean_text_is_normalized(kind: str) -> None:
    """A combining solidus behind a tag once ate its `>`, and words became attributes."""
    for vector in KINDS[kind]:
        html = richtext.clean(vector)
        assert unicodedata.normalize("NFC", html) == html
        assert faults(richtext.clean(unicodedata.normalize("NFKC", html))) == [], vector


def test_no_disguised_address_becomes_a_link_elsewhere() -> None:
    for vector in LINKS + REDIRECTS:
        html = richtext.clean(vector)
        assert not any(word in html for word in ('="java', '="data', "evil.example")), vector


@QUICK
@given(sources)
def test_whatever_comes_in_only_the_allow_list_comes_out(source: str) -> None:
    assert faults(richtext.clean(source)) == []


@QUICK
@given(st.one_of(sources, characters))
def test_clean_of_clean_is_the_same(source: str) -> None:
    html = richtext.clean(source)
    assert richtext.clean(html) == html
    assert cleaning.still_clean(html) is html


@QUICK
@given(st.one_of(blocks_of_lines, sources))
def test_a_line_taken_as_it_stands_is_what_reading_it_gives(source: str) -> None:
    html = richtext.clean(source)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "take_verbatim", lambda *_: None)
        assert richtext.clean(source) == html


@QUICK
@given(st.one_of(sources, characters))
def test_clean_text_is_nfc_with_lf_and_without_control_characters(source: str) -> None:
    html = richtext.clean(source)
    assert unicodedata.is_normalized("NFC", html)
    assert not [c for c in html if unicodedata.category(c) in ("Cc", "Cs")]


@QUICK
@given(characters)
def test_escaped_words_come_back_letter_for_letter(text: str) -> None:
    """Nobody's words are lost: what was typed as text is what is read."""
    wanted = "".join(unicodedata.normalize("NFC", printable(text)).split())
    html = richtext.paragraphs(text)
    assert "".join(richtext.plain_text(html).split()) in (wanted, wanted.replace("\u0338", ""))


@QUICK
@given(characters)
def test_plain_text_as_paragraphs_is_clean(text: str) -> None:
    html = richtext.paragraphs(text)
    assert faults(html) == []


def test_text_that_never_settles_loses_its_markup_and_keeps_its_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cleaning, "MAX_PASSES", 1)
    assert richtext.clean("<div>1 &lt; 2</div><b>b</b>") == "<p>1 &lt; 2</p><p>b</p>"


def test_nh3_has_the_last_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """Should the tree ever write what it must not, nh3 takes it out."""
    monkeypatch.setattr(cleaning, "_rebuilt", lambda source: source)
    source = '<p onclick=x>a<script>b</script></p><a href="javascript:c">d</a><figure data-image="e">f</figure>'
    assert richtext.clean(source) == "<p>a</p><a>d</a><figure>f</figure>"


# Clean: nothing gets lost


VERBATIM = (
    "",
    "<p>“Jack is the outlet’s editor.”</p>",
    "<p>Jack Buckby is 19FortyFive's Breaking News Editor.</p>",
    '<p>1 &lt; 2 &amp; 3 &gt; 2, "quoted", it\'s 10&nbsp;km — or ½…</p>',
    "<h2>This has happened before</h2><p>a</p><h3>Twice</h3><p>b</p>",
    "<p><strong>a</strong> <em>b</em> <s>c</s> H<sub>2</sub>O x<sup>2</sup> <em><strong>d</strong></em></p>",
    "<p>one<br>two</p><p></p><p>three</p>",
    "<p>a</p><hr><p>b</p>",
    '<p><a href="https://example.com/a?b=1&amp;c=2#d" title="A “title”">a</a></p>',
    '<p><a href="mailto:desk@example.com">a</a> <a href="tel:+44-20-7946-0000">b</a></p>',
    '<p><a href="/2026/11/slug/">a</a> <a href="#note-1">b</a> <a href="?page=2">c</a> <a href="/">d</a></p>',
    '<p><a href="https://de.wikipedia.org/wiki/München">a</a> <a href="http://[::1]:8000/x">b</a></p>',
    '<p><a href="https://example.com/" rel="sponsored">a</a></p>',
    "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>",
    '<ol start="4"><li><p>a</p></li><li><p>b</p><ul><li><p>c</p></li></ul></li></ol>',
    "<blockquote><p>a</p><p>b</p><cite>c</cite></blockquote>",
    "<blockquote>a <cite>b</cite></blockquote>",
    '<aside data-quote="">a <cite>b</cite></aside>',
    '<aside data-quote=""><p>a</p><cite>b</cite></aside>',
    '<aside data-article="12"></aside>',
    '<aside data-article="12"><p>a</p></aside>',
    '<figure data-image="12" data-size="wide"><figcaption>a <em>b</em>.</figcaption></figure>',
    '<figure data-image="12" data-size="inline"></figure>',
    '<figure data-graphic="7" data-size="full"><figcaption>a</figcaption></figure>',
    '<figure data-embed="https://www.youtube.com/watch?v=abcdefghijk"></figure>',
    '<figure data-embed="https://x.com/someone/status/1234567890"><figcaption>a</figcaption></figure>',
    (
        '<table><thead><tr><th scope="col">a</th><th scope="col">b</th></tr></thead><tbody><tr>'
        '<th scope="row" rowspan="2">c</th><td colspan="2">d</td></tr><tr><td></td></tr></tbody></table>'
    ),
    (
        '<p>a<sup data-note="1">1</sup>, b<sup data-note="2">2</sup></p>'
        '<ol data-notes=""><li>c <a href="https://example.com/">d</a></li><li><p>e</p></li></ol>'
    ),
)


@pytest.mark.parametrize("html", VERBATIM)
def test_what_the_desk_writes_is_kept_verbatim(html: str) -> None:
    assert richtext.clean(html) == html


CANONICAL = {
    "<h1>a</h1><h4>b</h4><h6>c</h6>": "<h2>a</h2><h3>b</h3><h3>c</h3>",
    "<p><b>a</b><i>b</i><strike>c</strike><del>d</del></p>": "<p><strong>a</strong><em>b</em><s>cd</s></p>",
    "a": "<p>a</p>",
    "<div>a</div><div>b</div>": "<p>a</p><p>b</p>",
    "<section><div>a<p>b</p>c</div></section>": "<p>a</p><p>b</p><p>c</p>",
    "<p><span>a</span><font color=red>b</font><u>c</u><x-y>d</x-y></p>": "<p>abcd</p>",
    "<ul><li><div>a</div></li><li><div>b</div><div>c</div></li></ul>": "<ul><li>a</li><li><p>b</p><p>c</p></li></ul>",
    "<p>a\n  b\tc </p>\n\n<p> d</p>": "<p>a b c</p><p>d</p>",
    "<p>a <b> b</b><i> c</i> <br> d<br></p>": "<p>a <strong>b</strong><em> c</em><br>d</p>",
    "<p></p><p>&nbsp;</p><p>a</p><p><br></p>": "<p>a</p>",
    "<h2></h2><h3> <b> </b></h3><blockquote><p></p></blockquote><ul></ul>": "",
    "<p>a<b></b><i> </i>b</p>": "<p>a b</p>",
    "<p><b><b>a</b></b><b>b</b></p>": "<p><strong>ab</strong></p>",
    "<p><b>a<i>b</b>c</i></p>": "<p><strong>a<em>b</em></strong><em>c</em></p>",
    "<b><p>a</p><p>b</p></b>": "<p><strong>a</strong></p><p><strong>b</strong></p>",
    "<p><b>a</p><p>b</p>": "<p><strong>a</strong></p><p>b</p>",
    '<a href="/x"><h2>a</h2><p>b</p></a>': '<h2><a href="/x">a</a></h2><p><a href="/x">b</a></p>',
    '<b style="font-weight:normal"><p>a</p><p><span style="font-weight:700">b</span></p></b>': "<p>a</p><p><strong>b</strong></p>",
    "<h2><div>a</div></h2><p>b</p>": "<h2>a</h2><p>b</p>",
    "<p>a<ul><li>b<li>c</ul>d": "<p>a</p><ul><li>b</li><li>c</li></ul><p>d</p>",
    "<ul><li>a</li><ul><li>b</li></ul></ul>": "<ul><li>a<ul><li>b</li></ul></li></ul>",
    "<li>a<li>b": "<p>a</p><p>b</p>",
    '<ol start="1"><li>a</ol><ol start="0"><li>b</ol>': "<ol><li>a</li></ol><ol><li>b</li></ol>",
    "<table><caption>a</caption><tr><td colspan=1>b<td rowspan=3>c<tfoot><tr><td>d</table>": (
        '<p>a</p><table><tbody><tr><td>b</td><td rowspan="3">c</td></tr></tbody><tbody><tr><td>d</td></tr></tbody></table>'
    ),
    "<table><tfoot><tr><td>a</td></tr></tfoot><tr><td>b</table>": (
        "<table><tbody><tr><td>a</td></tr></tbody><tbody><tr><td>b</td></tr></tbody></table>"
    ),
    "<figure><table><tr><td>a</table><figcaption>b</figcaption></figure>": (
        "<table><tbody><tr><td>a</td></tr></tbody></table><p>b</p>"
    ),
    "<figure><img src=x><figcaption>a</figcaption></figure>": "",
    '<figure data-image="007"><p>a</p></figure>': '<figure data-image="7"></figure><p>a</p>',
    '<aside data-quote="yes">a</aside><aside>b</aside>': '<aside data-quote="">a</aside><p>b</p>',
    "<p>He said <q>no</q>.</p>": "<p>He said “no”.</p>",
    "<pre>a\nb</pre>": "<p>a<br>b</p>",
    "<p>e\u0301 &#x301;</p>\r\n": "<p>é \u0301</p>",
    '<p><a href="/cafe\u0301/\u1100\u1161">a</a></p>': '<p><a href="/cafe%CC%81/%E1%84%80%E1%85%A1">a</a></p>',
    "<p>5 < 6 and a <b": "<p>5 &lt; 6 and a &lt;b</p>",
    '<p><sup data-note="1"></sup><a href="/x">a<sup data-note=2>2</sup></a></p>': (
        '<p><sup data-note="1">1</sup><a href="/x">a</a><sup data-note="2">2</sup></p>'
    ),
    '<p><a href="HTTPS://Example.com/ä b" rel="nofollow noopener" target=_blank>a</a></p>': (
        '<p><a href="https://Example.com/ä%20b">a</a></p>'
    ),
    '<p><a href="https://a.example/?x=1&copy=2&lt=3">a</a></p>': (
        '<p><a href="https://a.example/?x=1&amp;copy=2&amp;lt=3">a</a></p>'
    ),
}


@pytest.mark.parametrize(("source", "html"), CANONICAL.items())
def test_foreign_markup_becomes_ours_without_losing_words(source: str, html: str) -> None:
    assert richtext.clean(source) == html


@pytest.mark.parametrize(
    "redirect",
    [
        "https://www.google.com/url?q=https://example.com/a?b%3D1%26c%3D2&amp;sa=D&amp;ust=1",
        "https://www.google.co.uk/url?sa=t&amp;url=https%3A%2F%2Fexample.com%2Fa%3Fb%3D1%26c%3D2",
        "http://google.com/url?q=https%3A%2F%2Fwww.google.de%2Furl%3Fq%3Dhttps%253A%252F%252Fexample.com%252Fa%253Fb%253D1%2526c%253D2",
    ],
)
def test_google_redirects_are_unwrapped(redirect: str) -> None:
    html = richtext.clean(f'<p><a href="{redirect}">a</a></p>')
    assert html == '<p><a href="https://example.com/a?b=1&amp;c=2">a</a></p>'


def test_a_host_that_only_looks_like_google_is_left_alone() -> None:
    html = '<p><a href="https://google.com.example/url?q=/x">a</a></p>'
    assert richtext.clean(html) == html


@pytest.mark.parametrize(
    ("address", "embed"),
    [
        ("https://youtu.be/abcdefghijk?si=x", ("youtube", "https://www.youtube.com/watch?v=abcdefghijk")),
        ("https://m.youtube.com/watch?t=9&v=abcdefghijk", ("youtube", "https://www.youtube.com/watch?v=abcdefghijk")),
        ("https://player.vimeo.com/video/123456?h=1", ("vimeo", "https://vimeo.com/123456")),
        ("https://twitter.com/a_b/status/12?s=20", ("x", "https://x.com/a_b/status/12")),
        ("https://www.datawrapper.de/_/aB3dE/", ("datawrapper", "https://datawrapper.dwcdn.net/aB3dE/")),
        (
            "https://bsky.app/profile/a.example/post/3kabc",
            ("bluesky", "https://bsky.app/profile/a.example/post/3kabc"),
        ),
    ],
)  # fmt: skip
def test_embed_has_one_canonical_address(address: str, embed: tuple[str, str]) -> None:
    known = richtext.embed(address)
    assert known is not None
    assert (known.provider, known.address) == embed
    assert richtext.embed(known.address) == known


def test_the_table_of_providers_can_be_given_to_the_editor() -> None:
    assert json.loads(json.dumps(richtext.PROVIDERS)) == [list(one) for one in richtext.PROVIDERS]
    for provider in richtext.PROVIDERS:
        assert re.compile(provider.pattern).groups == 1
        assert provider.canonical.count("{}") == 1


def test_words_in_dropped_elements_are_dropped_and_those_after_are_kept() -> None:
    for (
        tag
    ) in "script style iframe svg math template object textarea title noscript select".split():  # noqa: SIM905
        html = richtext.clean(f"<p>a</p><{tag} x='>'>secret</{tag}><p>b</p>")
        assert html == "<p>a</p><p>b</p>", tag


# Clean: bounds


def test_a_megabyte_is_refused_with_a_sentence() -> None:
    with pytest.raises(
        richtext.TooLong, match=r"1,000,008 bytes; at most 1,000,000 fit.*Shorten it"
    ):
        richtext.clean("<p>" + "é" * 500_000 + "</p>" + "x")
    assert issubclass(richtext.TooLong, ValueError)


def test_a_text_that_grows_over_a_megabyte_when_clean_is_refused() -> None:
    for source in ("&" * 300_000, '<b><a href="/' + "x" * 4000 + '">' + "<p>x" * 2000):
        with pytest.raises(richtext.TooLong):
            richtext.clean(source)


@pytest.mark.parametrize(
    "tag",
    [
        "div",
        "p",
        "b",
        "a href=/x",
        "blockquote",
        "ul><li",
        "table><tr><td",
        "svg",
        "font color=1",
        "x-y",
    ],
)
def test_ten_thousand_nested_tags_are_taken_in_passing(tag: str) -> None:
    source = f"<{tag}>" * (10_000 // (tag.count("<") + 1)) + "words"
    assert calls(richtext.clean, source) < 1_000_000  # about half a second
    html = richtext.clean(source)
    assert "words" in html
    assert faults(html) == []


@pytest.mark.parametrize(
    "piece",
    ["<p></p>", "<svg ", "<svg>", "</script ", "<!--", "<!", "<a b='", "<object><p>", "&#x", "a\u0301\u0316",
     "<b><i>x</b>", '<a href="https://www.google.com/url?q=', "<x>a", "<sup data-note=1>", "<figure>", "<aside ", "<ul><li>x</li>"],
)  # fmt: skip
def test_no_repetition_costs_more_than_its_length(piece: str) -> None:
    """Four times the text is four times the work; 16 times would be a way to stop the desk.

    Calls are counted, which come out the same on every machine. What goes on inside one regular
    expression does not count as calls: for that the time is a net, far from where a busy machine
    matters (eight times the text; 64 times as long would be the fault).
    """
    short, long = (calls(richtext.clean, repeated(piece, size)) for size in (25_000, 100_000))
    assert long < 4.2 * short + 200
    short_s, long_s = (cpu_seconds(repeated(piece, size)) for size in (25_000, 200_000))
    assert long_s < 24 * short_s + 0.2


def repeated(piece: str, size_bytes: int) -> str:
    return piece * (size_bytes // len(piece.encode()))


def calls(deed: Callable[[str], object], source: str) -> int:
    """How many Python and C functions the deed calls: its work, without a clock."""
    count = 0

    def see(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(see)
    try:
        deed(source)
    finally:
        sys.setprofile(before)
    return count


def cpu_seconds(source: str) -> float:
    """The least of three: what neighbors on the machine cost is in the others. Without the garbage
    collector, which walks over all that pytest holds."""
    taken = []
    gc.collect()
    gc.disable()
    try:
        for _ in range(3):
            begun = time.process_time()
            richtext.clean(source)
            taken.append(time.process_time() - begun)
    finally:
        gc.enable()
    return min(taken)


def test_letters_keep_thirty_marks_and_no_more() -> None:
    html = richtext.clean("<p>x" + "\u0316\u0301" * 50 + "y</p>")
    assert html == "<p>x" + "\u0316" * 15 + "\u0301" * 15 + "y</p>"


# Words


ARTICLE = (
    '<h2>Why now</h2><p>The “S-400”<sup data-note="1">1</sup> costs<br>$1,000 &amp; more.</p>'
    '<figure data-image="3"><figcaption>A launcher.</figcaption></figure>'
    "<ul><li>one</li><li><p>two</p></li></ul><table><tbody><tr><th>a</th><td>b c</td></tr><tr><td>d</td></tr></tbody></table>"
    '<ol data-notes=""><li>A source.</li></ol>'
)


def test_plain_text_has_every_word_once_in_blocks() -> None:
    assert richtext.plain_text(ARTICLE) == (
        "Why now\n\nThe “S-400” costs\n$1,000 & more.\n\nA launcher.\n\none\n\ntwo\n\na\tb c\n\nd\n\nA source."
    )


def test_an_empty_row_is_no_words() -> None:
    row = "<tr><td></td><td></td></tr>"
    html = f"<p>a</p><table><tbody>{row}<tr><td>b</td><td></td></tr></tbody></table><p>c</p>"
    assert richtext.plain_text(html) == "a\n\nb\n\nc"


@pytest.mark.parametrize(
    ("text", "words"),
    [("", 0), ("one", 1), ("It’s 1,000 “words”", 3), ("state-of-the-art", 1), ("yes—no", 2), ("a — b & c …", 3), ("हिन्दी में", 2)],
)  # fmt: skip
def test_words_are_counted_as_people_count_them(text: str, words: int) -> None:
    assert richtext.word_count(text) == words


def test_reading_time_is_whole_minutes_and_never_none() -> None:
    assert [richtext.reading_minutes(words) for words in (0, 1, 344, 345, 1150)] == [1, 1, 1, 2, 5]


def test_excerpt_ends_after_a_word() -> None:
    text = "The quick\n\nbrown fox, jumps."
    assert (
        richtext.excerpt(text, 26)
        == "The quick brown fox, jumps."[:26].rsplit(" ", 1)[0].rstrip(",") + "…"
    )
    assert richtext.excerpt(text, 27) == "The quick brown fox, jumps."
    assert richtext.excerpt(text, 12) == "The quick…"
    assert richtext.excerpt("Uncopyrightable", 5) == "Unco…"
    assert richtext.excerpt("cafe\u0301s", 5) == "caf…"


@QUICK
@given(characters, st.integers(min_value=0, max_value=40))
def test_excerpt_is_never_longer_than_asked(text: str, max_chars: int) -> None:
    assert len(richtext.excerpt(text, max_chars)) <= max_chars


# References


def test_references_come_in_order_and_once() -> None:
    html = (
        '<figure data-image="9"></figure><figure data-image="3"></figure><aside data-article="5"></aside>'
        '<figure data-image="9"></figure><figure data-graphic="1"></figure>'
        '<figure data-embed="https://youtu.be/abcdefghijk"></figure><p>&lt;figure data-image="77"&gt;</p>'
    )
    assert richtext.references(html) == References(
        images=(9, 3),
        articles=(5,),
        graphics=(1,),
        embeds=("https://www.youtube.com/watch?v=abcdefghijk",),
    )


# Render


def test_references_are_replaced_by_what_the_callback_returns() -> None:
    html = (
        '<p>a</p><figure data-image="3" data-size="wide"><figcaption>b &amp; <em>c</em></figcaption></figure>'
        '<aside data-article="5"><p>d</p></aside><aside data-quote="">e</aside>'
        '<figure data-embed="https://vimeo.com/123456"></figure><figure data-graphic="8"></figure>'
    )
    assert richtext.expand(html, figure=shown) == (
        "<p>a</p>[image 3 wide]<figcaption>b &amp; <em>c</em></figcaption>[/][article 5 inline]<p>d</p>[/]"
        '<aside data-quote="">e</aside>[embed https://vimeo.com/123456 inline][/][graphic 8 inline][/]'
    )


def test_what_the_callback_returns_is_not_read_again() -> None:
    html = richtext.expand(
        '<figure data-image="3"></figure><h2>a</h2>', figure=lambda _: "<h2>x</h2><table>"
    )
    assert html == '<h2>x</h2><table><h2 id="a">a</h2>'


def test_a_body_without_references_is_expanded_byte_for_byte() -> None:
    html = "<p>a “b” &amp; c&nbsp;d</p><ul><li>e</li></ul><blockquote><p>f</p></blockquote>"
    assert richtext.expand(html, figure=shown) == html


@pytest.mark.parametrize("kind", KINDS)
def test_attacks_written_past_the_form_do_not_reach_the_page(kind: str) -> None:
    for vector in KINDS[kind]:
        html = richtext.expand(f"<p>a</p>{vector}", figure=lambda _: "")
        ours = (" id=", "<div", "</div", "aria-label=")
        assert [fault for fault in faults(html) if not any(word in fault for word in ours)] == []


@pytest.mark.parametrize(
    "html",
    [
        '<figure data-image="1"><figure data-image="2"></figure></figure>',
        '<aside data-article="1"><h2>a</h2></aside>',
        "<p>a\x08</p>",
        '<p onclick="x">a</p>',
    ],
)
def test_a_body_that_clean_did_not_write_is_cleaned_before_it_is_rendered(html: str) -> None:
    assert cleaning.still_clean(html) == richtext.clean(html) != html


def test_subheads_get_unique_ids_made_of_their_words() -> None:
    html = (
        "<h2>This has happened before</h2><h3>It’s <em>Zürich</em>, again!</h3><h2>This has happened before</h2>"
        "<h2>???</h2><h2>Main</h2><h2>Note 1</h2><h3>Москва</h3>"
    )
    assert [subhead.id for subhead in richtext.subheads(html)] == [
        *("this-has-happened-before", "its-zurich-again", "this-has-happened-before-2"),
        *("section", "main-2", "section-note-1", "москва"),
    ]


def test_subheads_and_the_page_name_the_same_ids() -> None:
    html = '<h2>A &amp; B<sup data-note="1">1</sup></h2><p>x</p><h3>A<br>B</h3><ol data-notes=""><li>n</li></ol>'
    assert richtext.subheads(html) == (Subhead("a-b", 2, "A & B"), Subhead("a-b-2", 3, "A B"))
    page = richtext.expand(html, figure=shown)
    assert '<h2 id="a-b">A &amp; B<sup id="note-ref-1"><a href="#note-1">1</a></sup></h2>' in page
    assert '<h3 id="a-b-2">' in page


def test_footnotes_lead_there_and_back() -> None:
    html = (
        '<p>a<sup data-note="1">1</sup> b<sup data-note="2">2</sup> c<sup data-note="1">1</sup> d<sup data-note="9">9</sup></p>'
        '<ol data-notes=""><li>one<ul><li>x</li></ul></li><li><p>two</p></li><li>three</li></ol><ol><li>y</li></ol>'
    )
    assert richtext.expand(html, figure=shown) == (
        '<p>a<sup id="note-ref-1"><a href="#note-1">1</a></sup> b<sup id="note-ref-2"><a href="#note-2">2</a></sup>'
        ' c<sup id="note-ref-1-2"><a href="#note-1">1</a></sup> d<sup>9</sup></p>'
        '<ol data-notes=""><li id="note-1">one<ul><li>x</li></ul>'
        ' <a href="#note-ref-1" aria-label="Back to the text, note 1">↩\ufe0e</a></li>'
        '<li id="note-2"><p>two <a href="#note-ref-2" aria-label="Back to the text, note 2">↩\ufe0e</a></p></li>'
        '<li id="note-3">three</li></ol><ol><li>y</li></ol>'
    )


def test_a_footnote_in_a_caption_is_linked_for_the_template() -> None:
    html = (
        '<figure data-image="3"><figcaption>a<sup data-note="1">1</sup></figcaption></figure>'
        '<ol data-notes=""><li>n</li></ol>'
    )
    assert '<sup id="note-ref-1"><a href="#note-1">1</a></sup></figcaption>[/]' in richtext.expand(
        html, figure=shown
    )


def test_tables_scroll_in_a_region_with_a_name_of_its_own() -> None:
    table = "<table><tbody><tr><td>a</td></tr></tbody></table>"
    box = '<div class="table-scroll" role="region" tabindex="0" aria-label="{}">{}</div>'
    html = richtext.expand(table + table, figure=shown)
    assert html == box.format("Table", table) + box.format("Table 2", table)


def test_the_id_of_a_long_subhead_ends_after_a_word() -> None:
    (subhead,) = richtext.subheads("<h2>" + "A rather long subhead that goes on " * 4 + "</h2>")
    assert subhead.id == "a-rather-long-subhead-that-goes-on-a-rather-long-subhead"


def test_every_id_on_an_expanded_page_is_unique() -> None:
    html = richtext.expand("<h2>a-2</h2><h2>a</h2><h2>a</h2><h3>A</h3><h2>a 2</h2>", figure=shown)
    ids = [part.split('"')[0] for part in html.split(' id="')[1:]]
    assert ids == ["a-2", "a", "a-3", "a-4", "a-2-2"]


def test_rendering_twelve_kilobytes_is_little_work() -> None:
    """desk.md has 2 ms for it: here its calls are counted."""
    paragraph = (
        "<p>"
        + "Officials said “nothing” of the kind. " * 8
        + '<a href="https://example.com/x?a=1">More</a></p>'
    )
    html = richtext.clean(("<h2>Why</h2>" + paragraph * 6 + '<figure data-image="3"></figure>') * 6)
    assert len(html.encode()) > 12_000
    assert calls(lambda source: richtext.expand(source, figure=shown), html) < 2_000


# Feeds and biographies


def test_addresses_in_a_feed_are_absolute() -> None:
    html = (
        '<p>/x href="/not-a-tag"</p><a title=\'href="/no"\' href="/a?b=1&amp;c=2">a</a><a href=\'#note-1\'>b</a>'
        '<a href="?page=2">c</a><a href="https://o.example/">d</a><a href="mailto:a@b.example">e</a><img alt="1 > 0" '
        'src=/m/1.jpg srcset="/m/1.jpg 600w, /m/2,x.jpg 1200w"><img src="//cdn.example/3.jpg">'
    )
    assert richtext.absolute(html, base_url="https://n.example/2026/11/s/") == (
        '<p>/x href="/not-a-tag"</p><a title=\'href="/no"\' href="https://n.example/a?b=1&amp;c=2">a</a>'
        '<a href="https://n.example/2026/11/s/#note-1">b</a><a href="https://n.example/2026/11/s/?page=2">c</a>'
        '<a href="https://o.example/">d</a><a href="mailto:a@b.example">e</a><img alt="1 > 0" '
        'src="https://n.example/m/1.jpg" srcset="https://n.example/m/1.jpg 600w, https://n.example/m/2,x.jpg 1200w">'
        '<img src="https://cdn.example/3.jpg">'
    )


def test_a_note_in_a_feed_leads_to_the_page_with_its_query() -> None:
    html = richtext.absolute('<a href="#note-1">1</a>', base_url="https://n.example/?p=7&x=1#top")
    assert html == '<a href="https://n.example/?p=7&amp;x=1#note-1">1</a>'


def test_a_feed_needs_the_full_address_of_the_article() -> None:
    with pytest.raises(ValueError, match="full address of the article"):
        richtext.absolute("<p>a</p>", base_url="/2026/11/s/")


def test_a_biography_becomes_paragraphs_without_becoming_markup() -> None:
    text = "Jack <b>Buckby</b> & “co”.\r\nSecond line.\n\n \n  Next\tparagraph.\n"
    assert richtext.paragraphs(text) == (
        "<p>Jack &lt;b&gt;Buckby&lt;/b&gt; &amp; “co”.<br>Second line.</p><p>Next paragraph.</p>"
    )
    assert richtext.paragraphs(" \n\n ") == ""


def test_clean_html_is_safe_in_json_and_has_one_spelling() -> None:
    html = richtext.clean("<p>a\u2028b</p><p>caf\u0065\u0301</p>")
    assert json.loads(json.dumps(html)) == html == "<p>a b</p><p>café</p>"
