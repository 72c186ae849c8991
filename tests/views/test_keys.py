"""The tables of keys in the documentation follow the model."""

from __future__ import annotations

import pytest

from archcalc.views.keys import PARTS, keys_sentence, keys_table


@pytest.mark.parametrize("name", PARTS)
def test_every_key_has_a_row(name: str) -> None:
    head, rule, *rows = keys_table(PARTS[name]).splitlines()
    assert head.count("|") == rule.count("|")
    assert [row.split("`")[1] for row in rows] == list(PARTS[name].model_fields)
    assert all("None" not in row for row in rows), "describe every field"


def test_needed_keys_are_marked() -> None:
    rows = keys_table(PARTS["Entry"]).splitlines()
    assert [row.split("`")[1] for row in rows if row.endswith("| yes |")] == ["op"]


def test_a_sentence() -> None:
    assert keys_sentence(PARTS["Block"]) == "`arguments`, `inputs`, `layers`, `network`, `until` and `set`"
