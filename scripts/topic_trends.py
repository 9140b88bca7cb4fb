"""Find the topics of problem sections and print those that grew or shrank over the years.

Copy and change:  python scripts/topic_trends.py RUN OUT

RUN is what ``mining audit`` wrote, or a folder of reports.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from mining.study.corpus.collection import open_corpus
from mining.study.topics.topicstudy import TopicChoices, write_topic_study
from mining.study.topics.vocabulary import Vocabulary

NUMBERS = (5, 10, 15, 20)
LEAST_DOCUMENTS = 3


def main(run: str, out: str) -> None:
    """Study the problem sections of `run` into `out` and list the topics by their trend."""
    choices = TopicChoices(
        numbers=NUMBERS,
        by=("year", "level"),
        vocabulary=Vocabulary(min_documents=LEAST_DOCUMENTS),
    )
    told = write_topic_study(open_corpus([run]).sections("problems"), Path(out), choices)
    print(f"{told.topics} topics in {told.documents} problem sections")

    topics = pd.read_parquet(Path(out) / "topics-topics.parquet")
    trends = pd.read_parquet(Path(out) / "topics-trends.parquet")
    for row in trends.merge(topics, on="topic").sort_values("slope").itertuples():
        is_sure = row.low > 0 or row.high < 0
        change = f"{row.slope * 100:+.2f} [{row.low * 100:+.2f}, {row.high * 100:+.2f}]"
        print(f"{'*' if is_sure else ' '} {change} points a year  {row.share:6.1%}  {row.label}")


if __name__ == "__main__":
    main(*sys.argv[1:3])
