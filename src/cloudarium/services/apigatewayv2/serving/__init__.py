"""How requests and messages are answered."""
