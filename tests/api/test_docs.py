import re

from flask import Flask
from flask.testing import FlaskClient

from moderation.api.problems import list_types


def test_the_document_is_openapi_3_1_and_names_every_route(app: Flask, client: FlaskClient) -> None:
    document = client.get("/openapi.json").json

    routes = {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/v1/")
    }
    assert document["openapi"] == "3.1.0"
    assert routes <= set(document["paths"])


def test_every_error_is_documented_as_a_problem(client: FlaskClient) -> None:
    document = client.get("/openapi.json").json

    for path, operations in document["paths"].items():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                if status >= "400" and path.startswith("/v1/"):
                    assert list(answer["content"]) == ["application/problem+json"], path


def test_no_schema_is_registered_twice(client: FlaskClient) -> None:
    names = client.get("/openapi.json").json["components"]["schemas"]

    assert not [name for name in names if name[-1].isdigit()]


def test_the_page_loads_nothing_from_elsewhere(client: FlaskClient) -> None:
    response = client.get("/docs")
    page = response.get_data(as_text=True)

    assert response.status_code == 200
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    for address in re.findall(r'(?:src|href|data-url)="([^"]+)"', page):
        assert address.startswith("/")
        with client.get(address) as asset:
            assert asset.status_code == 200


def test_every_problem_type_is_explained_where_it_points(client: FlaskClient) -> None:
    page = client.get("/docs/problems").get_data(as_text=True)

    for name, *_ in list_types():
        assert f'id="{name}"' in page
