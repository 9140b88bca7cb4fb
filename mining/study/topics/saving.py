"""Topic models on disk: plain arrays and JSON, so that loading one can run no code."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import asdict
from pathlib import Path

import numpy as np

from mining.errors import ReadError
from mining.study.topics.model import TopicModel
from mining.study.topics.vocabulary import Vocabulary

__all__ = ["load_topics", "save_topics"]

_VERSION = 1
_NAMES = ("weights", "sizes", "idf")


def save_topics(model: TopicModel, path: Path) -> None:
    """Write a model as JSON and, beside it, an ``.npz``; the same model gives the same bytes."""
    told = {
        "version": _VERSION,
        "n_topics": model.n_topics,
        "method": model.method,
        "seed": model.seed,
        "vocabulary": asdict(model.vocabulary),
        "notes": model.notes,
        "terms": model.terms,
    }
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")
    arrays = io.BytesIO()
    np.savez_compressed(arrays, **{name: getattr(model, name) for name in _NAMES})
    path.with_suffix(".npz").write_bytes(arrays.getvalue())


def load_topics(path: Path) -> TopicModel:
    """Read a model from its JSON and the ``.npz`` beside it.

    Raises
    ------
    ReadError
        E105 when a file is missing, E109 when a file is damaged or of another version.
    """
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        # Read first: numpy leaves a file open that is no archive.
        stored = io.BytesIO(path.with_suffix(".npz").read_bytes())
        with np.load(stored, allow_pickle=False) as arrays:
            found = {name: arrays[name].astype(np.float64) for name in _NAMES}
        if told["version"] != _VERSION:
            raise _damaged(path, f"version {told['version']}, this program reads {_VERSION}")
        model = TopicModel(
            told["n_topics"],
            method=told["method"],
            seed=told["seed"],
            vocabulary=Vocabulary(**told["vocabulary"]),
        )
        model.terms, model.notes = tuple(told["terms"]), tuple(told["notes"])
    except OSError as error:
        hint = "give the topics-model.json that `mining study topics` wrote"
        raise ReadError(str(error.strerror), code="E105", path=path, hint=hint) from error
    except (ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise _damaged(path, str(error)) from error
    n, k = len(model.terms), len(found["sizes"])
    if found["weights"].shape != (k, n) or found["idf"].shape != (n,) or not n * k:
        raise _damaged(path, "words and weights are not as many")
    model.weights, model.sizes, model.idf = (found[name] for name in _NAMES)
    return model


def _damaged(path: Path, message: str) -> ReadError:
    return ReadError(message, code="E109", path=path, hint="make the model again")
