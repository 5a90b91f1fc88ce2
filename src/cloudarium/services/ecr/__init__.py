"""Amazon Elastic Container Registry: repositories, without images."""
