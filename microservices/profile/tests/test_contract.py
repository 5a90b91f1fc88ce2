"""The contract, the code and the template name the same routes; the bundle is reproducible."""

from pathlib import Path
from typing import Any

import bundle
import yaml
from profiles.handler import ROUTES

HERE = Path(__file__).parent.parent


class Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short tags, kept as plain values."""


Loader.add_multi_constructor("!", lambda loader, tag, node: f"{tag} {node.value}")


def load(text: str) -> Any:
    return yaml.load(text, Loader)


def operations(contract: Any) -> dict[str, Any]:
    return {
        f"{method.upper()} {path}": operation
        for path, methods in contract["paths"].items()
        for method, operation in methods.items()
        if method != "parameters"
    }


def test_the_contract_and_the_handler_have_the_same_routes() -> None:
    contract = load((HERE / "openapi.yaml").read_text())
    assert set(operations(contract)) == set(ROUTES)


def test_every_route_may_invoke_the_function() -> None:
    template = load((HERE / "template.yaml").read_text())
    events = template["Resources"]["Function"]["Properties"]["Events"].values()
    allowed = {f"{e['Properties']['Method'].upper()} {e['Properties']['Path']}" for e in events}
    assert allowed == set(ROUTES)


def test_every_body_has_a_model_and_is_validated() -> None:
    contract = load((HERE / "openapi.yaml").read_text())
    validator = contract["x-amazon-apigateway-request-validator"]
    assert contract["x-amazon-apigateway-request-validators"][validator]["validateRequestBody"]
    for operation in operations(contract).values():
        if "requestBody" in operation:
            assert operation["requestBody"]["required"]
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            name = schema["$ref"].removeprefix("#/components/schemas/")
            assert contract["components"]["schemas"][name]["additionalProperties"] is False


def test_the_bundle_is_a_function_of_the_source() -> None:
    assert bundle.archive(HERE / "src") == bundle.archive(HERE / "src")


def test_the_packaged_template_holds_the_contract_and_the_address_of_the_code() -> None:
    contract = (HERE / "openapi.yaml").read_text()
    template = (HERE / "template.yaml").read_text()
    resources = load(bundle.packaged(template, contract, "s3://bucket/code.zip"))["Resources"]
    assert resources["Api"]["Properties"]["DefinitionBody"] == load(contract)
    assert resources["Function"]["Properties"]["CodeUri"] == "s3://bucket/code.zip"
