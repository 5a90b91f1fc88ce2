"""How user code runs: sandbox, warm environments, the Lambda Runtime API, bootstraps."""
