"""Resource Groups Tagging API: the tags of all services' resources in one place."""
