"""Traffic on the page: sending it, its charts, why requests failed, and the way that each of them took."""
