"""Parts of the page about the audit trail: how the log stands, what is found, one entry's proof."""
