"""Problems as data: how they print, in which order, and that nothing in them reaches a terminal as a command."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archcalc.errors import ArchcalcError, DescriptionError, Mark, Problem, Problems, ShapeError, call_error, printable
from archcalc.suggestions import suggest


def test_a_problem_prints_its_place_first() -> None:
    problem = Problem("ARC201", "output height is 0", Mark("net.yaml", 14, 5), ("the sum", "a way out"))
    assert str(problem) == "net.yaml:14:5: error[ARC201] output height is 0\n  the sum\n  a way out"
    assert str(Problem("ARC301", "x", Mark("net.yaml", 1, 2), severity="warning")) == "net.yaml:1:2: warning[ARC301] x"


def test_without_a_line() -> None:
    assert str(Problem("ARC160", "no =", Mark("archcalc"))) == "archcalc: error[ARC160] no ="


def test_all_in_the_order_of_the_file_and_each_once() -> None:
    first, second = Problem("A", "x", Mark("f", 2, 9)), Problem("B", "y", Mark("f", 10, 1))
    error = DescriptionError([second, first, second, Problem("C", "z", Mark("f", 2, 1))])
    assert [problem.code for problem in error.problems] == ["C", "A", "B"]
    assert str(error).count("\n") == 2


def test_two_families() -> None:
    assert issubclass(DescriptionError, ArchcalcError)
    assert issubclass(ShapeError, ArchcalcError)
    assert not issubclass(ShapeError, DescriptionError)
    assert isinstance(call_error("ARC160", "x"), DescriptionError)


@given(st.text(max_size=80))
def test_nothing_commands_a_terminal(text: str) -> None:
    """Whatever a file says: no control character, no character that turns text around, and one line stays one."""
    problem = str(Problem("ARC100", text, Mark(text or "f", 1, 1), (text,)))
    head, *rest = problem.split("\n")
    assert len(rest) == 1
    assert all(character.isprintable() for character in head + rest[0])


@given(st.text(max_size=80))
def test_printable_text_stays_as_it_is(text: str) -> None:
    if text.isprintable():
        assert printable(text) == text
    assert printable(text).isprintable()


@given(st.text(max_size=200), st.lists(st.text(max_size=20), max_size=50))
def test_a_suggestion_for_anything(word: str, known: list[str]) -> None:
    assert suggest(word, known)


@pytest.mark.parametrize(
    ("word", "names"),
    [
        ("conv_1", ["conv1", "conv2", "pool1"]),
        ("relu", ["relu1", "tanh1"]),
        ("conv1_l", ["conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1"]),
    ],
)
def test_the_nearest_name_comes_first(word: str, names: list[str]) -> None:
    assert suggest(word, names).startswith(f"did you mean {names[0]}")


def test_problems_are_collected_in_one_place() -> None:
    problems = Problems()
    problems.add("ARC100", Mark("f", 3, 1), "x", "", "a way out", "")
    for line in (1, 2):
        problems.add("ARC101", Mark("f", line, 1), "y", once=("y", 1))
    problems.add("ARC101", Mark("f", 9, 1), "y", once=("y", 2))
    assert problems == [
        Problem("ARC100", "x", Mark("f", 3, 1), ("a way out",)),
        Problem("ARC101", "y", Mark("f", 1, 1)),
        Problem("ARC101", "y", Mark("f", 9, 1)),
    ]
    assert [problem.mark.line for problem in DescriptionError(problems).problems] == [1, 3, 9]
