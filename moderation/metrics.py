"""What is counted and timed. Labels are from fixed sets: never an id, a name or a text.

With ``PROMETHEUS_MULTIPROC_DIR`` set before this is imported, as gunicorn's configuration does,
the processes of one server count together.
"""

from prometheus_client import Counter, Histogram

REQUESTS = Counter("moderasi_requests", "Answers, by status class.", ["status"])
REQUEST_SECONDS = Histogram(
    "moderasi_request_seconds",
    "From the request's body being there to the answer.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
SCORE_SECONDS = Histogram(
    "moderasi_score_seconds",
    "The classifier's time for the texts of one request.",
    buckets=(0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1),
)
SCORE_FAILURES = Counter("moderasi_score_failures", "Texts the classifier failed on.")
DECISIONS = Counter(
    "moderasi_decisions",
    "Answers to comments: the machine's (source model) and people's; label is the first reason.",
    ["verdict", "source", "label"],
)
CHAMPIONS = Counter(
    "moderasi_champions",
    "New champions, by whether a process took or refused them.",
    ["outcome"],
)
SHADOWED = Counter(
    "moderasi_shadowed",
    "Comments drawn for the challenger to read: scored, dropped for want of room, or failed.",
    ["outcome"],
)
OVERLOADED = Counter("moderasi_overloaded", "Requests refused with 503 because too many waited.")


def count_decision(verdict: str, source: str, labels: tuple[str, ...]) -> None:
    """Count an answer to a comment."""
    DECISIONS.labels(verdict, source, labels[0] if labels else "none").inc()
