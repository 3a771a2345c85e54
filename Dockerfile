# Two stages: the first builds the environment from the lock file, the second holds only what runs.
FROM debian:12-slim AS build
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends python3 python3-venv python3-pip \
 && rm -rf /var/lib/apt/lists/*
RUN python3 -m venv /opt/uv && /opt/uv/bin/pip install --quiet 'uv>=0.9'
WORKDIR /srv/patuh
COPY pyproject.toml uv.lock README.md ./
ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy
RUN /opt/uv/bin/uv sync --frozen --no-dev --no-install-project
COPY app app
COPY templates templates
COPY migrations migrations
RUN /opt/uv/bin/uv sync --frozen --no-dev

FROM debian:12-slim
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends \
      python3 libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --create-home --home-dir /var/lib/patuh --shell /usr/sbin/nologin patuh
COPY --from=build --chown=root:root /srv/patuh /srv/patuh
WORKDIR /srv/patuh
USER patuh
# DATABASE_URL comes from outside; without it the embedded PostgreSQL lives in the volume.
ENV PATH=/srv/patuh/.venv/bin:$PATH PATUH_DATA=/var/lib/patuh/data PYTHONUNBUFFERED=1
VOLUME /var/lib/patuh
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=4s --start-period=30s CMD \
  ["python3", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/sehat', timeout=3)"]
CMD ["patuh", "serve", "--host", "0.0.0.0", "--with-worker"]
