"""What reviewers are told of a change."""
