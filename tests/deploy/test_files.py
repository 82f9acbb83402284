"""The deploy files fit their schemas, each other, and the program that they start."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from bot.serving.health import Parts
from bot.serving.metrics import Metrics
from tests.deploy.conftest import DEPLOY, tool

ROOT = DEPLOY.parent
SCHEMAS = "1.28"


def manifests() -> list[dict[str, Any]]:
    files = sorted((DEPLOY / "kubernetes").glob("*.yml"))
    return [one for file in files for one in yaml.safe_load_all(file.read_text()) if one]


def of_kind(kind: str, name: str = "waymark") -> dict[str, Any]:
    (found,) = (
        one for one in manifests() if (one["kind"], one["metadata"]["name"]) == (kind, name)
    )
    return found


def text_files() -> list[Path]:
    return [
        one for one in DEPLOY.rglob("*")
        if one.is_file() and one.suffix in {"", ".yml", ".yaml", ".conf", ".service", ".json"}
    ]  # fmt: skip


@pytest.mark.parametrize(
    "manifest", manifests(), ids=lambda one: f"{one['kind']} {one['metadata']['name']}"
)
def test_every_manifest_fits_its_schema(manifest: dict[str, Any]) -> None:
    kubernetes_validate.validate(manifest, SCHEMAS, strict=True)


def test_a_new_version_comes_without_a_break_and_no_node_takes_all_replicas() -> None:
    spec = of_kind("Deployment")["spec"]
    assert spec["replicas"] >= 2
    assert spec["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}
    assert of_kind("PodDisruptionBudget")["spec"]["maxUnavailable"] == 1
    scaled = of_kind("HorizontalPodAutoscaler")["spec"]
    assert scaled["scaleTargetRef"]["name"] == "waymark"
    assert 2 <= scaled["minReplicas"] < scaled["maxReplicas"]
    # until the ingress has heard of it, and then answers under way have their ten seconds
    pod = spec["template"]["spec"]
    (container,) = pod["containers"]
    (_, waits) = container["lifecycle"]["preStop"]["exec"]["command"]
    assert pod["terminationGracePeriodSeconds"] > int(waits) + 20


@pytest.mark.parametrize("name", ["waymark", "redis"])
def test_the_pods_have_no_rights_that_they_do_not_need(name: str) -> None:
    pod = of_kind("Deployment", name)["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["automountServiceAccountToken"] is False
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert {"cpu", "memory"} <= set(container["resources"]["requests"])
    assert "memory" in container["resources"]["limits"]


def test_secrets_come_by_reference() -> None:
    assert not [one for one in manifests() if one["kind"] == "Secret"]
    (container,) = of_kind("Deployment")["spec"]["template"]["spec"]["containers"]
    assert all("secretKeyRef" in one["valueFrom"] for one in container["env"])
    for file in text_files():
        # nothing that looks like one is in any file
        assert not re.search(r"\b[0-9a-f]{32,}\b", file.read_text()), file


def test_the_parts_of_the_manifests_find_each_other() -> None:
    labels = of_kind("Deployment")["spec"]["template"]["metadata"]["labels"].items()
    for kind in ("Service", "PodDisruptionBudget"):
        selector = of_kind(kind)["spec"]["selector"]
        assert selector.get("matchLabels", selector).items() <= labels
    (container,) = of_kind("Deployment")["spec"]["template"]["spec"]["containers"]
    assert [one["name"] for one in container["ports"]] == ["http"]
    shared = of_kind("Deployment", "redis")["spec"]["template"]["metadata"]["labels"]
    assert of_kind("Service", "redis")["spec"]["selector"] == shared
    (policy,) = of_kind("NetworkPolicy", "redis")["spec"]["ingress"]
    assert policy["from"][0]["podSelector"]["matchLabels"].items() <= labels
    named = {one["metadata"]["name"] for one in manifests() if one["kind"] == "NetworkPolicy"}
    assert named == {"nothing", "waymark", "redis"}
    listed = yaml.safe_load((DEPLOY / "kubernetes" / "kustomization.yaml").read_text())["resources"]
    assert sorted(listed) == sorted(one.name for one in (DEPLOY / "kubernetes").glob("*.yml"))


def test_telegram_out_of_reach_does_not_take_the_web_away() -> None:
    (container,) = of_kind("Deployment")["spec"]["template"]["spec"]["containers"]
    path = container["readinessProbe"]["httpGet"]["path"]
    assert path == "/health/ready?part=database&part=model"
    assert container["livenessProbe"]["httpGet"]["path"] == "/health/live"


def test_every_setting_is_one_that_the_program_reads() -> None:
    read = "".join(one.read_text() for one in (ROOT / "bot").rglob("*.py"))
    known = set(re.findall(r"WAYMARK_[A-Z_]+[A-Z]", read))
    # a secret can come from a file too
    known |= {"WAYMARK_SECRET_FILE", "WAYMARK_HOST", "WAYMARK_REDIS_URL_FILE"}
    for file in text_files():
        named = set(re.findall(r"WAYMARK_[A-Z_]+[A-Z]", file.read_text()))
        assert named <= known, file


def test_the_composed_services_find_each_other_and_only_the_proxy_is_open() -> None:
    composed = yaml.safe_load((DEPLOY / "compose.yml").read_text())
    services = composed["services"]
    assert [name for name, one in services.items() if "ports" in one] == ["proxy"]
    for name, one in services.items():
        assert one["security_opt"] == ["no-new-privileges:true"], name
        assert one["cap_drop"] == ["ALL"], name
        assert set(one["networks"]) <= set(composed["networks"]), name
        assert set(one.get("secrets", [])) <= set(composed["secrets"]), name
        volumes = {volume.split(":")[0] for volume in one.get("volumes", [])}
        assert {v for v in volumes if not v.startswith(".")} <= set(composed["volumes"]), name
    assert services["waymark"]["read_only"] is True
    assert composed["networks"]["back"] == {"internal": True}
    assert services["waymark"]["deploy"]["replicas"] >= 2
    address = services["waymark"]["environment"]["WAYMARK_REDIS_URL"]
    assert address.removeprefix("redis://").split(":")[0] in services
    for name in ("database", "redis"):
        assert services[name]["networks"] == ["back"]
    assert "proxy" not in {name for name, one in services.items() if "back" in one["networks"]}
    assert (DEPLOY / services["waymark"]["build"]["context"] / "deploy" / "Dockerfile").is_file()


def test_the_image_takes_only_what_is_named_and_runs_without_rights() -> None:
    lines = (DEPLOY / "Dockerfile").read_text().splitlines()
    copied = [word for line in lines if line.startswith("COPY ") and "--from" not in line
              for word in line.split()[1:-1]]  # fmt: skip
    assert copied
    assert all((ROOT / one).exists() for one in copied)
    allowed = {
        line[1:] for line in (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
        if line.startswith("!")
    }  # fmt: skip
    assert set(copied) == allowed
    assert not {"var", ".git", "models", "."} & set(copied)
    users = [line for line in lines if line.startswith("USER ")]
    assert users == ["USER 10001:10001"]
    assert any(line.startswith("HEALTHCHECK ") for line in lines)
    assert (
        of_kind("Deployment")["spec"]["template"]["spec"]["securityContext"]["runAsUser"] == 10001
    )


async def _counted() -> set[str]:
    class Parted:
        async def parts(self) -> Parts:
            return {"telegram": {"status": "ok", "waiting": 0, "seconds_since_success": 0.0}}

    metrics = Metrics(Parted(), "m")
    metrics.errors_of("bot")
    families = text_string_to_metric_families((await metrics.text()).decode())
    return {one.name for family in families for one in family.samples} | {"up"}


async def test_dashboard_and_alerts_ask_for_figures_that_there_are() -> None:
    counted = await _counted()
    dashboard = json.loads((DEPLOY / "monitoring" / "grafana.json").read_text())
    alerts = yaml.safe_load((DEPLOY / "monitoring" / "alerts.yml").read_text())
    rules = [rule for group in alerts["groups"] for rule in group["rules"]]
    asked = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    asked += [rule["expr"] for rule in rules]
    for expression in asked:
        named = set(re.findall(r"\b(?:waymark|process)_[a-z_]+\b", expression))
        assert named <= counted, expression
    places = [(p["gridPos"]["x"], p["gridPos"]["y"]) for p in dashboard["panels"]]
    assert len(set(places)) == len(places)
    assert all({"summary", "description"} <= set(rule["annotations"]) for rule in rules)


def test_prometheus_accepts_rules_and_settings() -> None:
    program = tool("promtool", "prometheus")
    for words in (["rules", "alerts.yml"], ["config", "prometheus.yml"]):
        subprocess.run([program, "check", *words], cwd=DEPLOY / "monitoring", check=True)


def test_the_alerts_fire_when_they_should(tmp_path: Path) -> None:
    program = tool("promtool", "prometheus")
    labels = {"severity": "page"}
    test = {
        "rule_files": [str(DEPLOY / "monitoring" / "alerts.yml")],
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": [
                    {"series": 'up{job="waymark"}', "values": "1x20"},
                    {"series": 'waymark_part_up{part="telegram"}', "values": "1 1 0x18"},
                    {"series": "waymark_safe_messages_total", "values": "0x10 2 4x9"},
                ],
                "alert_rule_test": [
                    {"eval_time": "1m", "alertname": "WaymarkPartDown", "exp_alerts": []},
                    {"eval_time": "5m", "alertname": "WaymarkPartDown", "exp_alerts": [{
                        "exp_labels": {**labels, "part": "telegram"},
                        "exp_annotations": {
                            "summary": "A part of the guide is down (telegram)",
                            "description": "/health/ready says why. Without the database every "
                            "answer is the safe message.",
                        }}]},
                    {"eval_time": "9m", "alertname": "WaymarkSafeMessages", "exp_alerts": []},
                    {"eval_time": "20m", "alertname": "WaymarkDown", "exp_alerts": []},
                ],
                "promql_expr_test": [{
                    "expr": "sum(increase(waymark_safe_messages_total[10m])) >= bool 3",
                    "eval_time": "15m",
                    "exp_samples": [{"labels": "{}", "value": 1}],
                }],
            },
            {
                "interval": "1m",
                "input_series": [],
                "alert_rule_test": [{"eval_time": "5m", "alertname": "WaymarkDown", "exp_alerts": [{
                    "exp_labels": {**labels, "job": "waymark"},
                    "exp_annotations": {
                        "summary": "The guide does not answer",
                        "description": "Prometheus cannot read its metrics. Look at the process "
                        "and at its log.",
                    }}]}],
            },
        ],
    }  # fmt: skip
    file = tmp_path / "test.yml"
    file.write_text(yaml.safe_dump(test))
    done = subprocess.run([program, "test", "rules", file], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "name", ["waymark.service", "waymark-backup.service", "waymark-backup.timer"]
)
def test_systemd_accepts_the_units(name: str, tmp_path: Path) -> None:
    program = tool("systemd-analyze", "systemd")
    for file in DEPLOY.glob("waymark*.*"):
        # the program is where this project is
        unit = file.read_text().replace("/opt/waymark", str(ROOT))
        (tmp_path / file.name).write_text(unit)
    done = subprocess.run(
        [program, "verify", "--man=no", tmp_path / name], capture_output=True, text=True
    )
    ours = [line for line in done.stderr.splitlines() if "waymark" in line]
    assert done.returncode == 0, done.stderr
    assert ours == []


def test_the_service_is_hardened() -> None:
    program = tool("systemd-analyze", "systemd")
    done = subprocess.run(
        [program, "security", "--offline=true", "--threshold=25", DEPLOY / "waymark.service"],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-600:]
