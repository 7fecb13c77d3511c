"""Fetching deliveries from where bureaus keep them: folders, HTTP, SFTP, S3, databases. What is received is put into
the inbox as if it had been delivered; from there on all is the same. Nothing here knows Prefect."""
