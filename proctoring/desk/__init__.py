"""The review desk: the proctor's queue, the session beside its recording, and the verdict."""
