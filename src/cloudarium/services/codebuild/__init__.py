"""AWS CodeBuild: builds as contained processes on this machine."""
