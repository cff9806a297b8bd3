"""The shop behind the tills: orders, refunds, gift cards, quotes, reports. CONTRACTS.md says what others rely on."""
