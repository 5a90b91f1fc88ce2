"""AWS CodeCommit: Git repositories, over AWS's API, HTTP and SSH."""
