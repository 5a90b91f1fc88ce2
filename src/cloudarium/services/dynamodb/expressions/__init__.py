"""DynamoDB's expression language: pure logic, from text to closures over items."""
