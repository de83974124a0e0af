"""What the `aspal` command does, one file a topic; each is imported only when it is called."""
