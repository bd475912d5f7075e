"""One bill: a file of charges, read strictly, with a reason for each row that is not taken."""
