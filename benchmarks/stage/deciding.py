"""How long a decision takes with a full memory, from text to answer: by texts of so many tokens."""

import time
from pathlib import Path
from random import Random

from tokenizers import Tokenizer

from benchmarks.stage.figures import Figures, spread
from knowledge.embedding import Embedder
from knowledge.embedding_model import TOKENIZER, ensure_model
from knowledge.recollection import MOST, Recollection

TOKENS = (16, 64, 128, 256)
ROUNDS = 100
_LABELS = ("database", "network", "application", "storage", "security", "access")
_WORDS = [
    "the",
    "server",
    "disk",
    "full",
    "again",
    "error",
    "on",
    "since",
    "morning",
    "people",
    "cannot",
    "page",
    "slow",
    "network",
    "down",
    "lost",
    "backup",
    "failed",
    "memory",
    "high",
    "queue",
    "stuck",
    "mail",
    "printer",
    "card",
    "payment",
    "order",
    "update",
    "node",
    "cluster",
    "cache",
    "key",
    "user",
    "password",
    "table",
    "query",
]
"""Words of one token each."""


def decided(models: Path, *, entries: int, tokens: tuple[int, ...] = TOKENS, rounds: int = ROUNDS) -> Figures:
    """The memory has been taught so many texts of 16 tokens; `held` are those that it works with.

    `processor` is the time of the processor alone, which others on the machine disturb less.
    """
    embedder = Embedder(models)
    dice = Random(1)  # noqa: S311  # The same texts again.
    memory = Recollection(lambda text: embedder.embed([text])[0])
    lessons = [(_text(dice, 14), dice.choice(_LABELS)) for _ in range(entries)]
    memory.learn_all(lessons[: -MOST // 4])
    memory.learn_all(lessons[-MOST // 4 + 1 :])
    tokenizer = Tokenizer.from_file(str(ensure_model(models) / TOKENIZER))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    told: Figures = {"entries": entries, "held": len(memory)}
    for count in tokens:
        taken, used = [], []
        for _ in range(rounds):
            text = _text(dice, count - 2)  # The model frames each text by two tokens of its own.
            assert len(tokenizer.encode(text).ids) == count, "a word has more tokens than one"
            began, began_using = time.perf_counter(), time.process_time()
            memory.guess(text)
            taken.append(time.perf_counter() - began)
            used.append(time.process_time() - began_using)
        told[f"{count}_tokens"] = {**spread(taken), "processor": spread(used)}
    return told


def _text(dice: Random, count: int) -> str:
    return " ".join(dice.choice(_WORDS) for _ in range(count))
