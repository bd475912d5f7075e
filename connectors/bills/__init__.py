"""Bills in the form of FOCUS: files that a provider or a company exports."""
