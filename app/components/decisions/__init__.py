"""Parts of the page on which people decide: waivers, attestations, reviews of access."""
