"""DynamoDB's PartiQL: statements parsed, bound to their parameters, and run as reads and writes."""
