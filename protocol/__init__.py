"""What bytes mean: keys' codes, records, messages. Knows no socket and no file."""
