"""Amazon DynamoDB: tables, items, queries, transactions, time to live, capacity."""
