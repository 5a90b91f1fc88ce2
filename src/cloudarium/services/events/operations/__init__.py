"""What the EventBridge API offers."""
