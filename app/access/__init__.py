"""Who may open the pages: sign-in with a provider, and the events that come of it."""
