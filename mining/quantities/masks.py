"""What looks like a number and is no figure: dates, document numbers, addresses, names."""

from __future__ import annotations

import re
from collections.abc import Mapping

from mining.quantities.maskwords import NO_UNIT, word_patterns
from mining.spans import Span

__all__ = ["GAP", "find_masks", "find_ranges", "half_width"]

GAP = "\0\n"
"""What parts texts that are joined, so that a mask ends where its text does.

No pattern goes over both: blanks are no ``\\0``, and what may be anything is no line end.
"""

_WIDE = re.compile("[０-９％﹪．]")
_HALF = str.maketrans("０１２３４５６７８９％﹪．", "0123456789%%.")

_CN = "[零〇一二三四五六七八九十百两廿]"
_N = rf"(?:[0-9]{{1,4}}|{_CN}{{1,6}})"
_JOINTS = "-—–~～至到、/"
_DASH = f"[{_JOINTS}]"
_YEAR = r"(?:19|20)[0-9]{2}"
_NO_YEAR = rf"{NO_UNIT}(?![.,][0-9]|%|元|\s?[%倍部册户])"
_TEN_YEARS = rf"(?:9[5-9][0-9]|0(?:0[1-9]|[1-3][0-9])){_NO_YEAR}"

_DAYS = rf"\s?{_N}\s?个?\s?(?:工作日|自然日|日|天|小时)"

_FIRST = f"[0-9{_CN[1:-1]}]"

# What begins with the first digit of a run and goes on after it with one of the characters given,
# two blanks between them at most. One scan finds the runs that go on so; they are a third of all.
_RUN_LED = tuple(
    (cues, re.compile(pattern))
    for cues, pattern in (
        # Dates and years; the copies drop characters: 20211月1日, 201711日.
        (
            "年",
            (
                rf"[0-9](?<![0-9.][0-9])[0-9]{{0,3}}\s{{0,2}}年(?:{_DASH}{{0,2}}\s?[0-9]{{2,4}}\s?年)?(?:度|底|初|末|间|来)?"
                rf"(?:\s{{0,2}}[0-9]{{1,2}}\s{{0,2}}(?:{_DASH}{{1,2}}\s?[0-9]{{1,2}}\s{{0,2}})?月份?"
                r"(?:\s{0,2}[0-9]{1,2}\s{0,2}[日号])?)?"
            ),
        ),
        (
            f"年{_JOINTS}",
            rf"[12](?<![0-9][0-9])[0-9]{{3}}\s?(?:年度?)?\s?{_DASH}{{1,2}}\s?{_YEAR}\s?(?:年度?)?",
        ),
        ("月日号", r"[12](?<![0-9][0-9])[0-9]{4,6}(?:月(?:[0-9]{1,2}日)?|日|号)"),
        (
            "-./",
            r"[12](?<![0-9.][0-9])[0-9]{3}[-./](?:1[0-2]|0?[1-9])(?:[-./][0-9]{1,2})?(?![0-9%万亿元倍]|个百)",
        ),
        (
            f"月{_JOINTS}",
            (
                rf"[0-9](?<![0-9.][0-9])[0-9]?\s?(?:{_DASH}{{1,2}}\s?[0-9]{{1,2}}\s?)?月(?:份|底|初|末|[上中下]旬)?"
                rf"(?:\s?[0-9]{{1,2}}\s?(?:{_DASH}{{1,2}}\s?[0-9]{{1,2}}\s?)?[日号])?"
            ),
        ),
        ("日", r"[0-9](?<![0-9.][0-9])[0-9]?\s?日(?!均|常)"),
        (
            ":：",
            r"[0-9](?<![0-9:：][0-9])[0-9]?[:：][0-5][0-9](?:[:：][0-5][0-9])?(?![0-9]|\s?[条件个次项篇人份])",
        ),
        # 8时30分, 14点: no score.
        ("时点", r"[0-9](?<![0-9.][0-9])[0-9]?[时点](?![政评击])(?:[0-5]?[0-9]分)?"),
        ("×xX*＊", r"[0-9](?<![0-9][0-9])[0-9]?\s?[×xX*＊]\s?[0-9]{1,2}(?:\s?小时)?"),
        (
            "-—之号室楼层#栋幢单",
            r"[0-9](?<![0-9.][0-9])[0-9]{0,9}(?:[-—之][0-9]{1,4})?\s?(?:号(?!召)|室|楼|层楼|#|(?:栋|幢|单元)(?=\s?[0-9一二三四五六七八九十]))",
        ),
        # Names: 5·15, 1+3+N, versions.
        ("·•・", r"[0-9](?<![0-9.][0-9])[0-9]?\s?[·•・]\s?[0-9]{1,2}"),
        ("+＋", r"[0-9](?<![0-9.][0-9])[0-9]?(?:[+＋][0-9XNn]{1,3}){1,5}(?:[+＋][A-Z])?"),
        (".", r"[0-9](?<![0-9.][0-9])[0-9]{0,2}\.[0-9]{1,3}(?:\.[0-9]{1,4}){1,3}"),
        (".", r"[0-9](?<![0-9.][0-9])[0-9]?\.[0-9]\s?版"),
    )
)
# List numbers, at the start of a line.
_LIST_NUMBER = (
    rf"[ \t　]*(?:[（(]\s{{0,2}}{_N}\s{{0,2}}[）)]\s?[、.．,，]?"
    rf"|{_N}\s{{0,2}}(?:[、．]|[.,，](?![0-9])))"
)
_FIRST_LINE = re.compile(_LIST_NUMBER)
# What it takes of the next line is no part of the match: that line may begin with a number too.
_NEXT_LINE = re.compile(rf"\n(?=({_LIST_NUMBER}))")

