"""The description is true: generated requests meet only answers that it announces, never a 5xx."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
import time_machine
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS

from app.web.api.v1.description import openapi
from tests.web.api.agency import NOW, SUPERVISOR, Agency, Done, do_the_job, open_agency

EXAMPLES = {GenerationMode.POSITIVE: 10, GenerationMode.NEGATIVE: 5}
WANTED = ("not_a_server_error", "status_code_conformance", "response_schema_conformance")
CHECKED = [check for check in CHECKS.get_all() if check.__name__ in WANTED]


@pytest.fixture(scope="module")
def agency(
    server_url: str, template_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Agency]:
    """One of its own: what is generated here changes it."""
    del template_url
    with open_agency(server_url, tmp_path_factory.mktemp("schema"), name="schema") as agency:
        yield agency


@pytest.fixture(scope="module")
def done(agency: Agency) -> Done:
    with time_machine.travel(NOW, tick=True):
        return do_the_job(agency)


def operations(agency: Agency) -> Iterator[Any]:
    schema = schemathesis.openapi.from_dict(openapi(agency.app.routes))
    for result in schema.get_all_operations():
        yield result.ok()  # type: ignore[union-attr]


def real(done: Done) -> dict[str, object]:
    return {
        "case_id": done.case_id,
        "case": done.case_id,
        "flag_id": done.flag["id"],
        "import_id": done.import_id,
        "snapshot_id": done.snapshot_id,
        "evidence_id": done.evidence_id,
        "attempt_id": done.attempt_id,
        "approval_id": done.approval_id,
        "packet_id": done.packet["id"],
        "referral_id": done.referral_id,
        "npp": done.flag["npp"],
    }


def sendable(files: Any) -> bool:  # noqa: ANN401 - whatever was generated
    """Say whether the generated parts can be put into a form at all."""
    parts = files.items() if isinstance(files, dict) else files or ()
    return all(
        isinstance(content, str | bytes)
        for _, part in parts
        for content in (part[1] if isinstance(part, tuple) else part,)
    )


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_every_answer_is_announced(agency: Agency, done: Done, mode: GenerationMode) -> None:
    known, statuses = real(done), set()

    for operation in operations(agency):

        @seed(1)
        @settings(
            max_examples=EXAMPLES[mode],
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def run(case: schemathesis.Case[Any]) -> None:
            if mode is GenerationMode.POSITIVE:
                named = case.path_parameters or {}
                case.path_parameters = {**named, **{k: known[k] for k in named if k in known}}
            sent = case.as_transport_kwargs(base_url="http://testserver")
            sent.pop("cookies", None)
            if isinstance(sent.get("data"), bytes):
                sent["content"] = sent.pop("data")
            headers = {**dict(sent.pop("headers") or {}), **agency.tokens[SUPERVISOR]}
            if not sendable(sent.get("files")):
                return
            request = agency.client.build_request(headers=headers, **sent)
            request.read()
            response = agency.client.send(request)
            statuses.add(response.status_code)
            case.validate_response(response, checks=CHECKED)  # type: ignore[arg-type]
            if response.status_code >= 400:
                assert response.headers["content-type"] == "application/problem+json"

        run()

    assert {200, 422} <= statuses if mode is GenerationMode.POSITIVE else 422 in statuses
