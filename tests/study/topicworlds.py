"""Documents with known topics for tests: as counts, and as the texts of a run."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from mining.study.frequency import TermMatrix

WORDS = 12
SHARED = 30
FIRST_YEAR = 2015

# Words that the segmenter keeps whole, three topics of problem sections.
TOPICS = (
    ["网站", "栏目", "更新", "链接", "页面", "平台", "系统", "数据", "维护", "检索"],
    ["培训", "人员", "队伍", "业务", "能力", "学习", "干部", "专职", "素质", "轮岗"],
    ["解读", "图解", "视频", "群众", "互动", "回应", "热点", "关切", "宣传", "访谈"],
)


def planted_shares(
    agencies: int, years: int, k: int, *, seed: int = 0
) -> tuple[pd.DataFrame, NDArray[np.float64]]:
    """Return documents and their topics; the first topic grows from year to year."""
    chance = np.random.default_rng(seed)
    rows, shares = [], []
    for agency in range(agencies):
        for year in range(years):
            odds = np.full(k, 0.15)
            odds[0] *= 0.4 + 0.3 * year
            shares.append(chance.dirichlet(odds))
            name = f"a{agency:03}/{year}"
            level = "county" if agency % 2 else "township"
            rows.append((name, name, f"agency {agency}", FIRST_YEAR + year, level))
    columns = ["document", "report", "agency", "year", "level"]
    return pd.DataFrame(rows, columns=columns), np.array(shares)


def planted_words(k: int, *, noise: float = 0.3) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Return words and their odds in each topic: its own ones, and some that all topics share."""
    terms = [f"t{j}w{i:02}" for j in range(k) for i in range(WORDS)]
    terms += [f"z{i:02}" for i in range(SHARED)]
    odds = np.zeros((k, len(terms)))
    for j in range(k):
        odds[j, j * WORDS : (j + 1) * WORDS] = 1 / np.arange(2, WORDS + 2)
    odds /= odds.sum(axis=1, keepdims=True)
    odds *= 1 - noise
    odds[:, k * WORDS :] = noise / SHARED
    return tuple(terms), odds


def planted_matrix(
    *, agencies: int = 40, years: int = 8, k: int = 5, length: int = 40, seed: int = 0
) -> TermMatrix:
    documents, shares = planted_shares(agencies, years, k, seed=seed)
    terms, odds = planted_words(k)
    chance = np.random.default_rng(seed + 1)
    rows = [chance.multinomial(chance.poisson(length) + 1, share @ odds) for share in shares]
    counts = csr_matrix(np.array(rows))
    return TermMatrix(terms=terms, counts=counts, documents=documents, meta={})


def write_world(
    folder: Path,
    *,
    agencies: int = 16,
    years: int = 5,
    seed: int = 3,
    order: Callable[[list[int]], list[int]] = list,
    empty: Sequence[int] = (),
) -> Path:
    """Write a run whose problem sections have the words of `TOPICS`; the first topic grows."""
    documents, shares = planted_shares(agencies, years, len(TOPICS), seed=seed)
    chance = random.Random(seed)
    reports, texts, sections = [], [], []
    for row in range(len(documents)):
        heading = "五、存在的主要问题\n"
        sentences = [] if row in empty else [_sentence(chance, shares[row]) for _ in range(6)]
        text = "总体情况\n全文。\n" + heading + "".join(sentences) + "\n"
        name = documents["report"][row]
        agency = f"江宁区第{documents['agency'][row].split()[1]}水利局"
        known = {"report": name, "agency": agency, "year": int(documents["year"][row])}
        reports.append({**known, "region": "江宁区", "template": "2021", "status": "ok"})
        texts.append({"report": name, "text": text})
        place = {"start": text.index(heading), "end": len(text)}
        told = {"report": name, "order": 1, "section": "problems", "title": "存在的主要问题"}
        sections.append({**told, **place})
    folder.mkdir(parents=True)
    rows = order(list(range(len(reports))))
    for table, values in (("reports", reports), ("texts", texts), ("sections", sections)):
        frame = pd.DataFrame([values[i] for i in rows])
        frame.to_parquet(folder / f"{table}.parquet", index=False)
    return folder


def _sentence(chance: random.Random, shares: NDArray[np.float64]) -> str:
    topic = chance.choices(range(len(TOPICS)), weights=shares.tolist())[0]
    return "、".join(chance.sample(TOPICS[topic], 5)) + "。"