# What begins with one of the words given and goes on with the expression behind them. One scan
# finds where that is so: most of these patterns find nothing in a text.
_WORD_LED = tuple(
    (words.split(), then, re.compile(pattern))
    for words, then, pattern in (
        (
            "之日起 日起 起 后",
            _FIRST,
            rf"(?:之日起|日起|起|后)(?:{_N})\s?个?\s?(?:工作日|自然日|日)",
        ),
        ("不 没 未", "[得有]?[少超低]", rf"[不没未][得有]?(?:少于|超过|低于){_DAYS}"),
        ("提前", rf"\s?{_FIRST}", rf"提前{_DAYS}"),
        ("法定", "", rf"法定的?(?:期限|时限)?{_DAYS}"),
        ("延长", "", rf"延长(?:的为|了|的|为)?{_DAYS}"),
        ("前 后 末", _FIRST, rf"[前后末](?:[0-9]{{1,2}}|{_CN}{{1,2}})[位名]"),
        ("一起", "", r"一起(?![行案诉复舆信投败胜驳撤,，。、；;）)]|和解|维持)"),
        (
            "浏览 点击 阅读 访问",
            "[次数量率]",
            r"(?:浏览|点击|阅读|访问)(?:次数|数|量|率)\s?[:：]\s?[0-9]{1,9}",
        ),
        (
            "24",
            r"\s?小时",
            r"24\s?小时(?=自助|服务|在线|值班|热线|受理|不间断|开放|全天|畅通|监|办|查|响)",
        ),
        # Documents: 〔2021〕30号 in every bracket, brackets lost, 第711号.
        (
            "〔 ﹝ 【 [ ( （ ［",
            r"\s?(?:19|20)",
            rf"[〔﹝【\[(（［]\s?{_YEAR}\s?[〕﹞】\])）］]?\s?第?\s?[0-9]{{1,5}}\s?号",
        ),
        (
            "〔 ﹝ 【 [ ［",
            r"\s?(?:19|20)",
            rf"[〔﹝【\[［]\s?{_YEAR}\s?[〕﹞】\]］]\s?第?\s?[0-9]{{1,5}}{NO_UNIT}",
        ),
        (
            "办公室 会议室 房间 楼 座",
            "[A-Za-z]?[0-9]",
            rf"(?:办公室|会议室|房间|楼|座)[A-Za-z]?[0-9]{{3,4}}{NO_UNIT}",
        ),
        # Articles and ordinals, with the shortened ones after them: 第十九、二十条.
        (
            "第",
            rf"\s?[（(]?\s?{_FIRST}",
            (
                rf"第\s?[（(]?\s?{_N}\s?[)）]?\s?(?:[条款项章节批次届期个部卷类篇编号轮位名场季页大种]"
                rf"(?:[（(]{_N}[)）]\s?[项款目])?)?(?:(?:\s?[、至和及]\s?第?\s?[（(]?{_N}[)）]?){{1,6}}\s?[条款项章])?"
            ),
        ),
        ("》 条例", rf"\s?{_FIRST}", rf"(?:》|条例)\s?{_N}条(?!件|次|信息)"),
        # List numbers.
        (
            "（ (",
            rf"\s{{0,2}}{_FIRST}",
            rf"[（(]\s{{0,2}}(?:[0-9]{{1,2}}|{_CN}{{1,3}})\s{{0,2}}[)）]",
        ),
        (
            "。 ； ; ！",
            r"\s{0,2}[0-9]{1,2}[．、.]",
            r"[。；;！]\s{0,2}[0-9]{1,2}(?:[．、]|\.(?![0-9]))(?=[^0-9\s\0])",
        ),
        ("： :", r"\s{0,2}1[．、.]", r"[：:]\s{0,2}1(?:[．、]|\.(?![0-9]))(?=[^0-9\s\0])"),
        (
            "附件 附表 序号 编号 代码 账号 索引号 信用代码 标识码 版本 样本 备案号",
            r"号?\s?[:：]?\s?[0-9A-Za-z]",
            (
                r"(?:附件|附表|序号|编号|代码|账号|索引号|信用代码|标识码|版本号?|样本|备案号)\s?[:：]?\s?"
                r"[0-9A-Za-z]{1,24}(?:[-./—][0-9A-Za-z]{1,20}){0,5}" + NO_UNIT
            ),
        ),
        ("表 图", r"\s?[0-9]", r"[表图](?<![代发列填制报][表图])\s?[0-9]{1,2}(?=[:：\s、,，.）)])"),
        # Phones and postcodes.
        (
            "电话 传真 手机 热线 座机 联系方式 QQ 微信号",
            r"群?(?:号码)?\s?[:：]?\s?[(（]?[0-9]",
            r"(?:电话|传真|手机|热线|座机|联系方式|QQ群?|微信号)(?:号码)?\s?[:：]?\s?"
            r"[(（]?[0-9][0-9\-—()（） /、]{2,40}" + NO_UNIT,
        ),
        ("邮编 邮政编码", "", r"(?:邮编|邮政编码)\s{0,3}[:：]?\s{0,3}[0-9]{6}"),
    )
)
# What begins with a numeral in characters, by the characters that may follow it.
_NUMERAL_LED = tuple(
    (cues, re.compile(pattern))
    for cues, pattern in (
        (
            "年月",
            rf"{_CN}{_CN}{{0,3}}\s?(?:年(?:度|底|初|间|来|多来)?|月(?:份|底|初|{_CN}{{1,3}}日)?)",
        ),
        ("项", rf"{_CN}项(?=合计|共计|相加|之和)"),
        ("是要、", rf"{_CN}{_CN}{{0,2}}(?:是|要|、(?=[^{_CN[1:-1]}\0]))"),
    )
)


