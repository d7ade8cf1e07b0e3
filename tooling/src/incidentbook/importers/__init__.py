"""Records of other systems, made into records of ours."""
