"""Gates 2 and 3: suites as data, judged by Great Expectations."""
