"""DynamoDB's API: one public function per operation."""
