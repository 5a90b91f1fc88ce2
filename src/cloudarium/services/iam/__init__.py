"""AWS Identity and Access Management and the Security Token Service."""
