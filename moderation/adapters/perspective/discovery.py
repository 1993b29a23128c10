"""The two calls, described as Google's discovery service describes an API."""

from typing import Any

_CALLS = {
    "analyze": ("AnalyzeCommentRequest", "AnalyzeCommentResponse"),
    "suggestscore": ("SuggestCommentScoreRequest", "SuggestCommentScoreResponse"),
}


def describe(root: str) -> dict[str, Any]:
    """Return the document for a service at ``root``, which ends with a slash.

    Client libraries build their methods from it and send a body as it was given to them, so the
    schemas name no fields.
    """
    names = [name for call in _CALLS.values() for name in call]
    return {
        "kind": "discovery#restDescription",
        "discoveryVersion": "v1",
        "id": "commentanalyzer:v1alpha1",
        "name": "commentanalyzer",
        "version": "v1alpha1",
        "title": "Perspective Comment Analyzer API",
        "protocol": "rest",
        "rootUrl": root,
        "baseUrl": root,
        "basePath": "",
        "servicePath": "",
        "batchPath": "batch",
        "parameters": {
            "key": _query("The API key."),
            "alt": {**_query("The format of answers."), "default": "json", "enum": ["json"]},
            "prettyPrint": {**_query("Ignored."), "type": "boolean"},
        },
        "schemas": {name: {"id": name, "type": "object", "properties": {}} for name in names},
        "resources": {"comments": {"methods": {name: _method(name) for name in _CALLS}}},
    }


def _query(description: str) -> dict[str, Any]:
    return {"type": "string", "location": "query", "description": description}


def _method(name: str) -> dict[str, Any]:
    request, response = _CALLS[name]
    return {
        "id": f"commentanalyzer.comments.{name}",
        "httpMethod": "POST",
        "path": f"v1alpha1/comments:{name}",
        "flatPath": f"v1alpha1/comments:{name}",
        "parameters": {},
        "parameterOrder": [],
        "request": {"$ref": request},
        "response": {"$ref": response},
    }
