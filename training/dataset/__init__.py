"""One dated, fingerprinted folder of everything a newsroom's people said of comments."""
