"""CodeCommit's manifest."""

from cloudarium.core.service import Endpoint, HttpRoute, Listener, Service

SERVICE = Service(
    name="codecommit",
    package=__package__,
    endpoints=(
        Endpoint("codecommit", signing_name="codecommit", target_prefix="CodeCommit_20150413"),
    ),
    http_routes=(
        HttpRoute(
            "git.http:serve",
            path=r"/v1/repos/[\w.-]+/(info/refs|git-upload-pack|git-receive-pack)$",
        ),
    ),
    listeners=(Listener("ssh", 4522, "git.ssh:serve"),),
    jobs={
        "announce": "git.pushes:announce_later",
        "remove": "git.pushes:remove_folder",
        "trigger": "triggers:send",
    },
    # CodeCommit answers bad names, lengths and values with errors of its own.
    constraints=False,
    resource_types={"AWS::CodeCommit::Repository": "resources:REPOSITORY"},
)
