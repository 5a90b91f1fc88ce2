"""Who is who: users, passwords, sessions."""
