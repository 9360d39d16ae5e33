"""Put the machinery that gives verdicts to the test, as `ablations selfcheck`."""
