"""CodeBuild's manifest."""

from cloudarium.core.service import Endpoint, Service

SERVICE = Service(
    name="codebuild",
    package=__package__,
    endpoints=(
        Endpoint("codebuild", signing_name="codebuild", target_prefix="CodeBuild_20161006"),
    ),
    jobs={"run": "running:run"},
    resource_types={"AWS::CodeBuild::Project": "resources:PROJECT"},
    validation_code="InvalidInputException",
    wording="wording:refusal",
)
