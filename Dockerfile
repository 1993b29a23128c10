# Pinned by digest when a release is made; see docs/operations.md, "Container".
FROM python:3.11-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1

WORKDIR /srv/moderasi
COPY requirements.txt ./
RUN pip install --require-hashes -r requirements.txt \
    && useradd --system --uid 10001 --home-dir /srv/moderasi moderasi \
    && install -d -o moderasi -g moderasi var

COPY wsgi.py gunicorn.conf.py ./
COPY moderation/ moderation/
COPY models/ models/
# Compiles the scorer's loops into the image, where the service can read but not write them.
RUN python -c "import moderation.classifier.scorer"

USER moderasi
ENV HOST=0.0.0.0 PORT=8000
EXPOSE 8000
VOLUME /srv/moderasi/var
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=2)"]
CMD ["gunicorn", "--config", "gunicorn.conf.py", "wsgi:app"]
