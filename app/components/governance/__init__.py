"""Parts of the pages about controls: how frameworks stand, one control, what cannot be seen."""
