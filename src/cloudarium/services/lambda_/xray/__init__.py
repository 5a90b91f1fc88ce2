"""What Lambda sends to X-Ray of traced invocations, and the daemon functions send theirs to."""
