"""Pages about certificates and the files behind them."""