# Every other pattern starts with a literal or a class (the scan for the next candidate is fast
# then, and ten times as fast for a literal) and has bounded repeats only (linear time whatever the
# input). Before it stand the characters of which any match holds one: a text without them need not
# be scanned. (To look for a word takes as long as the scan.)
_PATTERNS = tuple(
    (needs, re.compile(pattern))
    for needs, pattern in (
        ("1", rf"1(?<![0-9.,]1){_TEN_YEARS}"),
        ("2", rf"2(?<![0-9.,]2){_TEN_YEARS}"),
        ("季", r"[0-9一二三四两]\s?个?季度"),
        # Phones, addresses on the net, codes.
        ("0", r"0[0-9]{2,3}\s?[-—–)）]\s?[0-9]{7,8}(?:[-—转][0-9]{1,5})?"),
        ("1", r"1(?<![0-9]1)[3-9][0-9]{9}(?![0-9])"),
        ("4", r"400\s?[-—]\s?[0-9]{3,4}\s?[-—]?\s?[0-9]{3,4}"),
        ("hHfw", r"(?:https?|HTTPS?|ftp)[:：]//[!-~]{1,400}|www\.[!-~]{1,200}"),
        ("@", r"@(?<=[0-9A-Za-z_.]@)[0-9A-Za-z.-]{2,80}"),
        ("@", r"[0-9](?<![0-9A-Za-z_.@-][0-9])[0-9A-Za-z_.-]{0,60}@[0-9A-Za-z.-]{2,80}"),
        ("[", r"\[bookmark:[^\]\n]{0,60}\]"),
        (
            "-/",
            r"[0-9A-Za-z](?<![0-9A-Za-z][0-9A-Za-z])[0-9A-Za-z]{1,20}(?:[-/][0-9A-Za-z]{2,20}){2,6}",
        ),
        # Quoted names; figures proper stand in quotes only in longer passages.
        ("《〈", r"《[^》\n]{1,80}》|〈[^〉\n]{1,60}〉"),
        (
            "“「『",
            r"“(?![^”\n]{0,20}(?:[0-9]%|[少低]于[0-9]))[^”\n。；;，]{1,24}”|「[^」\n。；;，]{1,24}」|『[^』\n。；;，]{1,24}』",
        ),
        (
            '"‘”',
            r"\"[^\"\n。；;，,、:：]{1,12}\"|‘[^’\n。；;，]{1,24}’|”[^”“\n。；;，,、：:]{1,12}”",
        ),
    )
)


