"""Controls: rules, the population they hold for, and what the evidence says of each member."""
