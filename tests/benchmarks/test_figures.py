from benchmarks.figures import Findings, Promise, percentile, ratios
from benchmarks.report import verdict


def test_a_promise_is_kept_at_its_very_figure():
    assert Promise("a", "efficiency", 0.97, 0.97).reached
    assert Promise("b", "cost", 1.5, 1.5, at_most=True).reached
    assert not Promise("b", "cost", 1.51, 1.5, at_most=True).reached


def test_what_could_not_be_measured_is_not_reached():
    assert not Promise("a", "efficiency", None, 0.97).reached


def test_percentiles_and_ratios():
    assert percentile([5, 1, 4, 2, 3], 0.5) == 3
    assert percentile([1, 2], 1) == 2
    assert ratios([2, 9], [1, 3]) == [2, 3]


def test_the_verdict_names_what_is_missing_and_what_was_left_out(capsys):
    found = {"a": Findings(promises=[Promise("a", "efficiency", 0.5, 0.97), Promise("a", "memory", 1, 2, True)])}
    assert verdict(found, lines=["a", "b"]) == 1
    assert capsys.readouterr().out == "Not reached: a (efficiency); b (not measured)\n"


def test_the_verdict_is_good_only_when_all_is_reached(capsys):
    assert verdict({"a": Findings(promises=[Promise("a", "efficiency", 0.98, 0.97)])}, lines=["a"]) == 0
    assert capsys.readouterr().out == "Every line is reached.\n"
