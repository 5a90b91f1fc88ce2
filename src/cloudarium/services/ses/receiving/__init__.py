"""Mail in: the SMTP port, which rules take a message, and what they do with it."""
