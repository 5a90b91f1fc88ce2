"""Mail out: messages checked, kept in the outbox, delivered, and what is told of them."""
