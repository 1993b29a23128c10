"""JSON for the site's CMS: thin views over the services."""

PREFIX = "/v1"
