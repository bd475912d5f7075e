"""What the invented organisation pays: bills of three invented providers, rules, and rates."""