_Led = Mapping[str, tuple[tuple[int, re.Pattern[str]], ...]]


def _by_cue(patterns: tuple[tuple[str, re.Pattern[str]], ...]) -> _Led:
    return {
        cue: tuple((n, pattern) for n, (cues, pattern) in enumerate(patterns) if cue in cues)
        for cue in {c for cues, _ in patterns for c in cues}
    }


def _run_scan() -> tuple[re.Pattern[str], _Led]:
    """Return what finds the runs of digits that `_RUN_LED` asks for, and how each goes on."""
    by_cue = _by_cue(_RUN_LED)
    # After these a run goes on only where more digits follow.
    dividers = f"{_JOINTS}.:：之"
    clear = re.escape("".join(sorted(by_cue.keys() - set(dividers))))
    scan = re.compile(
        rf"[0-9](?<![0-9][0-9])[0-9]*+\s{{0,2}}([{clear}]|[{dividers}](?={_DASH}?\s?[0-9]))"
    )
    return scan, by_cue


def _numeral_scan() -> tuple[re.Pattern[str], _Led]:
    by_cue = _by_cue(_NUMERAL_LED)
    return re.compile(rf"{_CN}(?={_CN}{{0,3}}\s?([{''.join(sorted(by_cue))}]))"), by_cue


