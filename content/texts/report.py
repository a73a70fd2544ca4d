"""What a check found."""

from dataclasses import asdict, dataclass

from django.utils.html import format_html_join

BLOCK, REVISE, WARN = "block", "revise", "warn"


@dataclass(frozen=True)
class Finding:
    """One rule's verdict. `severity`: block (must not be delivered so), revise (should be better) or warn (look)."""

    name: str
    label: str
    severity: str
    ok: bool
    detail: str = ""


@dataclass(frozen=True)
class QualityReport:
    findings: tuple[Finding, ...]

    @property
    def total(self) -> int:
        return len(self.findings)

    @property
    def passed(self) -> int:
        return sum(finding.ok for finding in self.findings)

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """The failed rules that should keep this text from being delivered."""
        return tuple(finding for finding in self.findings if finding.severity == BLOCK and not finding.ok)

    @property
    def complaints(self) -> tuple[str, ...]:
        """What should be better, in words: the failed rules but for those that only ask to look."""
        failed = (finding for finding in self.findings if finding.severity != WARN and not finding.ok)
        return tuple(f"{finding.label}: {finding.detail}" for finding in failed)

    def as_json(self) -> dict:
        """{"passed", "total", "rules": [{"name", "label", "severity", "ok", "detail"}]}, as it is stored."""
        return {"passed": self.passed, "total": self.total, "rules": [asdict(finding) for finding in self.findings]}


def as_html(quality: dict) -> str:
    """A stored report as a list for staff: verdict, rule, detail."""
    rules = quality.get("rules", [])
    lines = (("✓" if rule["ok"] else f"✗ ({rule['severity']})", rule["label"], rule["detail"]) for rule in rules)
    return format_html_join("", "<div>{} {} <small>{}</small></div>", lines)
