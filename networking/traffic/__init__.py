"""The crowd: clients whose requests are counted in batches, by the same ways that single requests take."""
