"""What people meet: pages, command line and reports."""
