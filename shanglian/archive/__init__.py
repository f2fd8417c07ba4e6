"""Archive: stored files and the log of who did what, when. No views, no word of the domain."""
