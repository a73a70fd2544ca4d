import io
from pathlib import Path

from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[3]


def test_the_committed_document_is_current_and_free_of_warnings():
    out = io.StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)
    assert out.getvalue().strip() == (ROOT / "schema.yml").read_text().strip(), (
        "run: .venv/bin/python manage.py spectacular --file schema.yml"
    )


def test_an_error_of_the_document_is_a_problem_too(client):
    answer = client.get("/api/schema", headers={"Accept": "text/html"})
    assert (answer.status_code, answer["Content-Type"]) == (406, "application/problem+json")
    assert answer.json()["code"] == "not_acceptable"


def test_the_document_comes_as_yaml_or_json(client):
    as_yaml = client.get("/api/schema", headers={"Accept": "application/yaml"})
    as_json = client.get("/api/schema", headers={"Accept": "application/json"})
    assert as_yaml.content.decode().strip() == (ROOT / "schema.yml").read_text().strip()
    assert set(as_json.json()["paths"]) >= {"/api/jobs", "/api/v1/purchase"}


def test_the_documents_pages_need_no_other_host(client):
    for path in ("/api/docs", "/api/docs/", "/api/schema"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert b"cdn" not in answer.content
