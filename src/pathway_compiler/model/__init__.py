"""What a guideline says, as typed frozen records. The model knows nothing of text except `Span`."""
