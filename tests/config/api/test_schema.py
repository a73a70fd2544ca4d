import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from config.api import document

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.database
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


@pytest.mark.database
def test_the_document_comes_as_yaml_or_json(client):
    as_yaml = client.get("/api/schema", headers={"Accept": "application/yaml"})
    as_json = client.get("/api/schema", headers={"Accept": "application/json"})
    assert as_yaml.content.decode().strip() == (ROOT / "schema.yml").read_text().strip()
    assert set(as_json.json()["paths"]) >= {"/api/jobs", "/api/v1/purchase"}


def test_two_who_ask_first_and_at_once_have_it_made_once(monkeypatch):
    made, make = [], SchemaGenerator.get_schema
    monkeypatch.setattr(SchemaGenerator, "get_schema", lambda *args, **named: made.append(1) or make(*args, **named))
    document._text.cache_clear()
    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(lambda _: Client().get("/api/schema").status_code, range(2)))
    assert (answers, len(made)) == ([200, 200], 1)


def test_the_page_answers_no_question_about_itself(client):
    answer = client.options("/api/docs")
    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")


def test_the_documents_pages_need_no_other_host(client):
    for path in ("/api/docs", "/api/docs/", "/api/schema"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert b"cdn" not in answer.content
