"""Facts: transactional outbox and audit trail in one, and their sealing."""
