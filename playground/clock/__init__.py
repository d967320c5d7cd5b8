"""The cluster's clock on the page: pause, speed, step."""