def _word_scan() -> tuple[re.Pattern[str], _Led]:
    """Return what finds the first character of all that `_WORD_LED` may match, and catches it."""
    follows: dict[str, set[str]] = {}
    by_first: dict[str, tuple[tuple[int, re.Pattern[str]], ...]] = {}
    for n, (words, then, pattern) in enumerate(_WORD_LED):
        for word in words:
            follows.setdefault(word[0], set()).add(re.escape(word[1:]) + then)
        for first in {word[0] for word in words}:
            by_first[first] = (*by_first.get(first, ()), (n, pattern))
    # Alternatives that each begin with a plain character let the search jump to one of them.
    ways = (f"{re.escape(c)}(?={'|'.join(sorted(f))})" for c, f in sorted(follows.items()))
    return re.compile(f"({'|'.join(ways)})"), by_first


_SCANS = (_run_scan(), _numeral_scan(), _word_scan())
_NEEDS = tuple((need, n) for n, (needs, _) in enumerate(_PATTERNS) for need in needs)
# Durations that are periods, and legal deadlines. How they end is rarer than how they begin.
_DURATIONS = (
    (
        re.compile(r"个\s?[多半]?月"),
        re.compile(
            rf"[0-9零〇一二三四五六七八九十百两](?<![0-9][0-9])(?:[0-9]{{0,3}}|{_CN}{{0,3}})\s?(?:余|多)?个\s?(?:多|半)?月"
        ),
    ),
    (
        re.compile(r"内(?<=[之以日天时钟周期\s]内)|前(?<=[日天时钟周期\s]前)"),
        re.compile(
            rf"[0-9零〇一二三四五六七八九十百两](?<![0-9][0-9])(?:[0-9]{{0,2}}|{_CN}{{0,3}})\s?个?\s?"
            r"(?:工作日|自然日|日|天|小时|分钟|周|星期)\s?(?:之内|以内|内|前(?!三|列))"
        ),
    ),
)


def half_width(text: str) -> str:
    """Return `text` with full-width digits, percent signs and points folded, of the same length.

    Examples
    --------
    >>> half_width("公开１２条")
    '公开12条'
    """
    return text.translate(_HALF) if _WIDE.search(text) else text


def find_masks(text: str) -> list[Span]:
    """Find everything in which a numeral states no quantity.

    Returns
    -------
    list of Span
        In rising order, none overlapping or touching another.

    Examples
    --------
    >>> text = "2021年“12345”热线受理3件"
    >>> [s.of(text) for s in find_masks(text)]
    ['2021年“12345”']
    """
    return [Span(start, end) for start, end in find_ranges(half_width(text))]


def find_ranges(text: str) -> list[tuple[int, int]]:
    """Find what `find_masks` finds, in a text of half-width digits, as plain positions."""
    found = _list_numbers(text)
    for scan, patterns in _SCANS:
        found += _led_by(text, scan, patterns)
    rest = [_PATTERNS[n][1] for n in {n for need, n in _NEEDS if need in text}]
    rest += [pattern for cue, pattern in _DURATIONS if cue.search(text)]
    for pattern in (*rest, *word_patterns()):
        for match in pattern.finditer(text):
            found.append(match.span())
    found.sort()
    return _merge(found)


def _led_by(text: str, scan: re.Pattern[str], patterns: _Led) -> list[tuple[int, int]]:
    """Return what each pattern would find in a scan of its own, by the group of a common one."""
    found = []
    ends: dict[int, int] = {}
    for led in scan.finditer(text):
        start = led.start()
        for n, pattern in patterns[led[1]]:
            match = pattern.match(text, start) if start >= ends.get(n, 0) else None
            if match:
                span = match.span()
                found.append(span)
                ends[n] = span[1]
    return found


def _list_numbers(text: str) -> list[tuple[int, int]]:
    found = [m.span(1) for m in _NEXT_LINE.finditer(text)]
    first = _FIRST_LINE.match(text)
    return [*found, first.span()] if first else found


def _merge(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join ranges that overlap or touch."""
    merged: list[tuple[int, int]] = []
    start, end = -1, -1
    for left, right in found:
        if left > end:
            if end > 0:
                merged.append((start, end))
            start, end = left, right
        elif right > end:
            end = right
    if end > 0:
        merged.append((start, end))
    return merged
