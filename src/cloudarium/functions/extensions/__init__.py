"""Extensions of an execution environment: the Extensions API and the Telemetry API."""
