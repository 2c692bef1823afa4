"""Files that travel in every bundle as they are: the verifier and the page's look."""
