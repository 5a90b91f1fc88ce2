"""Amazon SES: e-mail in over SMTP and receipt rules, e-mail out over the API."""
