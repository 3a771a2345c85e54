"""The law's calculations as JSON documents: one shape for the command line and the API."""
