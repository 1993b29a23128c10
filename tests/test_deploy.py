import re
from dataclasses import fields
from pathlib import Path

from moderation.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent
COMPOSE = (ROOT / "compose.yaml").read_text(encoding="utf-8")
NGINX = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")


def test_every_setting_of_the_composition_exists() -> None:
    known = {PREFIX + setting.name.upper() for setting in fields(Settings)}
    named = set(re.findall(rf"{PREFIX}[A-Z_]+", COMPOSE))

    assert {name.removesuffix("_FILE") for name in named} <= known
    assert f"{PREFIX}PROXIES" in named


def test_every_node_nginx_speaks_to_is_in_the_composition() -> None:
    nodes = re.findall(r"server (\S+):8000", NGINX)

    assert nodes == ["node-1", "node-2"]
    assert all(f"\n  {node}:\n" in COMPOSE for node in nodes)


def test_nginx_lets_nobody_forge_an_address_and_takes_no_larger_bodies_than_the_service() -> None:
    from moderation.app import LARGEST_BODY

    assert "proxy_set_header X-Forwarded-For $remote_addr;" in NGINX
    assert "client_max_body_size 2m;" in NGINX
    assert LARGEST_BODY <= 2 * 1024 * 1024


def test_nothing_in_front_logs_an_address_or_a_query() -> None:
    (told,) = re.findall(r"log_format told .*?;\n", NGINX, re.DOTALL)

    assert "remote" not in told
    assert "$request_uri" not in told
    assert "$args" not in told
