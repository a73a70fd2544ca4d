from content.texts.report import as_html


def test_a_stored_report_is_shown_line_by_line_and_escaped():
    rules = [
        {"ok": True, "severity": "block", "label": "Fits", "detail": ""},
        {"ok": False, "severity": "warn", "label": "Names", "detail": "<b>Kim</b>"},
    ]
    shown = as_html({"rules": rules})
    assert "<div>✓ Fits <small></small></div>" in shown
    assert "<div>✗ (warn) Names <small>&lt;b&gt;Kim&lt;/b&gt;</small></div>" in shown


def test_no_report_is_nothing():
    assert as_html({}) == ""
