"""What PostgreSQL cannot keep is replaced, and nothing else."""

import json

from incidents.models.keepable import keepable, keepable_json


def test_text_keeps_everything_but_nul_and_halves_of_pairs() -> None:
    assert keepable("a\x00b\ud800c😀\n\x1b") == "a\ufffdb\ufffdc😀\n\x1b"


def test_json_keeps_its_shape() -> None:
    value = {"a": [1, 2.5, None, True, {"b": "c"}], "😀": "\\u0000"}
    assert json.loads(keepable_json(value)) == value


def test_json_has_numbers_that_are_numbers_and_texts_that_can_be_kept() -> None:
    value = {"a\x00": [float("nan"), float("inf"), -float("inf"), "\ud800"], "tuple": (1, 2)}
    assert json.loads(keepable_json(value)) == {"a\ufffd": ["nan", "inf", "-inf", "\ufffd"], "tuple": [1, 2]}
