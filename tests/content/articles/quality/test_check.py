import json

from content.articles.quality.check import RULES, check
from content.texts.report import BLOCK, Finding, QualityReport
from tests.content.articles.builders import brief, draft


def test_a_good_article_passes_every_rule():
    report = check(draft(), brief())
    assert [(finding.name, finding.detail) for finding in report.findings if not finding.ok] == []
    assert (report.passed, report.total, report.blocking) == (len(RULES), len(RULES), ())


def test_every_rule_has_a_name_of_its_own_and_a_plain_label():
    findings = check(draft(), brief()).findings
    assert len({finding.name for finding in findings}) == len({finding.label for finding in findings}) == len(RULES)
    assert all(finding.severity in ("block", "revise", "warn") for finding in findings)


def test_an_empty_text_is_refused_and_breaks_nothing():
    report = check(draft(""), brief())
    assert {finding.name for finding in report.blocking} >= {"ending", "length", "link", "link_position"}


def test_the_report_is_stored_as_json():
    bad = Finding("length", "As long as ordered", BLOCK, False, "12 words")
    report = QualityReport((bad, Finding("x", "X", BLOCK, True)))
    assert report.blocking == (bad,)
    assert json.loads(json.dumps(report.as_json())) == {
        "passed": 1,
        "total": 2,
        "rules": [
            {"name": "length", "label": "As long as ordered", "severity": "block", "ok": False, "detail": "12 words"},
            {"name": "x", "label": "X", "severity": "block", "ok": True, "detail": ""},
        ],
    }
