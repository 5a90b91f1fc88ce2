"""What the CodeBuild API offers."""
