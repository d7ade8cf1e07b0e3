"""Who is told of what: subscriptions, messages, channels, and the ledger of what was sent."""
