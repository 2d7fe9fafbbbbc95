"""Getting it to them, once: messages, transports, and the ledger that can say who got it."""
