"""Real servers for the tests, each started on loopback ports of its own and gone afterwards."""
