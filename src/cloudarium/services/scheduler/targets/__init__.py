"""What a schedule calls, and with what."""
