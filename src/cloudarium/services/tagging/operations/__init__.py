"""What the Resource Groups Tagging API offers."""
